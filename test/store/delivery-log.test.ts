import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import { countByState, findNeighbours, listDeliveryRows } from '../../server/deliveries/list-store.ts'
import { fittingIds, listChanged } from '../../server/deliveries/log/changes-store.ts'
import { soughtBy } from '../../server/deliveries/log/filter-store.ts'
import { listRelated } from '../../server/deliveries/related-store.ts'
import {
  insertAttempts,
  insertDeliveries,
  type SavedAttempt,
  type SavedDelivery,
} from '../../server/deliveries/store.ts'
import { toCounts } from '../../server/deliveries/to-answer.ts'
import { makeNewId } from '../../server/lib/ids.ts'
import { toInstant } from '../../server/lib/paging.ts'
import { DeliveryFilter, ListDeliveries } from '../../shared/deliveries.ts'
import { eachStore, openStore } from '../support/each-store.ts'
import { deliveryRow, NOW } from '../support/factories.ts'

/** Rows with ids of the instants they were made in; without a word, a second after one another. */
async function having(db: Db, changes: Partial<SavedDelivery>[]): Promise<SavedDelivery[]> {
  let at = NOW
  const newId = makeNewId(() => at, randomBytes)
  const rows = changes.map((change, place) => {
    at = change.createdAt ?? NOW + place * 1_000
    return deliveryRow({ id: newId('dlv'), createdAt: at, stateAt: at, queueAt: at, ...change })
  })
  await insertDeliveries(db, rows)
  return rows
}

const ended = (change: Partial<SavedDelivery>): Partial<SavedDelivery> => ({
  rank: null,
  endedAt: NOW,
  state: 'delivered',
  ...change,
})

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

async function pagesOf(db: Db, query: Record<string, string>) {
  const pages = []
  let cursor: string | undefined
  do {
    const page = await listDeliveryRows(db, ListDeliveries.parse({ ...query, ...(cursor && { cursor }) }))
    pages.push(page)
    cursor = page.next
  } while (cursor && pages.length < 100)
  return pages
}

const allOf = async (db: Db, query: Record<string, string>) =>
  (await pagesOf(db, query)).flatMap(({ rows }) => idsOf(rows))

