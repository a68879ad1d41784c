import { oneOf } from '../db/engine.ts'
import { insertRows } from '../db/insert-rows.ts'
import type { Db, EventsTable } from '../db/schema.ts'
import { firstIdAt } from '../lib/ids.ts'
import { found } from '../lib/paging.ts'

export type SavedEvent = EventsTable

export async function insertEvents(db: Db, rows: readonly SavedEvent[]): Promise<void> {
  await insertRows(db, 'events', EVENT, rows)
}

export async function findEvent(db: Db, id: string): Promise<SavedEvent | undefined> {
  return db.selectFrom('events').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Refuses when there is none. */
export async function getEvent(db: Db, id: string): Promise<SavedEvent> {
  return found(await findEvent(db, id), 'event', id)
}

/** Events as they were taken. */
export async function listEventBodies(db: Db, ids: readonly string[]): Promise<Pick<SavedEvent, 'id' | 'body'>[]> {
  return db.selectFrom('events').select(['id', 'body']).where('id', 'in', oneOf(db, ids)).execute()
}

/** Events that were accepted from one instant until before another, oldest first, a page at a time. */
export async function listEventsBetween(
  db: Db,
  { from, to, types }: { from: number; to: number; types?: readonly string[] | undefined },
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<SavedEvent[]> {
  return db
    .selectFrom('events')
    .selectAll()
    .where('id', '>=', firstIdAt('evt', from))
    .where('id', '<', firstIdAt('evt', to))
    .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
    .$if(types !== undefined, (query) => query.where('type', 'in', oneOf(db, types ?? [])))
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Those accepted before then, oldest first, a page at a time. */
export async function listOldEvents(
  db: Db,
  before: number,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<Pick<SavedEvent, 'id' | 'type' | 'acceptedAt'>[]> {
  return db
    .selectFrom('events')
    .select(['id', 'type', 'acceptedAt'])
    .where('id', '<', firstIdAt('evt', before))
    .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute()
}

export async function deleteEvents(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await db.deleteFrom('events').where('id', 'in', oneOf(db, ids)).execute()
}

/** Whether an event that was accepted between two instants was decided at this revision. */
export async function hasDecidedEvent(
  db: Db,
  revision: number,
  { from, to }: { from: number; to: number },
): Promise<boolean> {
  const row = await db
    .selectFrom('events')
    .select('id')
    .where('id', '>=', firstIdAt('evt', from))
    .where('id', '<', firstIdAt('evt', to))
    .where('routingRevision', '=', revision)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

const EVENT = {
  id: 'text',
  source: 'text',
  type: 'text',
  body: 'text',
  acceptedAt: 'bigint',
  routingRevision: 'bigint',
  routingNotes: 'text',
  landed: 'text',
} as const satisfies {
  [Name in keyof SavedEvent]: string
}
