import { oneOf } from '../db/engine.ts'
import type { Db, ScheduleRunsTable } from '../db/schema.ts'
import { found } from '../lib/paging.ts'

export type SavedRun = ScheduleRunsTable

/** The states of a run that has not ended. */
export const UNFINISHED = ['waiting', 'running'] as const

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
