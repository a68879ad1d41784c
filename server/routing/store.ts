import { awaitReaders, oneOf } from '../db/engine.ts'
import type { Db, NotificationTypesTable, RoutingSnapshotsTable } from '../db/schema.ts'

export type SavedType = NotificationTypesTable

/** The settings of these types; a type without any is treated as the defaults say. */
export async function findTypeSettings(db: Db, types: readonly string[]): Promise<Map<string, SavedType>> {
  if (types.length === 0) return new Map()
  const rows = await db.selectFrom('notificationTypes').selectAll().where('type', 'in', oneOf(db, types)).execute()
  return new Map(rows.map((row) => [row.type, row]))
}

/** Those of these types that are paused. */
export async function findPausedTypes(db: Db, types: readonly string[]): Promise<Set<string>> {
  const settings = await findTypeSettings(db, types)
  return new Set(types.filter((type) => (settings.get(type)?.pausedAt ?? null) !== null))
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

/** How long what belongs to each type is kept, and repeats of it are told. */
export async function listKeptTypes(db: Db): Promise<Pick<SavedType, 'type' | 'retentionDays' | 'dedupeWindowMs'>[]> {
  return db.selectFrom('notificationTypes').select(['type', 'retentionDays', 'dedupeWindowMs']).execute()
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

/** Whoever takes in events by the settings as they stood before has written them once this is true. */
export async function awaitOldSettings(db: Db): Promise<boolean> {
  return (await awaitReaders(db, 'notification_types')) && (await awaitReaders(db, 'routing_state'))
}

export async function updateType(db: Db, row: SavedType): Promise<void> {
  const { type, ...columns } = row
  await db.updateTable('notificationTypes').set(columns).where('type', '=', type).execute()
}

export async function deleteTypeRow(db: Db, type: string): Promise<void> {
  await db.deleteFrom('notificationTypes').where('type', '=', type).execute()
}

/**
 * Tells every replica that what decides has changed. Before all else in the transaction of the change itself: there those
 * who change it wait for each other, and none in a circle.
 */
export async function countRevision(db: Db): Promise<void> {
  await db
    .updateTable('routingState')
    .set((row) => ({ revision: row('revision', '+', 1) }))
    .execute()
}

/** The revision of all that decides, and the fallback. */
export async function readRoutingState(db: Db): Promise<{ revision: number; fallback: string }> {
  const { revision, fallback } = await db
    .selectFrom('routingState')
    .select(['revision', 'fallback'])
    .executeTakeFirstOrThrow()
  return { revision: Number(revision), fallback }
}

/** The revision alone: all that taking in an event asks. */
export async function readRevision(db: Db): Promise<number> {
  const { revision } = await db.selectFrom('routingState').select('revision').executeTakeFirstOrThrow()
  return Number(revision)
}

export async function updateFallback(db: Db, fallback: string): Promise<void> {
  await db.updateTable('routingState').set({ fallback }).execute()
}

/** Every type that somebody has set anything for. */
export async function listAllTypes(db: Db): Promise<SavedType[]> {
  return db.selectFrom('notificationTypes').selectAll().orderBy('type').execute()
}

/** Keeps what decided at a revision; the first to keep it is right, since all replicas have the same. */
export async function insertSnapshot(db: Db, row: RoutingSnapshotsTable): Promise<void> {
  await db
    .insertInto('routingSnapshots')
    .values(row)
    .onConflict((conflict) => conflict.column('revision').doNothing())
    .execute()
}

export async function findSnapshot(db: Db, revision: number): Promise<RoutingSnapshotsTable | undefined> {
  return db.selectFrom('routingSnapshots').selectAll().where('revision', '=', revision).executeTakeFirst()
}

/** When snapshots were kept first, in the order of their revisions, a page at a time. */
export async function listSnapshotTimes(
  db: Db,
  { after, limit }: { after: number; limit: number },
): Promise<Pick<RoutingSnapshotsTable, 'revision' | 'at'>[]> {
  const rows = await db
    .selectFrom('routingSnapshots')
    .select(['revision', 'at'])
    .where('revision', '>', after)
    .orderBy('revision')
    .limit(limit)
    .execute()
  return rows.map(({ revision, at }) => ({ revision: Number(revision), at: Number(at) }))
}

export async function deleteSnapshots(db: Db, revisions: readonly number[]): Promise<void> {
  if (revisions.length === 0) return
  await db.deleteFrom('routingSnapshots').where('revision', 'in', revisions).execute()
}
