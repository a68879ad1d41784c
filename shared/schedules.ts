import { z } from 'zod'
import { OneLine } from './one-line.ts'
import { Instant } from './paging.ts'

/** Where the events of a run come from. */
export const ScheduleSource = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('platform'), integrationId: z.string().min(1).max(64) })
    .describe('Asked of the platform endpoint'),
  z
    .strictObject({
      kind: z.literal('stored_events'),
      types: z.array(OneLine.min(1).max(100)).max(50).optional(),
      condition: z.string().trim().min(1).max(2_000).optional(),
    })
    .describe('One event that sums up those accepted since the last run'),
])
export type ScheduleSource = z.infer<typeof ScheduleSource>

export const MissedRuns = z.enum(['skip', 'run_once', 'run_all'])
export type MissedRuns = z.infer<typeof MissedRuns>
export const Overlap = z.enum(['skip', 'wait'])
export type Overlap = z.infer<typeof Overlap>

/** When something runs. */
export const When = {
  cron: OneLine.min(1).max(120).describe('Five fields, for example 0 9 * * 1-5'),
  timeZone: OneLine.min(1).max(64).optional().describe('IANA name, for example Europe/Berlin; UTC when absent'),
}

export const ScheduleChange = z.strictObject({
  name: OneLine.min(1).max(100),
  ...When,
  type: OneLine.min(1).max(100).describe('The notification type of its events'),
  source: ScheduleSource,
  enabled: z.boolean().optional(),
  missedRuns: MissedRuns.optional().describe('What to do about runs while nothing ran; run_once when absent'),
  overlap: Overlap.optional().describe('When the run before has not ended; skip when absent'),
})
export type ScheduleChange = z.infer<typeof ScheduleChange>

export const NextRun = z.object({
  at: Instant,
  local: z.string().describe('In the time zone of the schedule'),
  note: z.string().optional().describe('When clocks change about that time'),
})
export type NextRun = z.infer<typeof NextRun>

export const SchedulePreviewRequest = z.strictObject(When)
/** What a cron text means. */
export const SchedulePreview = z.object({ inWords: z.string(), timeZone: z.string(), nextRuns: z.array(NextRun) })
export type SchedulePreview = z.infer<typeof SchedulePreview>

export const ScheduleRun = z.object({
  id: z.string(),
  plannedAt: Instant,
  since: Instant.optional().describe('What happened from then on until `plannedAt` is what it tells of'),
  startedAt: Instant.optional(),
  endedAt: Instant.optional(),
  nextAttemptAt: Instant.optional(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  by: z.string().describe('The schedule, or who pressed Run now'),
  events: z.number().int(),
  eventIds: z.array(z.string()).describe('Of the first ten'),
  code: z.string().optional(),
  detail: z.string().optional(),
  meaning: z.string().optional(),
  fix: z.string().optional(),
})
export type ScheduleRun = z.infer<typeof ScheduleRun>

export const Schedule = z.object({
  id: z.string(),
  name: z.string(),
  cron: z.string(),
  inWords: z.string(),
  timeZone: z.string(),
  type: z.string(),
  source: ScheduleSource,
  enabled: z.boolean(),
  missedRuns: MissedRuns,
  overlap: Overlap,
  nextRuns: z.array(NextRun).describe('None while it is switched off'),
  lastRun: ScheduleRun.optional(),
  updatedAt: Instant,
  updatedBy: z.string(),
})
export type Schedule = z.infer<typeof Schedule>
