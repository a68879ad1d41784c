import { expect, test } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import {
  countByState,
  findNeighbours,
  getDelivery,
  listAttempts,
  listDeliveryRows,
} from '../../server/deliveries/list-store.ts'
import { stateChanges } from '../../server/deliveries/states.ts'
import {
  type Claimed,
  cancelOne,
  cancelWaiting,
  claimDue,
  countWaiting,
  holdWaiting,
  insertAttempt,
  insertDeliveries,
  listHeldLanes,
  relabelHeld,
  releaseHeld,
  rescueEndedLeases,
  type SavedAttempt,
  type SavedDelivery,
  settle,
  settleUnsent,
} from '../../server/deliveries/store.ts'
import { toInstant } from '../../server/lib/paging.ts'
import { deliveryStates, ListDeliveries } from '../../shared/deliveries.ts'
import { eachStore } from '../support/each-store.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
let number = 0

function delivery(change: Partial<SavedDelivery> = {}): SavedDelivery {
  number += 1
  return {
    id: `dlv_${String(number).padStart(6, '0')}`,
    eventId: null,
    integrationId: 'int_1',
    integrationName: 'Acme production',
    destinationId: 'dst_1',
    destinationKind: 'channel',
    destinationName: '#compliance',
    origin: 'message',
    title: 'Hello',
    message: '{"text":"Hello"}',
    priority: 'normal',
    state: 'pending',
    stateAt: NOW,
    tries: 0,
    dueAt: NOW,
    claimedBy: null,
    leaseEndsAt: null,
    createdAt: NOW,
    createdBy: 'a test',
    endedAt: null,
    deliveredAt: null,
    messageTs: null,
    conversationId: null,
    permalink: null,
    code: null,
    mark: null,
    replayOf: null,
    ...change,
  }
}

async function having(db: Db, ...changes: Partial<SavedDelivery>[]): Promise<SavedDelivery[]> {
  const rows = changes.map(delivery)
  await insertDeliveries(db, rows)
  return rows
}

const claim = (change: Partial<Parameters<typeof claimDue>[1]> = {}) => ({
  by: 'worker-1',
  now: NOW,
  leaseMs: 60_000,
  limit: 50,
  ...change,
})

const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)

