import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { DeliveryState } from '../../../shared/deliveries.ts'
import { goingAlong } from '../../db/engine.ts'
import type { Db, DeliveriesTable } from '../../db/schema.ts'
import { type Deliveries, matching, remaining, type Sought, withinWindow } from './filter-store.ts'
import { type Order, type Path, pathsOf, statesWithIndex } from './paths-store.ts'

/** A delivery as a list shows it: without its message, which may be long. */
export type ListedDelivery = Omit<DeliveriesTable, 'message'>

/** Where a walk stands: the last row that was looked at. `endedAt` counts in the order of ends only. */
export type Place = { id: string; endedAt: number }
export type Walk = { order: Order; direction: 'newest' | 'oldest'; after?: Place | undefined; limit: number }
export type Walked = {
  rows: ListedDelivery[]
  /** The walk broke off here: as many rows were looked at as one request may, and there are more. */
  reached?: Place
}

/**
 * Rows that one request looks at, at most, whatever the filter leaves of them; most pages are full after the first part.
 * Rows that were made one after another lie together; others are each read from another place.
 */
const WINDOWS = { together: [1_000, 19_000], apart: [1_000, 4_000] } as const

/**
 * Rows that fit, in order, `limit` at most. One index is walked along, chosen by the filter, and what else the filter
 * asks is tried on a bounded number of rows: ten million of them cost no more than ten thousand do.
 */
export async function walk(db: Db, sought: Sought, { order, direction, after, limit }: Walk): Promise<Walked> {
  const paths = pathsOf(sought, order)
  const along = paths[0]?.columns ?? []
  const rest = remaining(db, sought, along)
  const isSifted = rest.length > 0 || (order === 'id' && sought.filter.by === 'ended')
  let rows: ListedDelivery[] = []
  let place = after
  for (const size of isSifted ? WINDOWS[lieOf(paths)] : [undefined]) {
    const strip: Strip = { order, direction, after: place, sought }
    const end = size === undefined ? undefined : await endOfWindow(db, paths, strip, size)
    for (const path of paths) {
      const query = stripOf(db, path, { ...strip, upTo: end }).select(LISTED)
      rows.push(...(await matching(query, rest).limit(limit).execute()))
    }
    rows = sortedRows(rows, order, direction).slice(0, limit)
    if (rows.length === limit || end === undefined) return { rows }
    place = end
  }
  return { rows, ...(place && { reached: place }) }
}

export type StateCount = { state: DeliveryState; count: number; oldestAt: number; atLeast?: true }

/** How many fit, by state; not more than `most` are counted of anything, nor more rows looked at than a walk may. */
export async function countStates(db: Db, sought: Sought, most: number): Promise<StateCount[]> {
  const apart = countedApart(sought)
  const counts: StateCount[] = apart.length > 1 ? await countInLine(db, sought, most) : []
  for (const part of apart) {
    const order = part.filter.by === 'ended' ? 'end' : 'id'
    const paths = pathsOf(part, order)
    const rest = remaining(db, part, paths[0]?.columns ?? [])
    for (const path of paths) {
      const strip: Strip = { order, direction: 'newest', after: undefined, sought: part }
      const end = rest.length > 0 ? await endOfWindow(db, [path], strip, mostLookedAt(paths)) : undefined
      const query = stripOf(db, path, { ...strip, upTo: end }).select(['state', 'createdAt'])
      const found = await db
        .selectFrom(
          matching(query, rest)
            .limit(most + 1)
            .as('found'),
        )
        .select((row) => ['found.state', row.fn.countAll().as('count'), row.fn.min('found.createdAt').as('oldestAt')])
        .groupBy('found.state')
        .execute()
      const total = found.reduce((sum, { count }) => sum + Number(count), 0)
      const atLeast = end !== undefined || total > most ? { atLeast: true as const } : {}
      counts.push(
        ...found.map(({ state, count, oldestAt }) => ({
          state,
          count: Math.min(Number(count), most),
          oldestAt: Number(oldestAt),
          ...atLeast,
        })),
      )
    }
  }
  return counts
}

/**
 * What waits for its first attempt, however much was made and delivered since: along the lines of all destinations, where
 * nothing else stands but what is tried again or held.
 */
async function countInLine(db: Db, sought: Sought, most: number): Promise<StateCount[]> {
  const { ids } = sought
  let query: Deliveries = db.selectFrom(
    goingAlong<DeliveriesTable, 'deliveries'>(db, 'deliveries', 'deliveries_in_line'),
  )
  query = matching(query, [(row) => row('rank', 'is not', null), ...withinWindow(sought)])
  if (ids.from) query = query.where('id', '>=', ids.from)
  if (ids.before) query = query.where('id', '<', ids.before)
  const { looked, count, oldestAt } = await db
    .selectFrom(
      query
        .select(['state', 'createdAt'])
        .limit(2 * most + 1)
        .as('found'),
    )
    .select((row) => [
      row.fn.countAll().as('looked'),
      row.fn.countAll().filterWhere('found.state', '=', 'pending').as('count'),
      row.fn.min('found.createdAt').filterWhere('found.state', '=', 'pending').as('oldestAt'),
    ])
    .executeTakeFirstOrThrow()
  if (Number(count) === 0) return []
  const atLeast = Number(looked) > 2 * most || Number(count) > most ? { atLeast: true as const } : {}
  return [{ state: 'pending', count: Math.min(Number(count), most), oldestAt: Number(oldestAt), ...atLeast }]
}

