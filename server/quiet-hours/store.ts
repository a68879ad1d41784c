import { awaitReaders, locking } from '../db/engine.ts'
import type { Db, MutesTable, QuietHoursTable } from '../db/schema.ts'
import { found } from '../lib/paging.ts'

export type SavedQuietHours = QuietHoursTable
export type SavedMute = MutesTable

export async function insertQuietHours(db: Db, row: SavedQuietHours): Promise<void> {
  await db.insertInto('quietHours').values(row).execute()
}

/** Refuses when there are none. They stay as they are until the transaction ends. */
export async function lockQuietHours(trx: Db, id: string): Promise<SavedQuietHours> {
  const row = await trx.selectFrom('quietHours').selectAll().where('id', '=', id).$call(locking(trx)).executeTakeFirst()
  return found(row, 'quiet hours', id)
}

/** Refuses when there are none. */
export async function getQuietHours(db: Db, id: string): Promise<SavedQuietHours> {
  const row = await db.selectFrom('quietHours').selectAll().where('id', '=', id).executeTakeFirst()
  return found(row, 'quiet hours', id)
}

export async function updateQuietHours(db: Db, { id, ...columns }: SavedQuietHours): Promise<void> {
  await db.updateTable('quietHours').set(columns).where('id', '=', id).execute()
}

export async function deleteQuietHours(db: Db, id: string): Promise<void> {
  await db.deleteFrom('quietHours').where('id', '=', id).execute()
}

type Page = { cursor?: string | undefined; limit: number }

/** One page, oldest first, and one row more when there is a next page. */
export async function listQuietHours(db: Db, { cursor, limit }: Page): Promise<SavedQuietHours[]> {
  return db
    .selectFrom('quietHours')
    .selectAll()
    .$if(cursor !== undefined, (rows) => rows.where('id', '>', cursor ?? ''))
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export async function insertMute(db: Db, row: SavedMute): Promise<void> {
  await db.insertInto('mutes').values(row).execute()
}

/** Refuses when there is none. It stays as it is until the transaction ends. */
export async function lockMute(trx: Db, id: string): Promise<SavedMute> {
  const row = await trx.selectFrom('mutes').selectAll().where('id', '=', id).$call(locking(trx)).executeTakeFirst()
  return found(row, 'mute', id)
}

/** False: somebody has ended it before. */
export async function endMuteRow(db: Db, id: string, by: string, now: number): Promise<boolean> {
  const updated = await db
    .updateTable('mutes')
    .set({ endedAt: now, endedBy: by })
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .where('untilAt', '>', now)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

/** Those whose time is over are asked no more. Gives how many that were. */
export async function endOldMutes(db: Db, now: number): Promise<number> {
  const isOver = await db
    .selectFrom('mutes')
    .select('id')
    .where('untilAt', '<=', now)
    .where('endedAt', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (!isOver) return 0
  const updated = await db
    .updateTable('mutes')
    .set((row) => ({ endedAt: row.ref('untilAt') }))
    .where('untilAt', '<=', now)
    .where('endedAt', 'is', null)
    .executeTakeFirst()
  return Number(updated.numUpdatedRows)
}

/** Whoever decides by quiet hours and mutes as they stood before has written what came of it once this is true. */
export async function awaitOldRules(db: Db): Promise<boolean> {
  return (await awaitReaders(db, 'quiet_hours')) && (await awaitReaders(db, 'mutes'))
}

/** One page, newest first, of those that run or those that are over, and one row more when there is a next page. */
export async function listMutes(
  db: Db,
  { state, now, cursor, limit }: Page & { state: 'active' | 'ended' | undefined; now: number },
): Promise<SavedMute[]> {
  return db
    .selectFrom('mutes')
    .selectAll()
    .$if(state === 'active', (rows) => rows.where('untilAt', '>', now).where('endedAt', 'is', null))
    .$if(state === 'ended', (rows) =>
      rows.where(({ or, eb }) => or([eb('untilAt', '<=', now), eb('endedAt', 'is not', null)])),
    )
    .$if(cursor !== undefined, (rows) => rows.where('id', '<', cursor ?? ''))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

export async function getMute(db: Db, id: string): Promise<SavedMute> {
  return found(await db.selectFrom('mutes').selectAll().where('id', '=', id).executeTakeFirst(), 'mute', id)
}

/** All quiet hours that are enabled and all mutes that have not ended: what a decision asks. */
export async function listQuietRows(db: Db): Promise<{ hours: SavedQuietHours[]; mutes: SavedMute[] }> {
  const hours = await db.selectFrom('quietHours').selectAll().where('disabledAt', 'is', null).orderBy('id').execute()
  const mutes = await db.selectFrom('mutes').selectAll().where('endedAt', 'is', null).orderBy('id').execute()
  return { hours, mutes }
}
