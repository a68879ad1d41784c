import { describe, expect, test } from 'vitest'
import { insertDeliveries, type SavedDelivery } from '../../../server/deliveries/store.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { replayNext } from '../../../server/replays/replay-next.ts'
import { claimReplay } from '../../../server/replays/store.ts'
import { readySweeps } from '../../../server/routing/ready-sweeps.ts'
import type { Destination } from '../../../shared/destinations.ts'
import { Replay, ReplayPreview } from '../../../shared/replays.ts'
import { ENGINES } from '../../support/each-store.ts'
import { deliveryRow } from '../../support/factories.ts'
import { startWorld, type World } from '../../support/world.ts'

/** A world with two channels, and deliveries that did not arrive an hour ago. */
async function startReplays(engine: (typeof ENGINES)[number] = 'sqlite') {
  const world = await startWorld({ engine })
  const admin = await world.as('admin')
  const { id: integrationId } = await world.havingIntegration()
  const channelAt = async (channel: string): Promise<Destination> =>
    (await admin.post('/api/destinations', { integrationId, kind: 'channel', channel })).body
  const [first, second] = [await channelAt('#compliance'), await channelAt('#security-alerts')]
  let made = 0
  const having = async (changes: Partial<SavedDelivery>[], to = first): Promise<SavedDelivery[]> => {
    const at = world.clock.now - 3_600_000
    const rows = changes.map((change) => {
      made += 1
      const ends = { state: 'failed', rank: null, endedAt: at, code: 'internal_error' } as const
      const place = { integrationId, destinationId: to.id, destinationName: to.name }
      const message = JSON.stringify({ text: `Message ${made}` })
      return deliveryRow({
        id: idAt(at, made),
        createdAt: at,
        stateAt: at,
        queueAt: at,
        message,
        ...ends,
        ...place,
        ...change,
      })
    })
    await insertDeliveries(world.db, rows)
    return rows
  }
  return { world, admin, first, second, having }
}

const idAt = (at: number, number: number) =>
  `dlv_${at.toString(32).padStart(10, '0')}`.slice(0, 14) + String(number).padStart(12, '0')

/** Every batch to the end, each when it is due. Gives how many rounds it took. */
async function replayAll(world: World, most = 10_000): Promise<number> {
  let rounds = 0
  while (rounds < most) {
    world.clock.now += 1_000
    if (!(await replayNext(world.ctx))) {
      const running = await world.db.selectFrom('replays').select('id').where('state', '=', 'running').execute()
      if (running.length === 0) return rounds
    } else rounds += 1
  }
  return rounds
}

const madeBy = (world: World, replayId: string) =>
  world.db.selectFrom('deliveries').selectAll().where('replayId', '=', replayId).orderBy('id').execute()

const failed = { filter: { state: 'failed' } }