/**
 * Where nothing else narrows the log, each of the rarer states is counted along its own index, however old its rows are;
 * what waits is counted in its lines.
 */
function countedApart(sought: Sought): Sought[] {
  const { filter, exact, states } = sought
  const isWide = exact.length === 0 && !states && !filter.search && !filter.method && filter.by === 'created'
  if (!isWide) return [sought]
  return [
    { ...sought, states: [...statesWithIndex] },
    { ...sought, states: ['delivered'] },
  ]
}

export const LISTED = [
  'id',
  'eventId',
  'integrationId',
  'integrationName',
  'destinationId',
  'destinationKind',
  'destinationName',
  'origin',
  'title',
  'priority',
  'state',
  'stateAt',
  'tries',
  'dueAt',
  'claimedBy',
  'leaseEndsAt',
  'createdAt',
  'createdBy',
  'endedAt',
  'deliveredAt',
  'messageTs',
  'conversationId',
  'permalink',
  'code',
  'mark',
  'replayOf',
  'rank',
  'queueAt',
  'type',
  'recipient',
  'action',
  'threadKey',
  'threadTs',
  'broadcast',
  'updateKey',
  'updateTrail',
  'dedupeKey',
  'targetId',
  'partOf',
  'foldedInto',
  'duplicateOf',
  'policy',
  'maxAttempts',
  'nextAttemptDelayMs',
  'foldAfter',
  'unsureSince',
  'looks',
  'fileId',
  'uploadId',
  'replayId',
  'detail',
] as const satisfies (keyof ListedDelivery)[]

const lieOf = (paths: Path[]) => (paths.every(({ columns }) => columns.length === 0) ? 'together' : 'apart')
const mostLookedAt = (paths: Path[]): number => WINDOWS[lieOf(paths)].reduce((sum, size) => sum + size, 0)

type Strip = {
  order: Order
  direction: Walk['direction']
  after: Place | undefined
  upTo?: Place | undefined
  sought: Sought
}

/** A path from one place to another, in order. */
function stripOf(db: Db, { index, conditions }: Path, { order, direction, after, upTo, sought }: Strip): Deliveries {
  const { ids } = sought
  let query: Deliveries = db.selectFrom(goingAlong<DeliveriesTable, 'deliveries'>(db, 'deliveries', index))
  query = matching(query, [...conditions, ...withinWindow(sought)])
  if (ids.from) query = query.where('id', '>=', ids.from)
  if (ids.before) query = query.where('id', '<', ids.before)
  if (after) query = query.where(beyond(after, order, direction === 'newest' ? '<' : '>'))
  if (upTo) query = query.where(beyond(upTo, order, direction === 'newest' ? '>=' : '<='))
  const way = direction === 'newest' ? 'desc' : 'asc'
  if (order === 'end') query = query.where('endedAt', 'is not', null).orderBy('endedAt', way)
  return query.orderBy('id', way)
}

function beyond({ id, endedAt }: Place, order: Order, side: '<' | '>' | '<=' | '>='): RawBuilder<SqlBool> {
  const than = sql.raw(side)
  return order === 'end'
    ? sql<SqlBool>`(deliveries.ended_at, deliveries.id) ${than} (${endedAt}, ${id})`
    : sql<SqlBool>`deliveries.id ${than} ${id}`
}

/** The row that is `size` rows on, by the index alone; of several paths the one that gets least far. Undefined: they end before. */
async function endOfWindow(db: Db, paths: Path[], strip: Strip, size: number): Promise<Place | undefined> {
  const ends: Place[] = []
  for (const path of paths) {
    const row = await stripOf(db, path, { ...strip, sought: withoutInstants(strip.sought, strip.order) })
      .select(strip.order === 'end' ? ['id', 'endedAt'] : ['id'])
      .offset(size - 1)
      .limit(1)
      .executeTakeFirst()
    if (row) ends.push({ id: row.id, endedAt: Number(row.endedAt ?? 0) })
  }
  return sortedRows(ends, strip.order, strip.direction)[0]
}

/** An instant that the index doesn't hold would be read from each row. */
function withoutInstants(sought: Sought, order: Order): Sought {
  if (order === 'end') return sought
  const { from: _, to: __, ...filter } = sought.filter
  return { ...sought, filter: { ...filter, by: 'created' } }
}

function sortedRows<Row extends { id: string; endedAt: number | null }>(
  rows: Row[],
  order: Order,
  direction: Walk['direction'],
): Row[] {
  const sign = direction === 'newest' ? -1 : 1
  const compared = (a: Row, b: Row) =>
    (order === 'end' ? Number(a.endedAt) - Number(b.endedAt) : 0) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  return [...rows].sort((a, b) => sign * compared(a, b))
}
