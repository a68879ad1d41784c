import { describe, expect, test } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import { LEASE_MS, type Taken } from '../../server/deliveries/claim.ts'
import { endForeignLeases, listLanes } from '../../server/deliveries/lanes/lanes-store.ts'
import { lineUp } from '../../server/deliveries/lanes/places-store.ts'
import { stopLanes } from '../../server/deliveries/lanes/stops-store.ts'
import { getDelivery } from '../../server/deliveries/list-store.ts'
import type { Finished } from '../../server/deliveries/settle.ts'
import { stateChanges } from '../../server/deliveries/states.ts'
import type { SavedDelivery } from '../../server/deliveries/store.ts'
import { takeTurn } from '../../server/deliveries/turn.ts'
import { keepUp } from '../../server/deliveries/upkeep.ts'
import { ENGINES } from '../support/each-store.ts'
import { deliveryRow } from '../support/factories.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

/** So many destinations that exist, without Slack being asked for each. */
async function havingPlaces({ db, integrationId, clock }: Gateway, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, place) => `dst_${String(place).padStart(5, '0')}`)
  const template = {
    integrationId,
    kind: 'channel' as const,
    conversationId: null,
    isPrivate: 0,
    sealedUrl: null,
    urlHash: null,
    state: 'untested' as const,
    stateAt: clock.now,
    code: null,
    disabledAt: null,
    pausedAt: null,
    pausedBy: null,
    pauseCode: null,
    owner: null,
    note: null,
    lastDeliveredAt: null,
    createdAt: clock.now,
    createdBy: 'a test',
  }
  for (const id of ids) {
    await db
      .insertInto('destinations')
      .values({ ...template, id, name: `#${id}`, target: `C${id.slice(4)}XXXX` })
      .execute()
  }
  return ids
}

async function having(gateway: Gateway, ...changes: Partial<SavedDelivery>[]): Promise<SavedDelivery[]> {
  const { now } = gateway.clock
  const rows = changes.map((change) =>
    deliveryRow({ integrationId: gateway.integrationId, dueAt: now, queueAt: now, createdAt: now, ...change }),
  )
  await gateway.db.transaction().execute((trx) => lineUp(trx, rows))
  return rows
}

const claim = async (gateway: Gateway, { by = 'worker-1', limit = 50 } = {}): Promise<Taken[]> => {
  for (;;) {
    const { taken, again } = await takeTurn({ ...gateway.ctx, workerId: by }, [], { limit })
    if (taken.length > 0 || !again) return taken
  }
}

const settle = (gateway: Gateway, finished: Finished[], by = 'worker-1') =>
  takeTurn({ ...gateway.ctx, workerId: by }, finished, { limit: 0 })

const delivered = (taken: Taken): Finished => ({
  taken,
  step: { state: 'delivered', tries: 1 },
  attempts: [],
  sent: { messageTs: '1.1' },
})

const idsOf = (taken: Taken[]) => taken.map(({ delivery }) => delivery.id)
const everything = (db: Db) => db.selectFrom('deliveries').selectAll().orderBy('id').execute()

