import { z } from 'zod'
import { scheduleCode } from '../../shared/schedule-codes.ts'
import { type Schedule, type ScheduleRun, ScheduleSource } from '../../shared/schedules.ts'
import type { AppContext } from '../context.ts'
import { optional, toInstant, toPage } from '../lib/paging.ts'
import { inWords, nextRuns } from './cron.ts'
import { getRun, listLastRuns, listRunRows, type SavedRun } from './runs-store.ts'
import { getSchedule, listScheduleRows, type SavedSchedule } from './store.ts'

type Page = { cursor?: string | undefined; limit: number }

export async function showSchedule(ctx: AppContext, id: string): Promise<Schedule> {
  const row = await getSchedule(ctx.db, id)
  return toSchedule(row, (await listLastRuns(ctx.db, [id])).get(id), ctx.now())
}

/** One page, oldest first. */
export async function listSchedules(ctx: AppContext, page: Page) {
  const rows = await listScheduleRows(ctx.db, page)
  const runs = await listLastRuns(
    ctx.db,
    rows.map(({ id }) => id),
  )
  const now = ctx.now()
  return toPage(rows, page.limit, (row) => toSchedule(row, runs.get(row.id), now))
}

/** One page of the runs of a schedule, newest first. */
export async function listRuns(ctx: AppContext, id: string, page: Page) {
  await getSchedule(ctx.db, id)
  return toPage(await listRunRows(ctx.db, id, page), page.limit, toRun)
}

export async function showRun(ctx: AppContext, id: string): Promise<ScheduleRun> {
  return toRun(await getRun(ctx.db, id))
}

function toSchedule(row: SavedSchedule, lastRun: SavedRun | undefined, now: number): Schedule {
  const enabled = row.disabledAt === null
  return {
    id: row.id,
    name: row.name,
    cron: row.cron,
    inWords: inWords(row.cron),
    timeZone: row.timeZone,
    type: row.type,
    source: ScheduleSource.parse(JSON.parse(row.source)),
    enabled,
    missedRuns: row.missedRuns,
    overlap: row.overlap,
    nextRuns: enabled ? nextRuns(row, now) : [],
    ...(lastRun && { lastRun: toRun(lastRun) }),
    updatedAt: toInstant(Number(row.updatedAt)),
    updatedBy: row.updatedBy,
  }
}

const Ids = z.array(z.string())
const instant = (value: number | null) => (value === null ? null : toInstant(Number(value)))

function toRun(row: SavedRun): ScheduleRun {
  const { meaning, fix } = row.code === null ? {} : scheduleCode(row.code)
  return {
    id: row.id,
    plannedAt: toInstant(Number(row.plannedAt)),
    ...optional('since', instant(row.since)),
    ...optional('startedAt', instant(row.startedAt)),
    ...optional('endedAt', instant(row.endedAt)),
    ...(row.state === 'waiting' && { nextAttemptAt: toInstant(Number(row.dueAt)) }),
    state: row.state,
    by: row.askedBy ?? 'The schedule',
    events: row.events,
    eventIds: Ids.parse(JSON.parse(row.eventIds)),
    ...optional('code', row.code),
    ...optional('detail', row.detail),
    ...optional('meaning', meaning),
    ...optional('fix', fix),
  }
}
