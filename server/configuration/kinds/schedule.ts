import { ScheduleChange, ScheduleSource } from '../../../shared/schedules.ts'
import { Refusal } from '../../errors.ts'
import { eraseSchedule, writeNewSchedule, writeSchedule } from '../../schedules/change-schedule.ts'
import { checkTiming } from '../../schedules/cron.ts'
import type { SavedSchedule } from '../../schedules/store.ts'
import type { EntryOf } from '../entries.ts'
import { type Ground, sayError, sayWarning } from '../ground.ts'
import type { Fields, Present, Wanted } from '../items.ts'
import { isSameName } from '../resolver.ts'
import { checkSound } from './rule.ts'

export const scheduleDefaults: Fields = { timeZone: 'UTC', enabled: true, missedRuns: 'run_once', overlap: 'skip' }

export function presentSchedules(rows: readonly SavedSchedule[]): Present[] {
  return rows.map(({ id, name, cron, timeZone, type, source, disabledAt, missedRuns, overlap }) => ({
    ...{ kind: 'schedule', key: name.toLowerCase(), id, name },
    fields: {
      ...{ cron, timeZone, type, missedRuns, overlap, enabled: disabledAt === null },
      source: ScheduleSource.parse(JSON.parse(source)),
    },
    remove: ({ ctx, trx, actor }) => eraseSchedule(ctx, trx, actor, id),
  }))
}

export function wantedSchedule(
  ground: Ground,
  entry: EntryOf<'schedule'>,
  present: readonly Present[],
): Wanted | undefined {
  const { name, body, whole, path } = entry
  const before = present.find((item) => item.kind === 'schedule' && isSameName(item.name, name))
  const source = sourceOf(ground, entry, present)
  const timeZone = body.timeZone ?? String(before?.fields.timeZone ?? 'UTC')
  const isTimely = isOnTime(ground, entry, timeZone)
  if (!source || !isTimely) return undefined
  const { source: _, ...plain } = body
  const given = Object.entries(plain).filter(([, value]) => value !== undefined)
  const fields = { ...(whole && scheduleDefaults), ...Object.fromEntries(given), source }
  return {
    ...{ kind: 'schedule', key: name.toLowerCase(), name, path, fields, defaults: scheduleDefaults },
    write: async ({ ctx, trx, actor }, changes, saved) => {
      const change = ScheduleChange.parse({ ...saved?.fields, ...changes, name: saved?.name ?? name })
      if (saved?.id === undefined) await writeNewSchedule(ctx, trx, actor, change)
      else await writeSchedule(ctx, trx, actor, saved.id, change)
    },
  }
}

function sourceOf(ground: Ground, { body, at }: EntryOf<'schedule'>, present: readonly Present[]): Fields | undefined {
  const { source } = body
  if (source.kind === 'stored_events') {
    const { condition } = source
    const isSound = condition === undefined || checkSound(ground, condition, at('source', 'condition'))
    return isSound ? { ...source } : undefined
  }
  const where = ground.resolver.integration(source.integration, at('source'))
  if (!where) return undefined
  if (!present.some(({ kind, key }) => kind === 'platform' && key === where.id)) {
    sayWarning(ground, at('source'), {
      message: `${where.name} has no platform endpoint yet, so the runs of this schedule find nothing to send.`,
      fix: 'Say under Integrations, on the tab Platform, where your platform is.',
    })
  }
  return { kind: 'platform', integrationId: where.id }
}

function isOnTime(ground: Ground, { body, at }: EntryOf<'schedule'>, timeZone: string): boolean {
  try {
    checkTiming({ cron: body.cron, timeZone }, ground.ctx.now())
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const field = error.field === 'timeZone' ? 'timeZone' : 'cron'
    sayError(ground, at(field), { message: error.message, ...(error.fix && { fix: error.fix }) })
    return false
  }
}