describe.each(ENGINES)('a replay, on %s', (engine) => {
  test('sends again exactly what its preview counted, oldest first, each marked as delayed', async () => {
    const { world, admin, second, having } = await startReplays(engine)
    await using _ = world
    const [one, two] = await having([
      {},
      { type: 'key.leaked', recipient: 'u1', threadKey: 't', policy: 'at_most_once' },
    ])
    await having([{ state: 'delivered' }, { state: 'held', code: 'type_paused' }])
    const [three] = await having([{}], second)

    const preview = ReplayPreview.parse((await admin.post('/api/replays/preview', { which: failed })).body)
    const begun = await admin.post('/api/replays', { which: failed, expected: preview.count })
    await replayAll(world)
    await deliverDue(world.ctx)
    const replay = Replay.parse((await admin.get(`/api/replays/${begun.body.id}`)).body)

    expect(preview).toMatchObject({ count: 3, skipped: 0 })
    expect(preview.byDestination.map(({ count }) => count)).toEqual([2, 1])
    expect(preview.sample?.text).toMatch(
      /^Message 1\n\nDelayed: first meant for <!date\^\d+\^\{date_short_pretty\} at /,
    )
    expect(begun.status).toBe(201)
    expect(replay).toMatchObject({ state: 'done', total: 3, made: 3, skipped: 0, createdBy: 'Ada Ferrer' })
    expect(replay.outcomes).toEqual({ delivered: 3, failed: 0, waiting: 0 })
    const rows = await madeBy(world, replay.id)
    expect(rows.map(({ replayOf }) => replayOf)).toEqual([one?.id, two?.id, three?.id])
    expect(rows[1]).toMatchObject({ type: 'key.leaked', recipient: 'u1', threadKey: 't', policy: 'at_most_once' })
    const listed = await admin.get(`/api/deliveries?replayId=${replay.id}`)
    expect(listed.body.items).toHaveLength(3)
  })

  test('goes on when the clock is set back, also one whose worker was lost', async () => {
    const { world, admin, having } = await startReplays(engine)
    await using _ = world
    await having([{}, {}, {}, {}])
    const { body: begun } = await admin.post('/api/replays', { which: failed, expected: 4 })
    await replayAll(world, 1)
    world.clock.now += 1_000
    await claimReplay(world.db, { by: 'a worker that dies', now: world.clock.now, leaseMs: 30_000 })

    world.clock.now -= 3_600_000
    for (let second = 0; second < 5; second += 1) {
      await replayNext(world.ctx)
      world.clock.now += 1_000
    }

    expect((await admin.get(`/api/replays/${begun.id}`)).body).toMatchObject({ state: 'done', made: 4 })
    expect(await madeBy(world, begun.id)).toHaveLength(4)
  })

  test('of a filter that only names what is never sent again has nothing to send', async () => {
    const { world, admin, having } = await startReplays(engine)
    await using _ = world
    await having([{ state: 'delivered' }, { state: 'pending' }])

    for (const state of ['delivered', 'pending', 'held,sending']) {
      const which = { filter: { state } }
      const preview = await admin.post('/api/replays/preview', { which })
      const begun = await admin.post('/api/replays', { which, expected: 2 })

      expect([preview.status, preview.body.count, begun.status], state).toEqual([200, 0, 409])
    }
  })

  test('of a thousand, cancelled half-way, adds up', async () => {
    const { world, admin, having } = await startReplays(engine)
    await using _ = world
    await having(Array.from({ length: 1_000 }, () => ({})))
    const options = { perMinute: 6_000, markDelayed: false }
    const { body: begun } = await admin.post('/api/replays', { which: failed, options, expected: 1_000 })
    await replayAll(world, 5)

    const paused = await admin.post(`/api/replays/${begun.id}/pause`)
    const idle = await replayNext(world.ctx)
    const resumed = await admin.post(`/api/replays/${begun.id}/resume`)
    await replayAll(world, 1)
    const cancelled = await admin.post(`/api/replays/${begun.id}/cancel`, { cancelWaiting: true })
    const after = await replayNext(world.ctx)

    expect([paused.body.state, idle, resumed.body.state, after]).toEqual(['paused', false, 'running', false])
    expect(cancelled.body).toMatchObject({ state: 'cancelled', total: 1_000, made: 600, skipped: 0 })
    expect(cancelled.body.outcomes).toEqual({ delivered: 0, failed: 0, waiting: 0 })
    const rows = await madeBy(world, begun.id)
    expect(new Set(rows.map(({ replayOf }) => replayOf)).size).toBe(600)
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['cancelled']))
    expect(await deliverDue(world.ctx)).toBe(0)
    expect((await admin.post(`/api/replays/${begun.id}/resume`)).status).toBe(409)
    const trail = await world.db
      .selectFrom('auditEntries')
      .select('action')
      .where('subjectKind', '=', 'replay')
      .execute()
    expect(trail.map(({ action }) => action)).toEqual([
      'replay.created',
      'replay.paused',
      'replay.resumed',
      'replay.cancelled',
      'replay.taken_back',
    ])
  })

  test('that made more than is taken back at once leaves none of it, and asked again takes back what is left', async () => {
    const { world, admin, having } = await startReplays(engine)
    await using _ = world
    await having([{}, {}])
    const options = { perMinute: 60, markDelayed: false }
    const { body: begun } = await admin.post('/api/replays', { which: failed, options, expected: 2 })
    await replayAll(world, 1)
    const [made] = await madeBy(world, begun.id)
    const more = Array.from({ length: 2_100 }, (_, place) => ({ ...made, id: `dlv_more_${place}` }) as SavedDelivery)
    await insertDeliveries(world.db, more)

    const cancelled = await admin.post(`/api/replays/${begun.id}/cancel`, { cancelWaiting: true })
    await insertDeliveries(world.db, [{ ...made, id: 'dlv_left' } as SavedDelivery])
    const again = await admin.post(`/api/replays/${begun.id}/cancel`, { cancelWaiting: true })

    expect([cancelled.status, again.status]).toEqual([200, 200])
    const rows = await madeBy(world, begun.id)
    expect(rows).toHaveLength(2_102)
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['cancelled']))
  })

  test('whose worker died between two batches is taken on by another, and nothing is made twice', async () => {
    const { world, admin, having } = await startReplays(engine)
    await using _ = world
    await having(Array.from({ length: 250 }, () => ({})))
    const options = { perMinute: 6_000 }
    const { body: begun } = await admin.post('/api/replays', { which: failed, options, expected: 250 })
    await replayAll(world, 1)
    world.clock.now += 1_000
    const claimed = await claimReplay(world.db, { by: 'died', now: world.clock.now, leaseMs: 30_000 })

    const during = await replayNext(world.ctx)
    world.clock.now += 30_001
    const others = [0, 1, 2].map((number) => ({ ...world.ctx, workerId: `other-${number}` }))
    await Promise.all(others.map((ctx) => replayNext(ctx)))
    await replayAll(world)

    expect([claimed?.id, during]).toEqual([begun.id, false])
    expect((await admin.get(`/api/replays/${begun.id}`)).body).toMatchObject({ state: 'done', made: 250, skipped: 0 })
    const rows = await madeBy(world, begun.id)
    expect([rows.length, new Set(rows.map(({ replayOf }) => replayOf)).size]).toEqual([250, 250])
  })

  test('leaves out what was superseded, replayed or has nowhere to go, as its preview says', async () => {
    const { world, admin, second, having } = await startReplays(engine)
    await using _ = world
    const [old] = await having([
      {},
      { updateKey: 'status' },
      { dedupeKey: 'flap' },
      { updateKey: 'status', state: 'delivered' },
      { dedupeKey: 'flap', state: 'delivered' },
      { destinationId: 'dst_gone' },
    ])
    const [tried, sent] = await having([{}, {}], second)
    await having([
      { replayOf: tried?.id ?? '' },
      { replayOf: sent?.id ?? '', state: 'delivered' },
      { state: 'suppressed', duplicateOf: old?.id ?? '' },
      { state: 'unconfirmed', mark: 'maybe_sent' },
    ])

    const { body: preview } = await admin.post('/api/replays/preview', { which: { filter: {} } })
    const { body: begun } = await admin.post('/api/replays', { which: { filter: {} }, expected: preview.count })
    // What fails after that was never in the preview.
    world.clock.now += 1
    await having([{ stateAt: world.clock.now }])
    await replayAll(world)
    const all = await admin.post('/api/replays/preview', {
      which: { filter: {} },
      options: { skipSuperseded: false },
    })

    expect(preview).toMatchObject({ count: 3, skipped: 5 })
    expect((await admin.get(`/api/replays/${begun.id}`)).body).toMatchObject({ state: 'done', made: 3, skipped: 5 })
    expect(all.body).toMatchObject({ count: 7, skipped: 2 })
  })

  test('leaves out what arrived by a replay of its replay, or by another replay of what it replays', async () => {
    const { world, admin, second, having } = await startReplays(engine)
    await using _ = world
    const [first, forked, free] = await having([{}, {}, {}])
    const [again, other] = await having([{ replayOf: first?.id ?? '' }, { replayOf: forked?.id ?? '' }])
    await having([
      { replayOf: again?.id ?? '', state: 'delivered' },
      { replayOf: forked?.id ?? '', state: 'delivered' },
    ])
    const [astray] = await having([{ replayOf: free?.id ?? '' }], second)
    const [elsewhere] = await having([{ state: 'delivered' }])
    const [sentX] = await having([{ replayOf: elsewhere?.id ?? '' }], second)
    await having([{ replayOf: elsewhere?.id ?? '', state: 'delivered' }])
    const countOf = async (...ids: (string | undefined)[]) =>
      (await admin.post('/api/replays/preview', { which: { ids } })).body.count

    expect([
      await countOf(first?.id),
      await countOf(again?.id),
      await countOf(other?.id),
      await countOf(free?.id),
      await countOf(astray?.id),
      // Another place got it; this one did not.
      await countOf(sentX?.id),
    ]).toEqual([0, 0, 0, 1, 1, 1])
  })

  test('to a paused destination is held there, with the reason, until it is resumed', async () => {
    const { world, admin, first, second, having } = await startReplays(engine)
    await using _ = world
    const [sent, one, two] = await having([{}, {}, {}])
    const [elsewhere] = await having([{}], second)
    await admin.post(`/api/deliveries/${sent?.id}/replay`, {})
    await deliverDue(world.ctx)
    await admin.post(`/api/destinations/${first.id}/pause`, {})

    await admin.post('/api/replays', { which: { ids: [one?.id] }, expected: 1 })
    await replayAll(world)
    await admin.post(`/api/deliveries/${two?.id}/replay`, {})
    await admin.post(`/api/deliveries/${elsewhere?.id}/send-elsewhere`, { destinationId: first.id })
    const standing = async (code: string | null) => {
      const { body } = await admin.get(`/api/deliveries?destinationId=${first.id}&state=held,pending,delivered`)
      return body.items.filter((each: { code?: string }) => (each.code ?? null) === code).length
    }
    const held = await standing('destination_paused')
    await deliverDue(world.ctx)
    const stillHeld = await standing('destination_paused')
    await admin.post(`/api/destinations/${first.id}/resume`, {})
    await deliverDue(world.ctx)

    expect([held, stillHeld, await standing(null)]).toEqual([3, 3, 4])
  })

  test('of a type that is paused waits, by whichever way it is sent, until the type goes on', async () => {
    const { world, admin, first, second, having } = await startReplays(engine)
    await using _ = world
    const type = 'risk.moved'
    const [one, two, three] = await having([{ type }, { type }, { type }])
    await admin.post(`/api/notification-types/${type}/pause`, {})

    await admin.post('/api/replays', { which: { ids: [one?.id] }, expected: 1 })
    await replayAll(world)
    await admin.post(`/api/deliveries/${two?.id}/replay`, {})
    await admin.post(`/api/deliveries/${three?.id}/send-elsewhere`, { destinationId: second.id })
    await deliverDue(world.ctx)
    const waiting = await admin.get('/api/deliveries?state=held&code=type_paused')
    await admin.post(`/api/notification-types/${type}/resume`, {})
    await readySweeps(world.ctx)
    await deliverDue(world.ctx)
    const sent = await admin.get('/api/deliveries?state=delivered')

    const placesOf = ({ body }: typeof sent) =>
      body.items.map((each: { destination: { id: string } }) => each.destination.id).sort()
    const expected = [first.id, first.id, second.id].sort()
    expect([placesOf(waiting), placesOf(sent)]).toEqual([expected, expected])
  })

  test('of deliveries by their ids sends those, at the pace asked for', async () => {
    const { world, admin, having } = await startReplays(engine)
    await using _ = world
    const rows = await having([{}, {}, {}, { state: 'delivered' }])
    const which = { ids: rows.map(({ id }) => id) }
    const begun = await admin.post('/api/replays', { which, options: { perMinute: 30 }, expected: 3 })
    const madeAt: number[] = []

    for (let second = 0; second < 7; second += 1) {
      if (await replayNext(world.ctx)) madeAt.push(second)
      world.clock.now += 1_000
    }

    expect(begun.body).toMatchObject({ total: 4, made: 0 })
    expect(madeAt).toEqual([0, 2, 4])
    expect((await admin.get(`/api/replays/${begun.body.id}`)).body).toMatchObject({
      state: 'done',
      made: 3,
      skipped: 1,
    })
  })

  test('beside another one of the same, made by another replica, sends nothing twice', async () => {
    const { world, admin, having } = await startReplays(engine)
    await using _ = world
    await having(Array.from({ length: 20 }, () => ({})))
    const replay = { which: failed, expected: 20, options: { perMinute: 600 } }
    for (let times = 0; times < 2; times += 1) await admin.post('/api/replays', replay)

    for (let round = 0; round < 12; round += 1) {
      world.clock.now += 1_100
      await Promise.all([replayNext(world.ctx), replayNext({ ...world.ctx, workerId: 'another' })])
    }

    const made = await world.db.selectFrom('deliveries').select('replayOf').where('replayOf', 'is not', null).execute()
    expect([made.length, new Set(made.map(({ replayOf }) => replayOf)).size]).toEqual([20, 20])
  })

  test('of a long message by the id of its first part sends all of it that did not arrive', async () => {
    const { world, admin, having } = await startReplays(engine)
    await using _ = world
    const [long, whole] = await having([{}, {}])
    const partOf = long?.id ?? ''
    const parts = await having([
      { partOf, code: 'first_part_failed' },
      { partOf, state: 'cancelled', code: 'superseded' },
      { partOf, code: 'first_part_failed' },
    ])
    await having([{ partOf: whole?.id ?? null, code: 'first_part_failed' }])
    const which = { ids: [partOf] }

    const preview = await admin.post('/api/replays/preview', { which })
    const begun = await admin.post('/api/replays', { which, expected: 3 })
    await replayAll(world)

    expect(preview.body).toMatchObject({ count: 3, skipped: 0 })
    const made = await madeBy(world, begun.body.id)
    expect(made.map(({ replayOf }) => replayOf)).toEqual([partOf, parts[0]?.id, parts[2]?.id])
  })
})

