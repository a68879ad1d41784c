import { expect, test } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import { countByState, findNeighbours, listAttempts, listDeliveryRows } from '../../server/deliveries/list-store.ts'
import {
  insertAttempts,
  insertDeliveries,
  type SavedAttempt,
  type SavedDelivery,
} from '../../server/deliveries/store.ts'
import { toInstant } from '../../server/lib/paging.ts'
import { ListDeliveries } from '../../shared/deliveries.ts'
import { eachStore } from '../support/each-store.ts'
import { deliveryRow, NOW } from '../support/factories.ts'

async function having(db: Db, ...changes: Partial<SavedDelivery>[]): Promise<SavedDelivery[]> {
  const rows = changes.map(deliveryRow)
  await insertDeliveries(db, rows)
  return rows
}

const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)

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
    await insertAttempts(store.db, [attempt(first, { endedAt: NOW, code: 'http_503' })])
    await insertAttempts(store.db, [attempt(first, { endedAt: NOW + 10 })])
    await insertAttempts(store.db, [attempt(second, { endedAt: NOW + 60_000, method: 'webhook' })])
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