eachStore('claiming deliveries', (open) => {
  test('eight claimers at once take each row once, and never two of one destination', async () => {
    await using store = await open()
    const places = Array.from({ length: 40 }, (_, index) => ({ destinationId: `dst_${index}` }))
    const rows = await having(store.db, ...places, ...places)

    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, index) => claimDue(store.db, claim({ by: `worker-${index}`, limit: 10 }))),
    )

    const taken = claims.flat()
    expect(new Set(idsOf(taken)).size).toBe(taken.length)
    expect(new Set(taken.map((row) => row.destinationId)).size).toBe(taken.length)
    expect(idsOf(taken).sort()).toEqual(
      idsOf(rows)
        .slice(0, 40)
        .filter((id) => idsOf(taken).includes(id)),
    )
    const rest = await claimDue(store.db, claim({ by: 'worker-8' }))
    expect(taken.length + rest.length).toBe(40)
  })

  test('many workers that claim and settle side by side lose none and double none', async () => {
    await using store = await open()
    const changes = Array.from({ length: 60 }, (_, index) => ({
      destinationId: `dst_${index % 6}`,
      priority: (['urgent', 'normal', 'low'] as const)[index % 3] ?? 'low',
    }))
    await having(store.db, ...changes)
    const order: string[] = []

    await Promise.all(
      Array.from({ length: 6 }, async (_, index) => {
        for (let idle = 0; idle < 20; ) {
          const claimed = await claimDue(store.db, claim({ by: `worker-${index}`, limit: 3 }))
          idle = claimed.length === 0 ? idle + 1 : 0
          for (const row of claimed) {
            order.push(row.id)
            expect(await settle(store.db, row, { state: 'delivered', tries: 1 }, NOW)).toBe(true)
          }
        }
      }),
    )

    expect(order).toHaveLength(60)
    expect(new Set(order).size).toBe(60)
  })

  test('urgent comes before normal before low, and within one priority what is due longest', async () => {
    await using store = await open()
    const [low, late, early, urgent] = await having(
      store.db,
      { destinationId: 'a', priority: 'low', dueAt: NOW - 9_000 },
      { destinationId: 'b', dueAt: NOW - 1_000 },
      { destinationId: 'c', dueAt: NOW - 2_000 },
      { destinationId: 'd', priority: 'urgent' },
    )

    const first = await claimDue(store.db, claim({ limit: 2 }))
    const second = await claimDue(store.db, claim({ limit: 2 }))

    expect(idsOf(first)).toEqual(idsOf([urgent, early].flatMap((row) => row ?? [])))
    expect(idsOf(second)).toEqual(idsOf([late, low].flatMap((row) => row ?? [])))
  })

  test('nothing is claimed before it is due, nor while another of its destination is in flight', async () => {
    await using store = await open()
    const [first, second] = await having(store.db, {}, {}, { destinationId: 'dst_2', dueAt: NOW + 1 })

    const [claimed] = await claimDue(store.db, claim())

    expect(claimed?.id).toBe(first?.id)
    expect(await claimDue(store.db, claim())).toEqual([])
    if (claimed) await settle(store.db, claimed, { state: 'delivered', tries: 1 }, NOW)
    expect(idsOf(await claimDue(store.db, claim()))).toEqual([second?.id])
  })

  test('one that is being retried keeps its place, one that was meant for later does not', async () => {
    await using store = await open()
    const later = { dueAt: NOW + 60_000 }
    const [, , , free] = await having(
      store.db,
      { state: 'retrying', ...later },
      {},
      { destinationId: 'dst_2', ...later },
      { destinationId: 'dst_2' },
    )

    expect(idsOf(await claimDue(store.db, claim()))).toEqual([free?.id])
  })
})

eachStore('the table of states', (open) => {
  test('is exactly what the store does: every change happens, and no other', async () => {
    await using store = await open()
    const lane = { integrationId: 'int_1', destinationId: 'dst_1' }
    const failed = { state: 'failed', tries: 1, code: 'no_text', stops: 'message' } as const
    const acts: ((row: Claimed) => Promise<unknown>)[] = [
      () => claimDue(store.db, claim({ now: NOW })),
      (row) => settle(store.db, row, { state: 'delivered', tries: 1 }, NOW),
      (row) => settle(store.db, row, { state: 'retrying', tries: 1, waitMs: 1, code: 'http_503' }, NOW),
      (row) => settle(store.db, row, { state: 'unconfirmed', tries: 1, code: 'x', mark: 'maybe_sent' }, NOW),
      (row) => settle(store.db, row, failed, NOW),
      (row) => settleUnsent(store.db, row, 'held', 'destination_disabled', NOW),
      (row) => settleUnsent(store.db, row, 'cancelled', 'destination_deleted', NOW),
      () => rescueEndedLeases(store.db, NOW),
      () => holdWaiting(store.db, lane, 'destination_disabled', NOW),
      () => relabelHeld(store.db, lane, 'integration_paused', NOW),
      () => releaseHeld(store.db, lane, NOW),
      () => cancelWaiting(store.db, lane, 'destination_deleted', NOW),
      (row) => cancelOne(store.db, row.id, 'cancelled_by_request', NOW),
    ]
    const seen = new Set<string>()

    for (const from of deliveryStates) {
      for (const act of acts) {
        await store.db.deleteFrom('deliveries').execute()
        const claimed = { claimedBy: 'worker-1', leaseEndsAt: NOW }
        const [row] = await having(store.db, { state: from, ...claimed })
        await act({ ...delivery(), ...row, ...claimed })
        const { state: to } = await getDelivery(store.db, row?.id ?? '')
        if (to !== from) seen.add(`${from} to ${to}`)
      }
    }

    expect([...seen].sort()).toEqual(stateChanges.map(({ from, to }) => `${from} to ${to}`).sort())
  })
})