describe.each(ENGINES)('lanes, on %s', (engine) => {
  test('eight workers at once take each delivery once, and never two of one destination', async () => {
    await using gateway = await startGateway({ engine })
    const places = await havingPlaces(gateway, 20)
    await having(gateway, ...places.flatMap((destinationId) => [{ destinationId }, { destinationId }]))

    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, worker) => claim(gateway, { by: `worker-${worker}`, limit: 5 })),
    )

    const taken = claims.flat()
    expect(new Set(idsOf(taken)).size).toBe(taken.length)
    expect(new Set(taken.map(({ destination }) => destination.id)).size).toBe(taken.length)
    expect(taken.length).toBeGreaterThanOrEqual(5)
  })

  test('workers that claim and settle side by side deliver each once, in the order of each destination', async () => {
    await using gateway = await startGateway({ engine })
    const places = await havingPlaces(gateway, 6)
    const rows = await having(
      gateway,
      ...Array.from({ length: 60 }, (_, place) => ({ destinationId: places[place % 6] ?? '' })),
    )
    const order: string[] = []

    const work = async (by: string) => {
      let finished: Finished[] = []
      for (let idle = 0; idle < 5; ) {
        const { taken } = await takeTurn({ ...gateway.ctx, workerId: by }, finished, { limit: 3 })
        order.push(...idsOf(taken))
        finished = taken.map(delivered)
        idle = taken.length > 0 ? 0 : idle + 1
      }
    }
    await Promise.all(['worker-1', 'worker-2', 'worker-3'].map(work))

    expect([...order].sort()).toEqual(rows.map(({ id }) => id))
    for (const place of places) {
      const ofPlace = rows.filter(({ destinationId }) => destinationId === place).map(({ id }) => id)
      expect(order.filter((id) => ofPlace.includes(id))).toEqual(ofPlace)
    }
    expect((await everything(gateway.db)).every(({ state, rank }) => state === 'delivered' && rank === null)).toBe(true)
  })

  test('those that go on do so with their next head, but for the stopped and the urgent beside them', async () => {
    await using gateway = await startGateway({ engine })
    const [a = '', b = '', c = ''] = await havingPlaces(gateway, 3)
    await having(gateway, { destinationId: a }, { destinationId: b }, { destinationId: c })
    const first = await claim(gateway)
    const [nextOfA, , urgentOfC] = await having(
      gateway,
      { destinationId: a },
      { destinationId: b },
      { destinationId: c, rank: 0, priority: 'urgent' },
      { destinationId: c },
    )
    await stopLanes(gateway.db, { destinationIds: [b] }, 'destination_paused', gateway.clock.now)

    const { taken, isFull } = await takeTurn(gateway.ctx, first.map(delivered), { limit: 50, lanesGoOn: true })

    expect(idsOf(taken).sort()).toEqual([nextOfA?.id, urgentOfC?.id].sort())
    expect(isFull).toBe(false)
    const lanes = new Map((await listLanes(gateway.db, [a, b, c])).map((lane) => [lane.destinationId, lane]))
    const leaseEndsAt = gateway.clock.now + LEASE_MS
    expect(lanes.get(a)).toMatchObject({ claimedBy: 'worker-1', leaseEndsAt, nextAt: leaseEndsAt, rank: 1 })
    expect(lanes.get(b)).toMatchObject({ claimedBy: null, leaseEndsAt: null, nextAt: null, sweep: 'hold' })
    expect(lanes.get(c)).toMatchObject({ claimedBy: 'worker-1', leaseEndsAt, rank: 0 })
  })

  test('one that went on and has nothing more to send sleeps until something comes', async () => {
    await using gateway = await startGateway({ engine })
    const [place = ''] = await havingPlaces(gateway, 1)
    await having(gateway, { destinationId: place })
    const first = await claim(gateway)

    const { taken } = await takeTurn(gateway.ctx, first.map(delivered), { limit: 50, lanesGoOn: true })

    expect(taken).toEqual([])
    expect(await listLanes(gateway.db, [place])).toMatchObject([{ claimedBy: null, leaseEndsAt: null, nextAt: null }])
    const [next] = await having(gateway, { destinationId: place })
    expect(idsOf(await claim(gateway))).toEqual([next?.id])
  })

  test('a worker that another one took a lane from neither goes on in it nor releases it', async () => {
    await using gateway = await startGateway({ engine })
    const [place = ''] = await havingPlaces(gateway, 1)
    await having(gateway, { destinationId: place }, { destinationId: place })
    const first = await claim(gateway)
    await gateway.db.updateTable('lanes').set({ claimedBy: 'worker-2' }).execute()

    const { taken } = await takeTurn(gateway.ctx, first.map(delivered), { limit: 50, lanesGoOn: true })

    expect(taken).toEqual([])
    expect(await listLanes(gateway.db, [place])).toMatchObject([{ claimedBy: 'worker-2' }])
  })

  test('urgent goes before normal before low, in one destination and between them', async () => {
    await using gateway = await startGateway({ engine })
    const [a = '', b = ''] = await havingPlaces(gateway, 2)
    const [low, normal, urgent] = await having(
      gateway,
      { destinationId: a, rank: 2, priority: 'low' },
      { destinationId: b, rank: 1 },
      { destinationId: a, rank: 0, priority: 'urgent' },
    )

    const first = await claim(gateway, { limit: 1 })
    await settle(gateway, first.map(delivered))
    const second = await claim(gateway, { limit: 1 })
    await settle(gateway, second.map(delivered))

    expect(idsOf([...first, ...second])).toEqual([urgent?.id, normal?.id])
    expect(idsOf(await claim(gateway))).toEqual([low?.id])
  })

  test('one that was tried before keeps its place, one that was meant for later has none yet', async () => {
    await using gateway = await startGateway({ engine })
    const [place = ''] = await havingPlaces(gateway, 1)
    const later = gateway.clock.now + 60_000
    const [scheduled, tried, next] = await having(
      gateway,
      { destinationId: place, queueAt: later, dueAt: later },
      { destinationId: place },
      { destinationId: place },
    )

    const waits = { state: 'retrying', tries: 1, waitMs: 5_000, code: 'http_503' } as const
    await settle(
      gateway,
      (await claim(gateway)).map((taken) => ({ ...delivered(taken), step: waits, sent: {} })),
    )
    expect(await claim(gateway)).toEqual([])
    gateway.clock.now += 5_000
    const first = await claim(gateway)
    await settle(gateway, first.map(delivered))
    const second = await claim(gateway)
    await settle(gateway, second.map(delivered))
    expect(await claim(gateway)).toEqual([])
    gateway.clock.now = later
    const third = await claim(gateway)

    expect(idsOf([...first, ...second, ...third])).toEqual([tried?.id, next?.id, scheduled?.id])
  })

  test('a claim of another worker, or one that was lost, settles nothing', async () => {
    await using gateway = await startGateway({ engine })
    const [place = ''] = await havingPlaces(gateway, 1)
    const [row] = await having(gateway, { destinationId: place })
    const [taken] = await claim(gateway)
    if (!taken) throw new Error('Nothing was taken.')

    await settle(gateway, [delivered(taken)], 'worker-2')
    expect(await getDelivery(gateway.db, row?.id ?? '')).toMatchObject({ state: 'sending', claimedBy: 'worker-1' })

    gateway.clock.now += 30_000
    await claim(gateway, { by: 'worker-2' })
    await settle(gateway, [delivered(taken)])
    expect(await getDelivery(gateway.db, row?.id ?? '')).toMatchObject({ state: 'unconfirmed', code: 'worker_lost' })
  })

  test('what a worker that died was sending is looked for by the next, and what stands behind it waits', async () => {
    await using gateway = await startGateway({ engine })
    const [place = ''] = await havingPlaces(gateway, 1)
    const [lost, next] = await having(gateway, { destinationId: place }, { destinationId: place })
    await claim(gateway, { by: 'dead worker' })

    gateway.clock.now += 29_999
    expect(await claim(gateway)).toEqual([])
    gateway.clock.now += 1
    expect(await claim(gateway)).toEqual([])
    gateway.clock.now += 3_000
    const [looked] = await claim(gateway)

    expect(looked).toMatchObject({ act: 'look', delivery: { id: lost?.id, state: 'unconfirmed', tries: 1 } })
    expect(await getDelivery(gateway.db, next?.id ?? '')).toMatchObject({ state: 'pending' })
  })

  test('claims of a process that can not live any more are over at once', async () => {
    await using gateway = await startGateway({ engine })
    const [place = ''] = await havingPlaces(gateway, 1)
    await having(gateway, { destinationId: place })
    await claim(gateway, { by: 'dead worker' })

    await endForeignLeases(gateway.db, 'worker-1', gateway.clock.now)
    await claim(gateway)

    expect(await everything(gateway.db)).toMatchObject([{ state: 'unconfirmed', code: 'worker_lost' }])
  })

  test('a delivery that arrives while its lane is claimed is not forgotten', async () => {
    await using gateway = await startGateway({ engine })
    const [place = ''] = await havingPlaces(gateway, 1)
    await having(gateway, { destinationId: place })
    const taken = await claim(gateway)

    const [late] = await having(gateway, { destinationId: place })
    expect(await claim(gateway)).toEqual([])
    await settle(gateway, taken.map(delivered))

    expect(idsOf(await claim(gateway))).toEqual([late?.id])
  })

  test('an empty lane waits for nothing, and a new delivery wakes it', async () => {
    await using gateway = await startGateway({ engine })
    const [place = ''] = await havingPlaces(gateway, 1)
    await having(gateway, { destinationId: place })
    await settle(gateway, (await claim(gateway)).map(delivered))
    expect(await claim(gateway)).toEqual([])
    expect(await listLanes(gateway.db, [place])).toMatchObject([{ nextAt: null, claimedBy: null }])

    const [row] = await having(gateway, { destinationId: place })

    expect(idsOf(await claim(gateway))).toEqual([row?.id])
  })

  test('with pace, a conversation gets its burst and then one a second, and others are not held up', async () => {
    await using gateway = await startGateway({ engine })
    gateway.ctx.pace = 'slack'
    const [busy = '', quiet = ''] = await havingPlaces(gateway, 2)
    await having(gateway, ...Array.from({ length: 5 }, () => ({ destinationId: busy })), { destinationId: quiet })
    const sentAt: number[] = []

    for (let ms = 0; ms < 4_000; ms += 100) {
      const taken = await claim(gateway)
      sentAt.push(...taken.filter(({ destination }) => destination.id === busy).map(() => ms))
      await settle(gateway, taken.map(delivered))
      gateway.clock.now += 100
    }

    expect(sentAt).toEqual([0, 100, 1_000, 2_000, 3_000])
    expect((await everything(gateway.db)).every(({ state }) => state === 'delivered')).toBe(true)
  })

  test('rows that a replica of the version before inserts are taken into line', async () => {
    await using gateway = await startGateway({ engine })
    const [place = ''] = await havingPlaces(gateway, 1)
    const stray = deliveryRow({ integrationId: gateway.integrationId, destinationId: place, rank: null, queueAt: null })
    await gateway.db.insertInto('deliveries').values(stray).execute()
    expect(await claim(gateway)).toEqual([])

    await keepUp(gateway.ctx)

    expect(idsOf(await claim(gateway))).toEqual([stray.id])
  })
})

test('every state a worker may write is one that the table of states knows', () => {
  const written = ['delivered', 'retrying', 'failed', 'unconfirmed', 'held'] as const

  const allowed = stateChanges.filter(({ from }) => from === 'sending').map(({ to }) => to)
  expect(allowed.sort()).toEqual(written.toSorted())
})
