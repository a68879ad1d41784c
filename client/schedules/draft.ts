import type { MissedRuns, Overlap, Schedule, ScheduleChange, ScheduleSource } from '../../shared/schedules.ts'

/** A schedule as it stands in the form: the fields of both sources are kept while one changes between them. */
export type ScheduleDraft = {
  name: string
  cron: string
  timeZone: string
  type: string
  from: ScheduleSource['kind']
  integrationId: string
  types: string[]
  condition: string
  enabled: boolean
  missedRuns: MissedRuns
  overlap: Overlap
}

export type Preset = 'deadlines' | 'summary'

/** What a new one begins with. */
/** `integrations`: where there is one, nobody has to choose it. */
export function newDraft(
  preset: Preset | null,
  timeZone: string,
  integrations: readonly { id: string }[],
): ScheduleDraft {
  const [only, ...others] = integrations
  const integrationId = only && others.length === 0 ? only.id : ''
  return { ...EMPTY, timeZone, integrationId, ...(preset && presets[preset].draft) }
}

export function draftOf({ source, ...schedule }: Schedule): ScheduleDraft {
  const { name, cron, timeZone, type, enabled, missedRuns, overlap } = schedule
  const common = { ...EMPTY, name, cron, timeZone, type, enabled, missedRuns, overlap, from: source.kind }
  if (source.kind === 'platform') return { ...common, integrationId: source.integrationId }
  return { ...common, types: source.types ?? [], condition: source.condition ?? '' }
}

export function changeOf(draft: ScheduleDraft): ScheduleChange {
  const { name, cron, timeZone, type, enabled, missedRuns, overlap } = draft
  return {
    ...{ name: name.trim(), cron: cron.trim(), timeZone, type: type.trim(), enabled, missedRuns, overlap },
    source: sourceOf(draft),
  }
}

function sourceOf({ from, integrationId, types, condition }: ScheduleDraft): ScheduleSource {
  if (from === 'platform') return { kind: 'platform', integrationId }
  return {
    kind: 'stored_events',
    ...(types.length > 0 && { types }),
    ...(condition.trim() && { condition: condition.trim() }),
  }
}

/** Whether there is enough to save. */
export function isComplete({ name, cron, type, from, integrationId }: ScheduleDraft): boolean {
  return [name, cron, type].every((text) => text.trim() !== '') && (from === 'stored_events' || integrationId !== '')
}

export const EMPTY: ScheduleDraft = {
  name: '',
  cron: '0 9 * * 1-5',
  timeZone: 'UTC',
  type: '',
  from: 'platform',
  integrationId: '',
  types: [],
  condition: '',
  enabled: true,
  missedRuns: 'run_once',
  overlap: 'skip',
}

export const presets: Record<Preset, { title: string; words: string; draft: Partial<ScheduleDraft> }> = {
  deadlines: {
    title: 'Deadline reminder',
    words: 'Each working morning asks your platform which deadlines come near.',
    draft: { name: 'Deadline reminder', cron: '0 9 * * 1-5', type: 'deadline', from: 'platform' },
  },
  summary: {
    title: 'Daily summary',
    words: 'Each morning sums up the events of the day before.',
    draft: { name: 'Daily summary', cron: '0 8 * * *', type: 'daily_summary', from: 'stored_events' },
  },
}