test('more than was expected, nothing at all, a wrong filter and a replay that is not there are refused', async () => {
  const { world, admin, having } = await startReplays()
  await using _ = world
  const viewer = await world.as('viewer')
  await having([{}, {}])
  const ask = async (body: unknown, path = '/api/replays') => {
    const answer = await admin.post(path, body)
    return [answer.status, answer.body.error?.field]
  }

  expect(await ask({ which: failed, expected: 1 })).toEqual([409, 'expected'])
  expect(await ask({ which: { filter: { state: 'delivered' } }, expected: 1 })).toEqual([409, 'which'])
  expect(await ask({ which: { filter: { state: 'lost' } }, expected: 1 })).toEqual([422, expect.any(String)])
  expect(await ask({ which: { filter: { colour: 'red' } }, expected: 1 })).toEqual([422, expect.any(String)])
  expect(await ask({ which: { ids: [] }, expected: 1 })).toEqual([422, expect.any(String)])
  expect(await ask({ which: failed, options: { perMinute: 0 }, expected: 1 })).toEqual([422, 'options.perMinute'])
  expect(await ask({ which: failed })).toEqual([422, 'expected'])
  expect(await ask({}, '/api/replays/rpl_none/pause')).toEqual([404, undefined])
  expect((await viewer.post('/api/replays', { which: failed, expected: 2 })).status).toBe(403)
  expect((await viewer.get('/api/replays')).body).toEqual({ items: [] })
})