eachStore('the log', (open) => {
  test('every filter finds what fits, alone and with others, in pages as at once', async () => {
    await using store = await open()
    const rows = await having(store.db, [
      ended({ eventId: 'evt_1', type: 'key.leaked', recipient: 'u1', state: 'failed', code: 'no_text' }),
      { type: 'key.leaked', recipient: 'u2', state: 'held', code: 'is_archived' },
      ended({ eventId: 'evt_1', replayId: 'rpl_1', destinationId: 'dst_2', integrationId: 'int_2' }),
      { state: 'unconfirmed', mark: 'maybe_sent', rank: null, code: 'timeout' },
      { state: 'sending', claimedBy: 'w', leaseEndsAt: NOW },
      { state: 'retrying', code: 'http_503', destinationId: 'dst_2' },
      ended({ state: 'cancelled', code: 'purged' }),
      ended({ state: 'suppressed', duplicateOf: 'dlv_x', type: 'key.leaked' }),
      {},
    ])
    const wanted: [Record<string, string>, (row: SavedDelivery) => boolean][] = [
      [{}, () => true],
      [{ eventId: 'evt_1' }, ({ eventId }) => eventId === 'evt_1'],
      [{ eventId: 'evt_1', state: 'failed' }, ({ eventId, state }) => eventId === 'evt_1' && state === 'failed'],
      [{ replayId: 'rpl_1' }, ({ replayId }) => replayId === 'rpl_1'],
      [{ recipient: 'u1' }, ({ recipient }) => recipient === 'u1'],
      [{ type: 'key.leaked' }, ({ type }) => type === 'key.leaked'],
      [{ type: 'key.leaked', state: 'held' }, ({ type, state }) => type === 'key.leaked' && state === 'held'],
      [{ mark: 'maybe_sent' }, ({ mark }) => mark === 'maybe_sent'],
      [{ code: 'timeout' }, ({ code }) => code === 'timeout'],
      [{ destinationId: 'dst_2' }, ({ destinationId }) => destinationId === 'dst_2'],
      [{ integrationId: 'int_2' }, ({ integrationId }) => integrationId === 'int_2'],
      [
        { state: 'failed,held,sending,retrying,unconfirmed,cancelled,suppressed' },
        ({ state }) => !['pending', 'delivered'].includes(state),
      ],
      [{ state: 'pending,sending' }, ({ state }) => state === 'pending' || state === 'sending'],
      [{ state: 'sending' }, ({ state }) => state === 'sending'],
      [{ from: toInstant(NOW + 2_000), to: toInstant(NOW + 5_000) }, ({ createdAt }) => inside(createdAt)],
      [
        { from: toInstant(NOW + 2_000), to: toInstant(NOW + 5_000), state: 'sending,unconfirmed' },
        ({ createdAt, state }) => inside(createdAt) && state !== 'delivered',
      ],
      [{ by: 'ended', state: 'failed,cancelled' }, ({ state }) => state === 'failed' || state === 'cancelled'],
    ]
    const inside = (at: number) => at >= NOW + 2_000 && at < NOW + 5_000

    for (const [query, fits] of wanted) {
      const found = await allOf(store.db, { ...query, limit: '2' })

      expect({ query, found }).toEqual({ query, found: idsOf(rows.filter(fits)).reverse() })
      const counted = await countByState(store.db, DeliveryFilter.parse(query))
      expect(counted.reduce((sum, { count }) => sum + count, 0)).toBe(found.length)
      const fitting = await fittingIds(store.db, soughtBy(DeliveryFilter.parse(query)), idsOf(rows))
      expect([...fitting].sort()).toEqual([...found].sort())
      for (const [place, id] of found.entries()) {
        const row = rows.find((each) => each.id === id)
        const beside = row && (await findNeighbours(store.db, row, DeliveryFilter.parse(query)))
        expect(beside).toEqual(
          Object.fromEntries(
            Object.entries({ newer: found[place - 1], older: found[place + 1] }).filter(([, each]) => each),
          ),
        )
      }
    }
  })

  test('a whole id in the search finds that delivery, or those of that event', async () => {
    await using store = await open()
    const eventId = makeNewId(() => NOW, randomBytes)('evt')
    const [a, b] = await having(store.db, [{ eventId }, {}])

    expect(await allOf(store.db, { search: b?.id ?? '' })).toEqual([b?.id])
    expect(await allOf(store.db, { search: eventId })).toEqual([a?.id])
    expect(await allOf(store.db, { search: b?.id ?? '', state: 'held' })).toEqual([])
  })

  test('one request looks at so many rows and no more, says how far it came, and the next goes on from there', async () => {
    await using store = await open()
    const many = Array.from({ length: 21_000 }, (_, place) => ended({ endedAt: NOW + place }))
    const [needle] = await having(store.db, [ended({ mark: 'maybe_sent', title: 'The needle' }), ...many])

    const queries: [Record<string, string>, number][] = [
      [{ mark: 'maybe_sent' }, 20_000],
      [{ search: 'needle' }, 20_000],
      [{ destinationId: 'dst_1', search: 'needle' }, 5_000],
    ]
    for (const [query, lookedAt] of queries) {
      const pages = await pagesOf(store.db, query)

      expect(pages[0]).toMatchObject({ rows: [], searchedTo: NOW + (21_001 - lookedAt) * 1_000 })
      expect(pages).toHaveLength(Math.ceil(21_001 / lookedAt))
      expect(pages.at(-1)).toEqual({ rows: [expect.objectContaining({ id: needle?.id })] })
      expect(await countByState(store.db, DeliveryFilter.parse(query))).toEqual([])
    }
    const byEnd = await pagesOf(store.db, { by: 'ended', search: 'needle' })
    expect(byEnd.flatMap(({ rows }) => idsOf(rows))).toEqual([needle?.id])
    const counted = await countByState(store.db, DeliveryFilter.parse({ destinationId: 'dst_1' }))
    expect(counted).toEqual([{ state: 'delivered', count: 10_000, oldestAt: expect.any(Number), atLeast: true }])
  })

  test('what waits is counted, however much was delivered since', async () => {
    await using store = await open()
    const later = { state: 'pending', rank: 1, dueAt: NOW + 86_400_000 } as const
    const filler = Array.from({ length: 20_001 }, (_, place) => ({ createdAt: NOW + 10 + place }))
    await having(store.db, [
      later,
      { ...later, createdAt: NOW + 1 },
      ...filler.map((each) => ({ ...ended({}), ...each })),
    ])

    const counted = await countByState(store.db, DeliveryFilter.parse({}))
    const sinceThen = await countByState(store.db, DeliveryFilter.parse({ from: toInstant(NOW + 1) }))

    expect(counted.find(({ state }) => state === 'pending')).toEqual({ state: 'pending', count: 2, oldestAt: NOW })
    expect(counted.find(({ state }) => state === 'delivered')).toMatchObject({ count: 10_000, atLeast: true })
    expect(toCounts(counted)).toMatchObject({ total: 10_002, atLeast: true, statesAtLeast: ['delivered'] })
    expect(sinceThen.find(({ state }) => state === 'pending')).toMatchObject({ count: 1, oldestAt: NOW + 1 })
  })

  test('more requests than one page may look at are read in stretches, each delivery once', async () => {
    await using store = await open()
    const rows = await having(store.db, [ended({}), ended({}), ended({})])
    const [a, b, c] = idsOf(rows)
    const filler = Array.from({ length: 5_000 }, (_, place) => attempt(place, b, NOW + 10 + place))
    await insertAttempts(store.db, [
      attempt(30_000, a, NOW + 1),
      attempt(30_001, c, NOW + 2),
      ...filler,
      attempt(30_002, c, NOW + 99_999),
    ])
    const query = { by: 'attempted', from: toInstant(NOW), to: toInstant(NOW + 100_000) }

    const pages = await pagesOf(store.db, query)

    expect(pages.map((page) => idsOf(page.rows))).toEqual([[c, b], [a]])
    expect(pages[0]?.searchedTo).toBeGreaterThan(NOW)
    expect(await countByState(store.db, DeliveryFilter.parse(query))).toMatchObject([{ count: 2, atLeast: true }])
  })

  test.each([
    { cursor: 'nonsense' },
    { cursor: 'nonsense', by: 'ended' },
    { cursor: 'dlv_1', by: 'ended' },
    { cursor: '17.dlv_1' },
    { cursor: "1' or 1=1", by: 'attempted' },
  ])('a cursor of no page is refused: %o', async (query) => {
    await using store = await open()

    await expect(listDeliveryRows(store.db, ListDeliveries.parse(query))).rejects.toMatchObject({
      code: 'invalid',
      field: 'cursor',
    })
  })
})