eachStore('settling deliveries', (open) => {
  test('an outcome is written while the claim stands', async () => {
    await using store = await open()
    await having(store.db, {}, { destinationId: 'dst_2' }, { destinationId: 'dst_3' }, { destinationId: 'dst_4' })
    const [sent, retried, failed, unsure] = await claimDue(store.db, claim())
    if (!sent || !retried || !failed || !unsure) throw new Error('four were due')

    await settle(store.db, sent, { state: 'delivered', tries: 1 }, NOW + 5, { messageTs: '1.2', permalink: null })
    await settle(store.db, retried, { state: 'retrying', tries: 1, waitMs: 700, code: 'http_503' }, NOW + 5)
    await settle(store.db, failed, { state: 'failed', tries: 1, code: 'no_text', stops: 'message' }, NOW + 5)
    await settle(store.db, unsure, { state: 'unconfirmed', tries: 1, code: 'timeout', mark: 'maybe_sent' }, NOW + 5)

    const free = { claimedBy: null, leaseEndsAt: null, stateAt: NOW + 5 }
    expect(await getDelivery(store.db, sent.id)).toMatchObject({
      ...free,
      state: 'delivered',
      endedAt: NOW + 5,
      deliveredAt: NOW + 5,
      messageTs: '1.2',
    })
    expect(await getDelivery(store.db, retried.id)).toMatchObject({
      ...free,
      state: 'retrying',
      dueAt: NOW + 705,
      endedAt: null,
    })
    expect(await getDelivery(store.db, failed.id)).toMatchObject({
      ...free,
      state: 'failed',
      code: 'no_text',
      endedAt: NOW + 5,
    })
    expect(await getDelivery(store.db, unsure.id)).toMatchObject({
      ...free,
      state: 'unconfirmed',
      mark: 'maybe_sent',
      endedAt: null,
    })
  })

  test('a lost lease changes nothing, even when the same worker has claimed the row anew', async () => {
    await using store = await open()
    await having(store.db, {})
    const [first] = await claimDue(store.db, claim())
    if (!first) throw new Error('one was due')
    await store.db.updateTable('deliveries').set({ state: 'retrying', claimedBy: null, leaseEndsAt: null }).execute()
    await claimDue(store.db, claim({ now: NOW + 1 }))
    const before = await getDelivery(store.db, first.id)

    const settled = await settle(store.db, first, { state: 'delivered', tries: 1 }, NOW + 2)
    const unsent = await settleUnsent(store.db, first, 'held', 'destination_disabled', NOW + 2)

    expect([settled, unsent]).toEqual([false, false])
    expect(await getDelivery(store.db, first.id)).toEqual(before)
  })

  test('a claim of another worker can not be settled', async () => {
    await using store = await open()
    await having(store.db, {})
    const [claimed] = await claimDue(store.db, claim())
    if (!claimed) throw new Error('one was due')

    const settled = await settle(store.db, { ...claimed, claimedBy: 'worker-2' }, { state: 'delivered', tries: 1 }, NOW)

    expect(settled).toBe(false)
  })

  test('ended leases are rescued once, running ones are left alone', async () => {
    await using store = await open()
    await having(store.db, {}, { destinationId: 'dst_2' })
    const [short] = await claimDue(store.db, claim({ limit: 1 }))
    await claimDue(store.db, claim({ limit: 1, leaseMs: 60_001 }))

    const rescued = await Promise.all([
      rescueEndedLeases(store.db, NOW + 60_000),
      rescueEndedLeases(store.db, NOW + 60_000),
    ])

    expect(idsOf(rescued.flat())).toEqual([short?.id])
    expect(rescued.flat()).toMatchObject([{ state: 'unconfirmed', code: 'worker_lost', mark: 'maybe_sent', tries: 1 }])
  })

  test('holding, releasing and cancelling a destination touches what waits for it and nothing else', async () => {
    await using store = await open()
    const everyState = deliveryStates.map((state) => ({ state }))
    const rows = await having(store.db, ...everyState, { destinationId: 'dst_2' })
    const stateOf = async (state: string) =>
      (await getDelivery(store.db, rows.find((row) => row.state === state)?.id ?? '')).state
    const lane = { integrationId: 'int_1', destinationId: 'dst_1' }

    expect(await countWaiting(store.db, 'int_1')).toBe(4)
    expect(await holdWaiting(store.db, lane, 'destination_disabled', NOW)).toBe(2)
    expect(new Set((await listHeldLanes(store.db)).map(({ code }) => code))).toEqual(
      new Set([null, 'destination_disabled']),
    )
    expect(await releaseHeld(store.db, lane, NOW)).toBe(3)
    expect(await cancelWaiting(store.db, lane, 'destination_deleted', NOW)).toBe(3)

    const left = await Promise.all(deliveryStates.map(stateOf))
    expect(left).toEqual([
      'cancelled',
      'sending',
      'cancelled',
      'unconfirmed',
      'cancelled',
      'delivered',
      'failed',
      'suppressed',
      'cancelled',
    ])
    expect(await countWaiting(store.db, 'int_1')).toBe(1)
  })

  test('one delivery is cancelled only while nobody sends it', async () => {
    await using store = await open()
    const [waiting] = await having(store.db, {}, { destinationId: 'dst_2' })
    const [claimed] = await claimDue(store.db, claim({ limit: 1 }))

    expect(await cancelOne(store.db, claimed?.id ?? '', 'cancelled_by_request', NOW)).toBe(false)
    expect(claimed?.id).toBe(waiting?.id)
    expect((await getDelivery(store.db, waiting?.id ?? '')).state).toBe('sending')
  })
})

