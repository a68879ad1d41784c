import { sql } from 'kysely'
import { locking, skippingLocked } from '../db/engine.ts'
import type { Db, SchedulesTable } from '../db/schema.ts'
import { found } from '../lib/paging.ts'
import { UNFINISHED } from './runs-store.ts'

export type SavedSchedule = SchedulesTable

export async function insertSchedule(db: Db, row: SavedSchedule): Promise<void> {
  await db.insertInto('schedules').values(row).execute()
}

/** Refuses when there is none. */
export async function getSchedule(db: Db, id: string): Promise<SavedSchedule> {
  const row = await db.selectFrom('schedules').selectAll().where('id', '=', id).executeTakeFirst()
  return found(row, 'schedule', id)
}

/** The same; it stays as it is until the transaction ends. */
export async function lockSchedule(trx: Db, id: string): Promise<SavedSchedule> {
  return found(await lockScheduleIfThere(trx, id), 'schedule', id)
}

/** The same of one that may be gone. */
export async function lockScheduleIfThere(trx: Db, id: string): Promise<SavedSchedule | undefined> {
  return trx.selectFrom('schedules').selectAll().where('id', '=', id).$call(locking(trx)).executeTakeFirst()
}

/** Upper and lower case alike: two that differ in nothing else can't be told apart. */
export async function findScheduleByName(db: Db, name: string): Promise<SavedSchedule | undefined> {
  return db.selectFrom('schedules').selectAll().where(sql`lower(name)`, '=', name.toLowerCase()).executeTakeFirst()
}

/** One page, oldest first, and one row more when there is a next page. */
export async function listScheduleRows(
  db: Db,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<SavedSchedule[]> {
  return db
    .selectFrom('schedules')
    .selectAll()
    .$if(cursor !== undefined, (rows) => rows.where('id', '>', cursor ?? ''))
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export async function updateSchedule(db: Db, id: string, change: Partial<SavedSchedule>): Promise<void> {
  await db.updateTable('schedules').set(change).where('id', '=', id).execute()
}

/** Takes its runs along. */
export async function deleteScheduleRow(db: Db, id: string): Promise<void> {
  await db.deleteFrom('schedules').where('id', '=', id).execute()
}

/** A schedule whose time has come, locked; one that another replica is planning is passed over. */
export async function lockDueSchedule(trx: Db, now: number): Promise<SavedSchedule | undefined> {
  return trx
    .selectFrom('schedules')
    .selectAll()
    .where('disabledAt', 'is', null)
    .where('nextAt', '<=', now)
    .orderBy('nextAt')
    .limit(1)
    .$call(skippingLocked(trx))
    .executeTakeFirst()
}

/** The schedule of a run that is due and waits for no other of its runs, locked. One to be tried again is not overtaken. */
export async function lockRunnable(trx: Db, now: number): Promise<SavedSchedule | undefined> {
  return trx
    .selectFrom('schedules')
    .selectAll('schedules')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('scheduleRuns as due')
          .select('due.id')
          .whereRef('due.scheduleId', '=', 'schedules.id')
          .where('due.state', 'in', UNFINISHED)
          .where('due.dueAt', '<=', now)
          .where((due) =>
            due.not(
              due.exists(
                due
                  .selectFrom('scheduleRuns as before')
                  .select('before.id')
                  .whereRef('before.scheduleId', '=', 'due.scheduleId')
                  .where('before.state', 'in', UNFINISHED)
                  .whereRef('before.plannedAt', '<', 'due.plannedAt'),
              ),
            ),
          ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('scheduleRuns as live')
            .select('live.id')
            .whereRef('live.scheduleId', '=', 'schedules.id')
            .where('live.state', '=', 'running')
            .where('live.leaseEndsAt', '>', now),
        ),
      ),
    )
    .orderBy('schedules.id')
    .limit(1)
    .$call(skippingLocked(trx))
    .executeTakeFirst()
}