eachStore('what changed', (open) => {
  test('since an instant is what is new, ended, in flight or in another state than before', async () => {
    await using store = await open()
    const long = { createdAt: NOW - 3_600_000 }
    const rows = await having(store.db, [
      { ...long, title: 'waits as it did' },
      { ...long, ...ended({ endedAt: NOW - 1_000, stateAt: NOW - 1_000 }), title: 'ended before' },
      { ...long, ...ended({ endedAt: NOW + 5, stateAt: NOW + 5 }), title: 'ended' },
      { ...long, state: 'held', stateAt: NOW + 5, title: 'held' },
      { ...long, state: 'retrying', stateAt: NOW + 5, title: 'retrying' },
      { ...long, state: 'pending', stateAt: NOW + 5, title: 'released' },
      { ...long, state: 'sending', stateAt: NOW + 5, destinationId: 'dst_9', title: 'in flight' },
      { createdAt: NOW + 5, title: 'new' },
    ])

    const changed = await listChanged(store.db, NOW, 100)

    expect(changed.isAll).toBe(true)
    expect(changed.rows.map(({ title }) => title).sort()).toEqual(
      rows
        .slice(2)
        .map(({ title }) => title)
        .sort(),
    )
    expect((await listChanged(store.db, NOW - 7_200_000, 1)).isAll).toBe(false)
  })
})

