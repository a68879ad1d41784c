import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { lastRunBefore } from './cron.ts'
import { findFirstPlanned, findLastDone, listUnfinished, type SavedRun, updateRun } from './runs-store.ts'
import { lockRunnable, type SavedSchedule } from './store.ts'

/** Well above what asking the platform and taking in its events may take. */
const LEASE_MS = 3 * 60_000

export type Claimed = { schedule: SavedSchedule; run: SavedRun & { since: number } }

/**
 * Takes the next run that is due, of this replica alone; of one schedule never two at a time, and in the order of their
 * times. The lock on the schedule keeps others out while it is looked which runs it has.
 */
export async function claimRun(ctx: AppContext): Promise<Claimed | undefined> {
  return ctx.db.transaction().execute(async (trx) => {
    const now = await ctx.storeNow(trx)
    const schedule = await lockRunnable(trx, now)
    if (!schedule) return undefined
    const unfinished = await listUnfinished(trx, schedule.id)
    const isLive = unfinished.some(({ state, leaseEndsAt }) => state === 'running' && Number(leaseEndsAt) > now)
    const [run] = unfinished
    if (isLive || !run || Number(run.dueAt) > now) return undefined
    const change = {
      state: 'running' as const,
      // The same at each attempt: what one that was lost has told of is not told of again.
      since: Number(run.since ?? (await beginningOf(trx, schedule, Number(run.plannedAt)))),
      tries: run.tries + 1,
      claimedBy: ctx.workerId,
      leaseEndsAt: now + LEASE_MS,
      dueAt: now + LEASE_MS,
      startedAt: run.startedAt ?? ctx.now(),
    }
    await updateRun(trx, run.id, change)
    return { schedule, run: { ...run, ...change } }
  })
}

/** Where the last run that ended well ended; where none ever did, what the first one was to tell of. */
async function beginningOf(trx: Db, schedule: SavedSchedule, plannedAt: number): Promise<number> {
  const done = await findLastDone(trx, schedule.id, plannedAt)
  if (done) return Number(done.plannedAt)
  const first = Math.min(plannedAt, Number((await findFirstPlanned(trx, schedule.id))?.plannedAt ?? plannedAt))
  return lastRunBefore(schedule, first) ?? plannedAt
}
