import type { ExpressionBuilder, SelectQueryBuilder } from 'kysely'
import type { DeliveryState, ListDeliveries } from '../../shared/deliveries.ts'
import { containsText } from '../db/engine.ts'
import type { Database, Db } from '../db/schema.ts'
import { found } from '../lib/paging.ts'
import type { SavedAttempt, SavedDelivery } from './store.ts'

/** A delivery as a list shows it: without its message, which may be long. */
export type ListedDelivery = Omit<SavedDelivery, 'message'>
export type DeliveryFilter = Omit<ListDeliveries, 'cursor' | 'limit'>

export async function findDelivery(db: Db, id: string): Promise<SavedDelivery | undefined> {
  return db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Refuses when there is none. */
export async function getDelivery(db: Db, id: string): Promise<SavedDelivery> {
  return found(await findDelivery(db, id), 'delivery', id)
}

/** Every request made for a delivery, in the order they were made. */
export async function listAttempts(db: Db, deliveryId: string): Promise<SavedAttempt[]> {
  return db.selectFrom('attempts').selectAll().where('deliveryId', '=', deliveryId).orderBy('id').execute()
}

/** One page, newest first: by when they ended if the window speaks of that, else by when they were accepted. */
export async function listDeliveryRows(
  db: Db,
  { cursor, limit, ...filter }: ListDeliveries,
): Promise<{ rows: ListedDelivery[]; next?: string }> {
  const matching = filtered(db, filter).select(LISTED)
  const rows = await (filter.by === 'ended'
    ? matching
        .$if(Boolean(cursor), (query) => query.where(endedBefore(cursor ?? '')))
        .orderBy('endedAt', 'desc')
        .orderBy('id', 'desc')
    : matching.$if(Boolean(cursor), (query) => query.where('id', '<', cursor ?? '')).orderBy('id', 'desc')
  )
    .limit(limit + 1)
    .execute()
  const given = rows.slice(0, limit)
  const last = given.at(-1)
  if (rows.length <= limit || !last) return { rows: given }
  return { rows: given, next: filter.by === 'ended' ? `${last.endedAt}.${last.id}` : last.id }
}

/** The rows beside one in the order that the filter gives its list. One that has not ended stands in no list by its end. */
export async function findNeighbours(
  db: Db,
  { id, endedAt }: Pick<SavedDelivery, 'id' | 'endedAt'>,
  filter: DeliveryFilter,
): Promise<{ newer?: string; older?: string }> {
  if (filter.by === 'ended' && endedAt === null) return {}
  const beside = async (side: '<' | '>'): Promise<string | undefined> => {
    const direction = side === '<' ? 'desc' : 'asc'
    const matching = filtered(db, filter).select('id')
    const row = await (filter.by === 'ended'
      ? matching.where(endedBeside(side, endedAt ?? 0, id)).orderBy('endedAt', direction)
      : matching.where('id', side, id)
    )
      .orderBy('id', direction)
      .limit(1)
      .executeTakeFirst()
    return row?.id
  }
  const [newer, older] = [await beside('>'), await beside('<')]
  return { ...(newer && { newer }), ...(older && { older }) }
}

/** How many fit, by state, and since when the oldest of them is there. */
export async function countByState(
  db: Db,
  filter: DeliveryFilter,
): Promise<{ state: DeliveryState; count: number; oldestAt: number }[]> {
  const rows = await filtered(db, filter)
    .select((row) => ['state', row.fn.countAll().as('count'), row.fn.min('createdAt').as('oldestAt')])
    .groupBy('state')
    .execute()
  return rows.map((row) => ({ state: row.state, count: Number(row.count), oldestAt: Number(row.oldestAt) }))
}

const LISTED = [
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
] as const satisfies (keyof ListedDelivery)[]

/** A cursor of the second order: `<ended at>.<id>` of the last one given out. One that is not of ours finds nothing. */
function endedBefore(cursor: string) {
  const [instant = '', id = ''] = cursor.split('.')
  return endedBeside('<', /^\d{1,15}$/.test(instant) ? Number(instant) : 0, id)
}

function endedBeside(side: '<' | '>', endedAt: number, id: string) {
  return ({ or, and, eb }: ExpressionBuilder<Database, 'deliveries'>) =>
    or([eb('endedAt', side, endedAt), and([eb('endedAt', '=', endedAt), eb('id', side, id)])])
}

type Deliveries = SelectQueryBuilder<Database, 'deliveries', unknown>

/** The window takes in its beginning and leaves out its end, as the points of a chart do. */
function filtered(db: Db, filter: DeliveryFilter): Deliveries {
  const { state, integrationId, destinationId, code, search, by } = filter
  let query: Deliveries = db.selectFrom('deliveries')
  if (state) query = query.where('state', 'in', state as DeliveryState[])
  if (integrationId) query = query.where('integrationId', '=', integrationId)
  if (destinationId) query = query.where('destinationId', '=', destinationId)
  if (search) {
    query = query.where(({ or }) =>
      or(['title', 'destination_name', 'id'].map((column) => containsText(db, column, search))),
    )
  }
  if (by === 'attempted') return query.where('id', 'in', attemptedIn(db, filter))
  if (code) query = query.where('code', '=', code)
  if (filter.method) query = query.where('id', 'in', attemptedIn(db, { method: filter.method }))
  const instant = by === 'ended' ? 'endedAt' : 'createdAt'
  if (by === 'ended') query = query.where('endedAt', 'is not', null)
  if (filter.from) query = query.where(instant, '>=', Date.parse(filter.from))
  if (filter.to) query = query.where(instant, '<', Date.parse(filter.to))
  return query
}

/** Deliveries that had a request like this; the window and the code then speak of the request. */
function attemptedIn(db: Db, { from, to, method, code }: Partial<DeliveryFilter>) {
  let query = db.selectFrom('attempts').select('deliveryId')
  if (from) query = query.where('endedAt', '>=', Date.parse(from))
  if (to) query = query.where('endedAt', '<', Date.parse(to))
  if (method) query = query.where('method', '=', method)
  if (code) query = query.where('code', '=', code)
  return query
}
