import type { DeliveryFilter, ListDeliveries } from '../../shared/deliveries.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import { found } from '../lib/paging.ts'
import { countAttempted, pageOfAttempted } from './log/attempted-store.ts'
import { soughtBy } from './log/filter-store.ts'
import type { Order } from './log/paths-store.ts'
import { countStates, type ListedDelivery, type Place, type StateCount, walk } from './log/walk-store.ts'
import type { SavedAttempt, SavedDelivery } from './store.ts'

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

/** One page of the log. With `searchedTo` it is not full, though what is older than that instant was not searched yet. */
export type PageOfRows = { rows: ListedDelivery[]; next?: string; searchedTo?: number }

/** One page, newest first: by when they ended if the window speaks of that, else by when they were accepted. */
export async function listDeliveryRows(db: Db, { cursor, limit, ...filter }: ListDeliveries): Promise<PageOfRows> {
  if (filter.by === 'attempted') return listAttempted(db, { cursor, limit, ...filter })
  const order = filter.by === 'ended' ? 'end' : 'id'
  const after = cursor ? placeOf(cursor, order) : undefined
  const { rows, reached } = await walk(db, soughtBy(filter), { order, direction: 'newest', after, limit: limit + 1 })
  const given = rows.slice(0, limit)
  const last = given.at(-1)
  if (rows.length > limit && last) {
    return { rows: given, next: cursorOf({ id: last.id, endedAt: Number(last.endedAt) }, order) }
  }
  if (!reached) return { rows: given }
  const searchedTo = order === 'end' ? reached.endedAt : Number((await getDelivery(db, reached.id)).createdAt)
  return { rows: given, next: cursorOf(reached, order), searchedTo }
}

/** The rows beside one in the order that the filter gives its list. One that has not ended stands in no list by its end. */
export async function findNeighbours(
  db: Db,
  { id, endedAt }: Pick<SavedDelivery, 'id' | 'endedAt'>,
  filter: DeliveryFilter,
): Promise<{ newer?: string; older?: string }> {
  if (filter.by === 'ended' && endedAt === null) return {}
  const order = filter.by === 'ended' ? 'end' : 'id'
  const beside = async (direction: 'newest' | 'oldest') => {
    const after = { id, endedAt: Number(endedAt) }
    const { rows } = await walk(db, soughtBy(filter), { order, direction, after, limit: 1 })
    return rows[0]?.id
  }
  const [newer, older] = [await beside('oldest'), await beside('newest')]
  return { ...(newer && { newer }), ...(older && { older }) }
}

/** How many fit, by state, and since when the oldest of them is there. Above ten thousand they are not counted to the end. */
export async function countByState(db: Db, filter: DeliveryFilter): Promise<StateCount[]> {
  const sought = soughtBy(filter)
  return filter.by === 'attempted' ? countAttempted(db, sought) : countStates(db, sought, MOST_COUNTED)
}

const MOST_COUNTED = 10_000

/** A cursor of this order is `<end of the stretch>.<last id given out>`, the id left out where a stretch begins. */
async function listAttempted(db: Db, { cursor, limit, ...filter }: ListDeliveries): Promise<PageOfRows> {
  const [, endsAt, after] = cursor ? (/^(\d{1,16})\.(\w{0,60})$/.exec(cursor) ?? refuseCursor()) : []
  const { rows, stretch } = await pageOfAttempted(db, soughtBy(filter), {
    endsAt: endsAt === undefined ? undefined : Number(endsAt),
    after: after || undefined,
    limit: limit + 1,
  })
  const given = rows.slice(0, limit)
  if (rows.length > limit) return { rows: given, next: `${stretch.before}.${given.at(-1)?.id}` }
  return stretch.goesOn ? { rows: given, next: `${stretch.from}.`, searchedTo: stretch.from } : { rows: given }
}

/** An id; in the order of ends `<ended at>.<id>`. */
function cursorOf({ id, endedAt }: Place, order: Order): string {
  return order === 'end' ? `${endedAt}.${id}` : id
}

function placeOf(cursor: string, order: Order): Place {
  const shape = order === 'end' ? /^(\d{1,15})\.(dlv_\w{1,60})$/ : /^()(dlv_\w{1,60})$/
  const [, endedAt, id = ''] = shape.exec(cursor) ?? refuseCursor()
  return { id, endedAt: Number(endedAt) }
}

function refuseCursor(): never {
  throw new Refusal('invalid', 'cursor: This is not the `next` of a page of this list.', { field: 'cursor' })
}
