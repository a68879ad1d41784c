import type { Expression, ExpressionBuilder, SelectQueryBuilder, SqlBool } from 'kysely'
import type { DeliveryFilter } from '../../../shared/deliveries.ts'
import { containsText } from '../../db/engine.ts'
import type { Database, Db } from '../../db/schema.ts'
import { firstIdAt } from '../../lib/ids.ts'

export type Deliveries<Row = unknown> = SelectQueryBuilder<Database, 'deliveries', Row>
type Row = ExpressionBuilder<Database, 'deliveries'>
export type Condition = (row: Row) => Expression<SqlBool>

/** The filter in the form that queries are made from. */
export type Sought = {
  filter: DeliveryFilter
  /** Columns that have to hold exactly this. */
  exact: { column: ExactColumn; value: string }[]
  states: DeliveryFilter['state']
  /** Ids that the window of `created` leaves over. */
  ids: { from?: string; before?: string }
  /** What has to hold besides. */
  also?: Condition[]
}
export type ExactColumn = (typeof EXACT)[number]

/** In the order in which they are worth going along: the first leaves the fewest rows. */
const EXACT = [
  'id',
  'eventId',
  'replayId',
  'recipient',
  'destinationId',
  'code',
  'type',
  'integrationId',
  'mark',
] as const satisfies (keyof Database['deliveries'])[]

/** What is searched for by a whole id is found at once. */
export function soughtBy(given: DeliveryFilter): Sought {
  const search = given.search ?? ''
  const filter: DeliveryFilter = {
    ...given,
    ...(WHOLE_EVENT_ID.test(search) && { search: undefined, eventId: search }),
    ...(WHOLE_ID.test(search) && { search: undefined }),
  }
  const exact = EXACT.flatMap((column) => {
    const value = column === 'id' ? (WHOLE_ID.test(search) ? search : undefined) : filter[column]
    // A code is the attempt's there.
    return value && !(column === 'code' && filter.by === 'attempted') ? [{ column, value }] : []
  })
  return { filter, exact, states: filter.state, ids: filter.by === 'created' ? idsBetween(filter) : {} }
}

const WHOLE_ID = /^dlv_[0-9a-hjkmnp-tv-z]{22}$/
const WHOLE_EVENT_ID = /^evt_[0-9a-hjkmnp-tv-z]{22}$/

/** An id is made in the moment of its delivery, or later by as much as a clock was set back. */
function idsBetween({ from, to }: DeliveryFilter): Sought['ids'] {
  return {
    ...(from && { from: firstIdAt('dlv', Date.parse(from)) }),
    ...(to && { before: firstIdAt('dlv', Date.parse(to) + LATEST_ID_MS) }),
  }
}

const LATEST_ID_MS = 1_000

/** Everything of the filter but the columns that a query goes along already. */
export function remaining(db: Db, { filter, exact, states, also = [] }: Sought, along: readonly string[]): Condition[] {
  const { search, method, by } = filter
  const conditions: Condition[] = exact
    .filter(({ column }) => !along.includes(column))
    .map(
      ({ column, value }) =>
        (row) =>
          row(column, '=', value),
    )
  if (states && !along.includes('state')) conditions.push((row) => row('state', 'in', states))
  if (search) {
    conditions.push(({ or }) =>
      or(['title', 'destination_name', 'id'].map((column) => containsText(db, `deliveries.${column}`, search))),
    )
  }
  if (by === 'attempted') conditions.push(wasAttempted(filter))
  else if (method) conditions.push(wasAttempted({ method }))
  return [...conditions, ...also]
}

/** The window takes in its beginning and leaves out its end, as the points of a chart do. */
export function withinWindow({ filter: { by, from, to } }: Sought): Condition[] {
  if (by === 'attempted') return []
  const instant = by === 'ended' ? 'endedAt' : 'createdAt'
  return [
    ...(by === 'ended' ? [(row: Row) => row('endedAt', 'is not', null)] : []),
    ...(from ? [(row: Row) => row(instant, '>=', Date.parse(from))] : []),
    ...(to ? [(row: Row) => row(instant, '<', Date.parse(to))] : []),
  ]
}

/**
 * It had a request like this; the window and the code then speak of the request. Asked of each delivery that is tried: as
 * `exists`, PostgreSQL would join them, and read all requests there ever were.
 */
function wasAttempted({ from, to, method, code }: Partial<DeliveryFilter>): Condition {
  return ({ eb, selectFrom }) => {
    let query = selectFrom('attempts').select('attempts.id').whereRef('attempts.deliveryId', '=', 'deliveries.id')
    if (from) query = query.where('attempts.endedAt', '>=', Date.parse(from))
    if (to) query = query.where('attempts.endedAt', '<', Date.parse(to))
    if (method) query = query.where('attempts.method', '=', method)
    if (code) query = query.where('attempts.code', '=', code)
    return eb(query.limit(1), 'is not', null)
  }
}

export function matching<Kept>(query: Deliveries<Kept>, conditions: readonly Condition[]): Deliveries<Kept> {
  return conditions.reduce((narrowed, condition) => narrowed.where(condition), query)
}
