import type { Schedule, ScheduleChange, ScheduleRun, ScheduleSource } from '../../shared/schedules.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { notifyLoop } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import { findIntegration } from '../integrations/store.ts'
import { refuseUnsound } from '../routing/conditions.ts'
import type { Actor } from '../users/actor.ts'
import { checkTiming, nextRunAfter } from './cron.ts'
import { closeTrouble } from './mark-trouble.ts'
import { runRow } from './plan-due.ts'
import { SWITCHED_OFF } from './run-step.ts'
import { insertRun, listUnfinished, type SavedRun, skipWaiting, updateRun } from './runs-store.ts'
import { showRun, showSchedule } from './show-schedules.ts'
import {
  deleteScheduleRow,
  findScheduleByName,
  insertSchedule,
  lockSchedule,
  type SavedSchedule,
  updateSchedule,
} from './store.ts'

/** Adds a schedule; switched on, it runs at its next time. */
export async function createSchedule(ctx: AppContext, actor: Actor, wanted: ScheduleChange): Promise<Schedule> {
  const id = await ctx.db.transaction().execute((trx) => writeNewSchedule(ctx, trx, actor, wanted))
  ctx.nudge('schedules')
  return showSchedule(ctx, id)
}

/** The same inside a transaction of the caller, who nudges the loop; gives the id. */
export async function writeNewSchedule(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  wanted: ScheduleChange,
): Promise<string> {
  const row = { id: ctx.newId('sch'), ...(await columnsOf(ctx, trx, actor, wanted)) }
  await refuseTakenName(trx, row)
  await insertSchedule(trx, row)
  await audit(ctx, trx, actor, 'schedule.made', row, { ...wanted })
  return row.id
}

/**
 * Sets all of it. What waits to run does so as it is now, or no more when it is switched off; missed runs of before are
 * forgotten.
 */
export async function replaceSchedule(
  ctx: AppContext,
  actor: Actor,
  id: string,
  wanted: ScheduleChange,
): Promise<Schedule> {
  await ctx.db.transaction().execute((trx) => writeSchedule(ctx, trx, actor, id, wanted))
  ctx.nudge('schedules')
  return showSchedule(ctx, id)
}

/** The same inside a transaction of the caller, who nudges the loop. */
export async function writeSchedule(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  id: string,
  wanted: ScheduleChange,
): Promise<void> {
  const before = await lockSchedule(trx, id)
  const row = { id, ...(await columnsOf(ctx, trx, actor, wanted, before)) }
  await refuseTakenName(trx, row)
  const changed = differences(before, row)
  if (Object.keys(changed).length === 0) return
  await updateSchedule(trx, id, row)
  if (row.disabledAt !== null) {
    await skipWaiting(trx, id, SWITCHED_OFF, ctx.now())
    await closeTrouble(ctx, trx, id, { by: actor.name })
  }
  await audit(ctx, trx, actor, 'schedule.changed', row, { changed })
}

/** Takes its runs along; events that it brought stay. */
export async function deleteSchedule(ctx: AppContext, actor: Actor, id: string): Promise<void> {
  await ctx.db.transaction().execute((trx) => eraseSchedule(ctx, trx, actor, id))
}

/** The same inside a transaction of the caller. */
export async function eraseSchedule(ctx: AppContext, trx: Db, actor: Actor, id: string): Promise<void> {
  const row = await lockSchedule(trx, id)
  await deleteScheduleRow(trx, id)
  await closeTrouble(ctx, trx, id, { by: actor.name })
  await audit(ctx, trx, actor, 'schedule.deleted', row, {})
}

