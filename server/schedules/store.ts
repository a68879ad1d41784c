import { sql } from 'kysely'
import { locking, oneOf, skippingLocked } from '../db/engine.ts'
import type { Db, ScheduleRunsTable, SchedulesTable } from '../db/schema.ts'
import { found } from '../lib/paging.ts'

export type SavedSchedule = SchedulesTable
export type SavedRun = ScheduleRunsTable

const UNFINISHED = ['waiting', 'running'] as const

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

/** Inserts a run, unless one is planned for the same time already. False then. */
export async function insertRun(db: Db, row: SavedRun): Promise<boolean> {
  const inserted = await db
    .insertInto('scheduleRuns')
    .values(row)
    .onConflict((conflict) => conflict.columns(['scheduleId', 'plannedAt']).doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

export async function countUnfinished(db: Db, scheduleId: string): Promise<number> {
  const { count } = await db
    .selectFrom('scheduleRuns')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('scheduleId', '=', scheduleId)
    .where('state', 'in', UNFINISHED)
    .executeTakeFirstOrThrow()
  return Number(count)
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

/** Its runs that have not ended, in the order of their times. */
export async function listUnfinished(db: Db, scheduleId: string): Promise<SavedRun[]> {
  return db
    .selectFrom('scheduleRuns')
    .selectAll()
    .where('scheduleId', '=', scheduleId)
    .where('state', 'in', UNFINISHED)
    .orderBy('plannedAt')
    .execute()
}

export async function updateRun(db: Db, id: string, change: Partial<SavedRun>): Promise<void> {
  await db.updateTable('scheduleRuns').set(change).where('id', '=', id).execute()
}

/** Ends the schedule's own runs that wait; those that somebody asked for by hand go on. */
export async function skipWaiting(trx: Db, scheduleId: string, code: string, at: number): Promise<void> {
  await trx
    .updateTable('scheduleRuns')
    .set({ state: 'skipped', code, detail: null, endedAt: at })
    .where('scheduleId', '=', scheduleId)
    .where('state', '=', 'waiting')
    .where('askedBy', 'is', null)
    .execute()
}

/** Writes what became of a claimed run. False: the lease ran out and another worker has it, or it is no more. */
export async function settleRun(db: Db, run: SavedRun, outcome: Partial<SavedRun>): Promise<boolean> {
  const updated = await db
    .updateTable('scheduleRuns')
    .set({ ...outcome, claimedBy: null, leaseEndsAt: null })
    .where('id', '=', run.id)
    .where('state', '=', 'running')
    .where('claimedBy', '=', run.claimedBy)
    .where('tries', '=', run.tries)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

/** The last time that the schedule itself ran to its end, before an instant. */
export async function findLastDone(db: Db, scheduleId: string, before: number): Promise<SavedRun | undefined> {
  return db
    .selectFrom('scheduleRuns')
    .selectAll()
    .where('scheduleId', '=', scheduleId)
    .where('state', '=', 'done')
    .where('askedBy', 'is', null)
    .where('plannedAt', '<', before)
    .orderBy('plannedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The first time of the schedule itself that is known of. */
export async function findFirstPlanned(db: Db, scheduleId: string): Promise<SavedRun | undefined> {
  return db
    .selectFrom('scheduleRuns')
    .selectAll()
    .where('scheduleId', '=', scheduleId)
    .where('askedBy', 'is', null)
    .orderBy('plannedAt')
    .limit(1)
    .executeTakeFirst()
}

/** One page, newest first, and one row more when there is a next page. */
export async function listRunRows(
  db: Db,
  scheduleId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<SavedRun[]> {
  return db
    .selectFrom('scheduleRuns')
    .selectAll()
    .where('scheduleId', '=', scheduleId)
    .$if(cursor !== undefined, (rows) => rows.where('id', '<', cursor ?? ''))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

export async function getRun(db: Db, id: string): Promise<SavedRun> {
  return found(await db.selectFrom('scheduleRuns').selectAll().where('id', '=', id).executeTakeFirst(), 'run', id)
}

/** The newest run of each of these. */
export async function listLastRuns(db: Db, scheduleIds: readonly string[]): Promise<Map<string, SavedRun>> {
  if (scheduleIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('scheduleRuns')
    .selectAll()
    .where('id', 'in', (query) =>
      query
        .selectFrom('scheduleRuns as of')
        .select(({ fn }) => fn.max('of.id').as('id'))
        .where('of.scheduleId', 'in', oneOf(db, scheduleIds))
        .groupBy('of.scheduleId'),
    )
    .execute()
  return new Map(rows.map((row) => [row.scheduleId, row]))
}

/** Deletes what ended long ago: all but the newest so many, and the last that was done, where the next one begins. */
export async function pruneRuns(db: Db, scheduleId: string, most: number): Promise<void> {
  const oldest = await db
    .selectFrom('scheduleRuns')
    .select('id')
    .where('scheduleId', '=', scheduleId)
    .orderBy('id', 'desc')
    .offset(most)
    .limit(1)
    .executeTakeFirst()
  if (!oldest) return
  const lastDone = await findLastDone(db, scheduleId, Number.MAX_SAFE_INTEGER)
  await db
    .deleteFrom('scheduleRuns')
    .where('scheduleId', '=', scheduleId)
    .where('id', '<=', oldest.id)
    .where('id', '!=', lastDone?.id ?? '')
    .where('endedAt', 'is not', null)
    .execute()
}