eachStore('listing deliveries', (open) => {
  const list = async (db: Db, query: Record<string, string>) => {
    const found = await listDeliveryRows(db, ListDeliveries.parse(query))
    return idsOf(found.rows)
  }

  test('pages come newest first, and following them gives every row once', async () => {
    await using store = await open()
    const rows = await having(store.db, ...Array.from({ length: 7 }, () => ({})))
    const seen: string[] = []

    let cursor: string | undefined
    do {
      const page = await listDeliveryRows(store.db, ListDeliveries.parse({ limit: '3', ...(cursor && { cursor }) }))
      seen.push(...idsOf(page.rows))
      cursor = page.next
    } while (cursor)

    expect(seen).toEqual(idsOf(rows).reverse())
  })

  test('by=ended goes by when they ended, through pages of rows that ended together', async () => {
    await using store = await open()
    const [a, b, c, d] = await having(
      store.db,
      { state: 'delivered', endedAt: NOW + 30 },
      { state: 'failed', endedAt: NOW + 10 },
      { state: 'delivered', endedAt: NOW + 10 },
      { state: 'delivered', endedAt: NOW + 10 },
      {},
    )
    const seen: (string | undefined)[] = []

    let cursor: string | undefined
    do {
      const query = { by: 'ended', limit: '2', ...(cursor && { cursor }) }
      const page = await listDeliveryRows(store.db, ListDeliveries.parse(query))
      seen.push(...idsOf(page.rows))
      cursor = page.next
    } while (cursor)

    expect(seen).toEqual([a?.id, d?.id, c?.id, b?.id])
    const from = toInstant(NOW + 10)
    expect(await list(store.db, { by: 'ended', from, to: toInstant(NOW + 30) })).toHaveLength(3)
    expect(await list(store.db, { by: 'ended', from, to: toInstant(NOW + 31), state: 'failed' })).toEqual([b?.id])
  })

  test('by=attempted lists exactly the deliveries behind a point of the response times', async () => {
    await using store = await open()
    const [first, second] = await having(store.db, {}, {}, {})
    await insertAttempt(store.db, attempt(first, { endedAt: NOW, code: 'http_503' }))
    await insertAttempt(store.db, attempt(first, { endedAt: NOW + 10 }))
    await insertAttempt(store.db, attempt(second, { endedAt: NOW + 60_000, method: 'webhook' }))
    const minute = { by: 'attempted', from: toInstant(NOW), to: toInstant(NOW + 60_000) }

    expect(await list(store.db, minute)).toEqual([first?.id])
    expect(await list(store.db, { ...minute, code: 'http_503' })).toEqual([first?.id])
    expect(await list(store.db, { ...minute, method: 'webhook' })).toEqual([])
    expect(await list(store.db, { method: 'webhook' })).toEqual([second?.id])
    expect(await listAttempts(store.db, first?.id ?? '')).toHaveLength(2)
  })

  test('the rows beside one are those of the list that the same filter gives', async () => {
    await using store = await open()
    const rows = await having(
      store.db,
      { state: 'failed', endedAt: NOW + 30 },
      { state: 'delivered', endedAt: NOW + 20 },
      { state: 'failed', endedAt: NOW + 10 },
      { state: 'failed', endedAt: NOW + 10 },
      {},
    )

    for (const query of [{}, { state: 'failed' }, { by: 'ended' }, { by: 'ended', state: 'failed' }]) {
      const listed = await list(store.db, query)
      for (const row of rows.filter(({ id }) => listed.includes(id))) {
        const at = listed.indexOf(row.id)
        const { newer, older } = await findNeighbours(store.db, row, ListDeliveries.parse(query))

        expect([newer, older]).toEqual([listed[at - 1], listed[at + 1]])
      }
    }
  })

  test('each filter leaves out what does not fit', async () => {
    await using store = await open()
    const [a, b, c] = await having(
      store.db,
      { title: 'Key LEAKED in 100% of runs', code: 'is_archived', state: 'failed', createdAt: NOW - 5 },
      { integrationId: 'int_2', destinationId: 'dst_2', destinationName: '#audit-room' },
      { state: 'held' },
    )

    expect(await list(store.db, { state: 'failed,held' })).toEqual([c?.id, a?.id])
    expect(await list(store.db, { integrationId: 'int_2' })).toEqual([b?.id])
    expect(await list(store.db, { destinationId: 'dst_2' })).toEqual([b?.id])
    expect(await list(store.db, { code: 'is_archived' })).toEqual([a?.id])
    expect(await list(store.db, { search: 'leaked in 100%' })).toEqual([a?.id])
    expect(await list(store.db, { search: 'AUDIT' })).toEqual([b?.id])
    expect(await list(store.db, { search: c?.id ?? '' })).toEqual([c?.id])
    expect(await list(store.db, { search: '%' })).toEqual([a?.id])
    expect(await list(store.db, { to: toInstant(NOW) })).toEqual([a?.id])
    expect(await list(store.db, { from: toInstant(NOW) })).toEqual([c?.id, b?.id])
    expect(await list(store.db, { cursor: 'nonsense', by: 'ended' })).toEqual([])
  })

  test('counts tell states and the oldest, under the same filters', async () => {
    await using store = await open()
    await having(store.db, { state: 'held' }, { state: 'held', createdAt: NOW - 60_000 }, { integrationId: 'int_2' })

    const counts = await countByState(store.db, ListDeliveries.parse({ integrationId: 'int_1' }))

    expect(counts).toEqual([{ state: 'held', count: 2, oldestAt: NOW - 60_000 }])
  })
})

let attempts = 0
function attempt(of: SavedDelivery | undefined, change: Partial<SavedAttempt>): SavedAttempt {
  attempts += 1
  return {
    id: `att_${String(attempts).padStart(6, '0')}`,
    deliveryId: of?.id ?? '',
    integrationId: 'int_1',
    number: 1,
    method: 'chat.postMessage',
    startedAt: NOW,
    endedAt: NOW,
    tookMs: 1.5,
    outcome: 'sent',
    code: null,
    httpStatus: 200,
    requestId: null,
    retryAfterMs: null,
    request: '{}',
    response: '{}',
    ...change,
  }
}
