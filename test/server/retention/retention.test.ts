import { describe, expect, test } from 'vitest'
import { findForgettable } from '../../../server/deliveries/old-store.ts'
import { insertDeliveries } from '../../../server/deliveries/store.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { deleteOld, tellOfDays, type Walk } from '../../../server/retention/delete-old.ts'
import { cutoffOf, latestCutoff } from '../../../server/retention/keep-until.ts'
import { ENGINES } from '../../support/each-store.ts'
import { deliveryRow } from '../../support/factories.ts'
import { havingSender } from '../../support/sending.ts'
import { startWorld, type World } from '../../support/world.ts'

const DAY = 86_400_000

/** One walk to its end. */
async function walk(world: World, defaultDays: number | null): Promise<void> {
  let at: Walk | undefined = {}
  while (at) at = await deleteOld(world.ctx, at, defaultDays)
}

async function ids(world: World, table: 'deliveries' | 'events' | 'attempts' | 'files' | 'fileChunks' | 'quietWaits') {
  return (await world.db.selectFrom(table).selectAll().execute()).length
}

describe.each(ENGINES)('what is old enough, on %s', (engine) => {
  test('goes with its attempts and its event, by its type or else by the default, and the trail is told once a day', async () => {
    await using world = await startWorld({ engine })
    const { sender, event } = await havingSender(world)
    const admin = await world.as('admin')
    await admin.patch('/api/notification-types/short.kept', { retentionDays: 2 })
    await admin.patch('/api/notification-types/long.kept', { retentionDays: 90 })
    for (const type of ['short.kept', 'long.kept', 'other']) await sender.post('/api/events', { ...event, type })
    await deliverDue(world.ctx)
    const typesLeft = async () =>
      (await world.db.selectFrom('events').select('type').orderBy('type').execute()).map(({ type }) => type)

    await walk(world, 30)
    const atOnce = await typesLeft()
    world.clock.now += 2 * DAY + 1_000
    await walk(world, null)
    const afterTwo = await typesLeft()
    world.clock.now += 30 * DAY
    await walk(world, 30)
    const afterThirty = await typesLeft()
    await tellOfDays(world.ctx)
    world.clock.now += DAY
    await Promise.all([tellOfDays(world.ctx), tellOfDays(world.ctx)])

    expect(atOnce).toEqual(['long.kept', 'other', 'short.kept'])
    expect(afterTwo).toEqual(['long.kept', 'other'])
    expect(afterThirty).toEqual(['long.kept'])
    expect([await ids(world, 'deliveries'), await ids(world, 'attempts')]).toEqual([1, 1])
    const { items } = (await admin.get('/api/audit?action=retention.deleted')).body
    expect(items).toHaveLength(2)
    expect(items[0]).toMatchObject({ actor: { kind: 'server' }, detail: { deliveries: 1, events: 1, files: 0 } })
  })

  test('stays while something younger, or something at all, still needs it', async () => {
    await using world = await startWorld({ engine })
    const old = { state: 'delivered', rank: null, endedAt: world.clock.now, messageTs: '1.1' } as const
    const anchor = deliveryRow({ ...old, threadKey: 't' })
    const reply = deliveryRow({ ...old, threadKey: 't' })
    const late = deliveryRow({ ...old, threadKey: 't', endedAt: world.clock.now + 9 * DAY })
    const changed = deliveryRow({ ...old, updateKey: 'u' })
    const change = deliveryRow({ state: 'held', updateKey: 'u', code: 'destination_paused' })
    const page = deliveryRow({ ...old, origin: 'summary' })
    const folded = deliveryRow({ ...old, type: 'kept', foldedInto: page.id, endedAt: world.clock.now + 9 * DAY })
    const repeated = deliveryRow({ ...old, dedupeKey: 'd', type: 'repeats', createdAt: world.clock.now })
    const long = deliveryRow(old)
    const part = deliveryRow({ ...old, partOf: long.id })
    const waiting = deliveryRow({ state: 'held', code: 'muted', rank: null })
    await insertDeliveries(world.db, [
      ...[anchor, reply, late, changed, change, page, folded, repeated, long, part, waiting],
    ])
    const admin = await world.as('admin')
    await admin.patch('/api/notification-types/repeats', { dedupeWindow: 20 * 86_400 })
    const left = async () => (await world.db.selectFrom('deliveries').select('id').execute()).map(({ id }) => id)

    world.clock.now += 10 * DAY
    await walk(world, 5)
    const first = await left()
    await walk(world, 5)
    const second = await left()
    world.clock.now += 20 * DAY
    await walk(world, 5)
    await walk(world, 5)

    const name = (id: string) =>
      Object.entries({ anchor, reply, late, changed, change, page, folded, repeated, long, part, waiting }).find(
        ([, row]) => row.id === id,
      )?.[0]
    expect(first.map(name).sort()).toEqual(
      ['anchor', 'change', 'changed', 'folded', 'late', 'long', 'page', 'repeated', 'reply', 'waiting'].sort(),
    )
    expect(second.map(name)).not.toContain('long')
    expect((await left()).map(name).sort()).toEqual(['change', 'changed', 'waiting'])
  })

  test.for(['threadKey', 'updateKey'] as const)(
    'all of one %s goes once the last of it is old, and none before',
    async (key) => {
      await using world = await startWorld({ engine })
      const { destinationId } = await havingSender(world)
      const now = world.clock.now
      const rows = Array.from({ length: 300 }, (_, number) =>
        deliveryRow({
          ...{ destinationId, state: 'delivered' as const, rank: null, endedAt: now + number, queueAt: now + number },
          [key]: 'goes-on',
        }),
      )
      await insertDeliveries(world.db, rows)
      const wanted = rows.slice(0, 200).map(({ id }) => ({ id, repeatsSince: now }))
      const whileKept = wanted.map((row) => ({ ...row, cutoff: now + 299 }))
      const whenOver = wanted.map((row) => ({ ...row, cutoff: now + 300 }))

      const [kept, over] = [await findForgettable(world.db, whileKept), await findForgettable(world.db, whenOver)]

      expect([kept.length, over.length]).toEqual([0, 200])
    },
  )

  test('a file goes with the last delivery that sent it, and what waited in quiet leaves no record', async () => {
    await using world = await startWorld({ engine })
    const { destinationId, messenger } = await havingSender(world)
    const admin = await world.as('admin')
    const until = new Date(world.clock.now + 1_000).toISOString()
    await admin.post('/api/mutes', { scope: { kind: 'everything' }, until, reason: 'x', atEnd: 'drop' })
    const text = 'A long line that says a lot.\n'.repeat(5_000)
    const { body } = await messenger.post('/api/messages', { destination: destinationId, text })
    await admin.post(`/api/deliveries/${body.id}/cancel`)
    const before = [await ids(world, 'files'), await ids(world, 'quietWaits')]

    world.clock.now += 2 * DAY
    await walk(world, 1)

    expect(before).toEqual([1, 1])
    for (const table of ['deliveries', 'files', 'fileChunks', 'quietWaits'] as const) {
      expect(await ids(world, table), table).toBe(0)
    }
  })

  test('a state of the rules goes with the last event that it decided; the newest stays', async () => {
    await using world = await startWorld({ engine })
    const { sender, event } = await havingSender(world)
    const admin = await world.as('admin')
    const sendUnderNewRules = async (type: string, retentionDays: number) => {
      await admin.patch(`/api/notification-types/${type}`, { retentionDays })
      await sender.post('/api/events', { ...event, type })
      world.clock.now += 2 * 3_600_000
      const row = await world.db.selectFrom('events').select('routingRevision').orderBy('id', 'desc').executeTakeFirst()
      return Number(row?.routingRevision)
    }
    await sendUnderNewRules('short.kept', 1)
    const long = await sendUnderNewRules('long.kept', 90)
    await sendUnderNewRules('short.kept', 1)
    const newest = await sendUnderNewRules('short.kept', 1)
    await deliverDue(world.ctx)
    const kept = async () => {
      const rows = await world.db.selectFrom('routingSnapshots').select('revision').orderBy('revision').execute()
      return rows.map(({ revision }) => Number(revision))
    }

    await walk(world, null)
    const atOnce = await kept()
    world.clock.now += 3 * DAY
    await walk(world, null)

    expect(atOnce).toHaveLength(4)
    expect(await kept()).toEqual([long, newest])
  })

  test('two replicas at once delete each row once and count it once', async () => {
    await using world = await startWorld({ engine })
    const old = { state: 'delivered', rank: null, endedAt: world.clock.now } as const
    await insertDeliveries(
      world.db,
      Array.from({ length: 450 }, () => deliveryRow(old)),
    )
    world.clock.now += 2 * DAY

    await Promise.all([walk(world, 1), walk(world, 1)])
    await walk(world, 1)

    expect(await ids(world, 'deliveries')).toBe(0)
    const days = await world.db.selectFrom('retentionDays').selectAll().execute()
    expect(days.map(({ deliveries }) => Number(deliveries))).toEqual([450])
  })
})

test.each([
  ['its own days', 'short', 10, 2],
  ['its own days, though fewer are the default', 'long', 10, 90],
  ['the default', 'other', 10, 10],
  ['the default of what has no type', null, 10, 10],
  ['for good', 'other', null, undefined],
] as const)('how long a type is kept: %s', (_, type, otherwise, days) => {
  const retention = {
    ofType: new Map([
      ['short', 2],
      ['long', 90],
    ]),
    otherwise,
  }

  expect(cutoffOf(retention, type, 100 * DAY)).toBe(days === undefined ? undefined : (100 - days) * DAY)
  expect(latestCutoff(retention, 100 * DAY)).toBe(98 * DAY)
})

test('when all is kept for good nothing is walked', () => {
  expect(latestCutoff({ ofType: new Map(), otherwise: null }, DAY)).toBeUndefined()
})