/** A run at once, switched on or not; its times stay as they are. One that waits to be tried again is tried now. */
export async function runNow(ctx: AppContext, actor: Actor, id: string): Promise<ScheduleRun> {
  const runId = await ctx.db.transaction().execute(async (trx) => {
    const schedule = await lockSchedule(trx, id)
    const now = await ctx.storeNow(trx)
    const [unfinished] = await listUnfinished(trx, id)
    const run = unfinished ?? { ...runRow(ctx, schedule, ctx.now()), askedBy: actor.name }
    if (unfinished && !isToBeTriedAgain(unfinished)) throw runsAlready(schedule)
    if (unfinished) await updateRun(trx, run.id, { dueAt: now })
    else if (!(await insertRun(trx, { ...run, dueAt: now }))) throw runsAlready(schedule)
    await audit(ctx, trx, actor, 'schedule.run_now', schedule, { runId: run.id })
    await notifyLoop(trx, 'schedules')
    return run.id
  })
  ctx.nudge('schedules')
  return showRun(ctx, runId)
}

const isToBeTriedAgain = ({ state, tries }: SavedRun): boolean => state === 'waiting' && tries > 0

const runsAlready = ({ name }: SavedSchedule): Refusal =>
  new Refusal('conflict', `${name} runs already.`, { fix: 'Wait until that run has ended.' })

async function columnsOf(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  wanted: ScheduleChange,
  before?: SavedSchedule,
): Promise<Omit<SavedSchedule, 'id'>> {
  const { name, cron, type, timeZone = 'UTC', enabled = before?.disabledAt == null } = wanted
  const timing = { cron, timeZone }
  const now = ctx.now()
  checkTiming(timing, now)
  await checkSource(trx, wanted.source)
  const isSame = before && before.cron === cron && before.timeZone === timeZone && before.nextAt !== null
  const nextAt = isSame ? before.nextAt : (nextRunAfter(timing, await ctx.storeNow(trx)) ?? null)
  return {
    name,
    ...timing,
    type,
    source: JSON.stringify(wanted.source),
    disabledAt: enabled ? null : (before?.disabledAt ?? now),
    missedRuns: wanted.missedRuns ?? before?.missedRuns ?? 'run_once',
    overlap: wanted.overlap ?? before?.overlap ?? 'skip',
    nextAt: enabled ? nextAt : null,
    updatedAt: now,
    updatedBy: actor.name,
  }
}

async function checkSource(trx: Db, source: ScheduleSource): Promise<void> {
  if (source.kind === 'stored_events') {
    if (source.condition !== undefined) atSource(() => refuseUnsound(source.condition ?? ''))
    return
  }
  if (await findIntegration(trx, source.integrationId)) return
  throw new Refusal('invalid', `source.integrationId: There is no integration ${source.integrationId}.`, {
    field: 'source.integrationId',
    fix: 'Use an id from GET /api/integrations, of one with a platform endpoint.',
  })
}

/** What was wrong with a part of the source, told with its place. */
function atSource(check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message, field, fix } = error
    throw new Refusal(code, `source.${message}`, { field: `source.${field}`, fix })
  }
}

async function refuseTakenName(trx: Db, { id, name }: Pick<SavedSchedule, 'id' | 'name'>): Promise<void> {
  const taken = await findScheduleByName(trx, name)
  if (!taken || taken.id === id) return
  throw new Refusal('conflict', `name: A schedule is called ${taken.name} already.`, {
    field: 'name',
    fix: 'Choose another name.',
  })
}

const COMPARED = ['name', 'cron', 'timeZone', 'type', 'source', 'missedRuns', 'overlap'] as const

function differences(before: SavedSchedule, after: SavedSchedule): Record<string, unknown> {
  const changed = COMPARED.filter((key) => before[key] !== after[key])
  const isEnabled = after.disabledAt === null
  return {
    ...Object.fromEntries(changed.map((key) => [key, { from: before[key], to: after[key] }])),
    ...((before.disabledAt === null) !== isEnabled && { enabled: { from: !isEnabled, to: isEnabled } }),
  }
}

async function audit(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  action: string,
  { id, name }: Pick<SavedSchedule, 'id' | 'name'>,
  detail: Record<string, unknown>,
): Promise<void> {
  await recordAudit(ctx, trx, actor, { action, subject: { kind: 'schedule', id, name }, detail })
}
