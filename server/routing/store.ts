import { oneOf } from '../db/engine.ts'
import type { Db, NotificationTypesTable } from '../db/schema.ts'

export type SavedType = NotificationTypesTable

/** The settings of these types; a type without any is treated as the defaults say. */
export async function findTypeSettings(db: Db, types: readonly string[]): Promise<Map<string, SavedType>> {
  if (types.length === 0) return new Map()
  const rows = await db.selectFrom('notificationTypes').selectAll().where('type', 'in', oneOf(db, types)).execute()
  return new Map(rows.map((row) => [row.type, row]))
}

/** One page in the order of their names, and one row more when there is a next page. */
export async function listTypes(db: Db, page: { cursor?: string | undefined; limit: number }): Promise<SavedType[]> {
  return db
    .selectFrom('notificationTypes')
    .selectAll()
    .$if(page.cursor !== undefined, (query) => query.where('type', '>', page.cursor ?? ''))
    .orderBy('type')
    .limit(page.limit + 1)
    .execute()
}

/** Makes sure that a type has a row, and locks it until the transaction ends. */
export async function lockType(db: Db, fresh: SavedType): Promise<SavedType> {
  return db
    .insertInto('notificationTypes')
    .values(fresh)
    .onConflict((conflict) => conflict.column('type').doUpdateSet((row) => ({ type: row.ref('excluded.type') })))
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function updateType(db: Db, row: SavedType): Promise<void> {
  const { type, ...columns } = row
  await db.updateTable('notificationTypes').set(columns).where('type', '=', type).execute()
}

/** Tells every replica that what decides has changed. In the transaction of the change itself. */
export async function countRevision(db: Db): Promise<void> {
  await db
    .updateTable('routingState')
    .set((row) => ({ revision: row('revision', '+', 1) }))
    .execute()
}