eachStore('what hangs together with a delivery', (open) => {
  test('is found from both ends, each once, with the nearest reason', async () => {
    await using store = await open()
    const place = { destinationId: 'dst_1' }
    const [old] = await having(store.db, [ended({ state: 'failed', eventId: 'evt_1', updateKey: 'k', ...place })])
    const [replay, part, twin, change, page] = await having(store.db, [
      { replayOf: old?.id ?? '', eventId: 'evt_1', createdAt: NOW + 50 },
      { partOf: old?.id ?? '' },
      { eventId: 'evt_1', destinationId: 'dst_2' },
      { updateKey: 'k', createdAt: NOW + 60_000, ...place },
      { origin: 'summary' },
    ])
    if (!old || !replay || !change || !page) throw new Error('rows were made')

    const related = await listRelated(store.db, old, 50)

    expect(related.map(({ id, why }) => [why, id])).toEqual([
      ['replay', replay.id],
      ['part', part?.id],
      ['same_event', twin?.id],
      ['changed_by', change.id],
    ])
    expect((await listRelated(store.db, replay, 50)).map(({ why }) => why)).toEqual(['replay_of', 'same_event'])
    expect((await listRelated(store.db, change, 50)).map(({ id, why }) => [why, id])).toEqual([['changes', old.id]])
    expect(await listRelated(store.db, old, 2)).toHaveLength(2)
  })
})

function attempt(number: number, deliveryId: string | undefined, endedAt: number): SavedAttempt {
  return {
    id: `att_${String(number).padStart(6, '0')}`,
    deliveryId: deliveryId ?? '',
    integrationId: 'int_1',
    number: 1,
    method: 'chat.postMessage',
    startedAt: endedAt,
    endedAt,
    tookMs: 1.5,
    outcome: 'sent',
    code: null,
    httpStatus: 200,
    requestId: null,
    retryAfterMs: null,
    request: '{}',
    response: '{}',
  }
}

test('what was asked of Slack is searched for without a look at every request or message there is', async () => {
  await using store = await openStore('postgres')
  await sql`
    insert into deliveries (id, integration_id, destination_id, origin, title, message, priority, state, tries, due_at,
      created_at, created_by)
    select 'dlv_' || lpad(i::text, 22, '0'), 'int_1', 'dst_1', 'event', 'Hello', '{}', 'normal', 'delivered', 1, 0,
      ${NOW}::bigint + i, 'a test' from generate_series(1, 60000) as i`.execute(store.db)
  await sql`
    insert into attempts (id, delivery_id, integration_id, number, method, started_at, ended_at, took_ms, outcome, request,
      response)
    select 'att_' || i, 'dlv_' || lpad(i::text, 22, '0'), 'int_1', 1, 'chat.postMessage', 0, ${NOW}::bigint + i, 1, 'sent',
      '{}', '{}' from generate_series(1, 60000) as i`.execute(store.db)
  await sql`vacuum analyze`.execute(store.db)
  const window = { from: toInstant(NOW + 1_000), to: toInstant(NOW + 3_000) }

  for (const query of [{ method: 'files.upload' }, { by: 'attempted', ...window }]) {
    const { read, rows } = await store.db.transaction().execute(async (trx) => {
      const page = await listDeliveryRows(trx, ListDeliveries.parse(query))
      const counted = await sql<{ read: string }>`
        select sum(pg_stat_get_xact_tuples_returned(oid) + pg_stat_get_xact_tuples_fetched(oid)) as read from pg_class
        where relname in ('deliveries', 'attempts')`.execute(trx)
      return { read: Number(counted.rows[0]?.read), rows: page.rows.length }
    })
    expect(rows).toBe('by' in query ? 50 : 0)
    expect(read, JSON.stringify(query)).toBeLessThan(50_000)
  }
})
