import type { AppContext } from '../context.ts'
import { notifyLoop } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import { nextRunAfter, runsBetween } from './cron.ts'
import { openTrouble } from './mark-trouble.ts'
import { MOST_CAUGHT_UP, type PlannedRun, planRuns } from './plan-runs.ts'
import { countUnfinished, insertRun, type SavedRun } from './runs-store.ts'
import { lockDueSchedule, type SavedSchedule, updateSchedule } from './store.ts'

/** Of more times than these, which came while nothing ran, only the latest are looked at. */
const MOST_LOOKED_AT = 2 * MOST_CAUGHT_UP
/** Events that were accepted at the last moment are written by then. */
const SETTLED_MS = 2_000

/** Turns the times of one schedule that have come into runs. Says whether there was one. */
export async function planDue(ctx: AppContext): Promise<boolean> {
  return ctx.db.transaction().execute(async (trx) => {
    const now = await ctx.storeNow(trx)
    const schedule = await lockDueSchedule(trx, now)
    if (!schedule) return false
    await planOne(ctx, trx, schedule, now)
    return true
  })
}

async function planOne(ctx: AppContext, trx: Db, schedule: SavedSchedule, now: number): Promise<void> {
  const { id, missedRuns, overlap, nextAt } = schedule
  const due = runsBetween(schedule, Number(nextAt), now, MOST_LOOKED_AT)
  const unfinished = await countUnfinished(trx, id)
  const runs = planRuns({ due, now, missedRuns, overlap, unfinished })
  for (const planned of runs) await insertRun(trx, rowOf(ctx, schedule, planned))
  const [missed] = runs.flatMap((planned) => (planned.state === 'skipped' && planned.code === 'missed' ? planned : []))
  if (missed && runs.every(({ state }) => state === 'skipped')) await openTrouble(ctx, trx, schedule, missed)
  await updateSchedule(trx, id, { nextAt: nextRunAfter(schedule, now) ?? null })
  await notifyLoop(trx, 'schedules')
}

function rowOf(ctx: AppContext, schedule: SavedSchedule, planned: PlannedRun): SavedRun {
  const isSkipped = planned.state === 'skipped'
  const row = runRow(ctx, schedule, planned.plannedAt)
  if (!isSkipped) return row
  return { ...row, state: 'skipped', endedAt: ctx.now(), code: planned.code, detail: planned.detail ?? null }
}

/** A run that waits for its turn. */
export function runRow(ctx: AppContext, { id, source }: SavedSchedule, plannedAt: number): SavedRun {
  const needsSettled = source.includes('"stored_events"')
  return {
    id: ctx.newId('run'),
    scheduleId: id,
    plannedAt,
    askedBy: null,
    state: 'waiting',
    since: null,
    dueAt: plannedAt + (needsSettled ? SETTLED_MS : 0),
    tries: 0,
    claimedBy: null,
    leaseEndsAt: null,
    startedAt: null,
    endedAt: null,
    events: 0,
    eventIds: '[]',
    code: null,
    detail: null,
  }
}
