import type { ChangeCounts, ConfigurationFormat, PlannedChange, PlannedField } from '../../shared/configuration.ts'
import type { Tone } from '../ui/StatePill.tsx'

export const kindWords: Readonly<Record<PlannedChange['kind'], string>> = {
  integration: 'Integration',
  platform: 'Platform',
  destination: 'Destination',
  command: 'Command',
  template: 'Template',
  type: 'Type',
  rule: 'Rule',
  fallback: 'Fallback',
  schedule: 'Schedule',
  quiet_hours: 'Quiet hours',
}

export const actionWords: Readonly<Record<PlannedChange['action'], { word: string; mark: string; tone: Tone }>> = {
  create: { word: 'New', mark: '+', tone: 'ok' },
  change: { word: 'Change', mark: '~', tone: 'warn' },
  delete: { word: 'Delete', mark: '−', tone: 'bad' },
  unchanged: { word: 'Same', mark: '=', tone: 'neutral' },
  left: { word: 'Stays', mark: '?', tone: 'info' },
}

export const formatWords: Readonly<Record<ConfigurationFormat, string>> = {
  switchboard: 'Switchboard’s own format',
  studio: 'Studio Platform’s configuration',
  codestream: 'CodeStream’s settings',
  onevizion: 'OneVizion’s settings',
}

export const driftWords: Readonly<Record<NonNullable<PlannedField['drift']>, string>> = {
  console: 'changed in the console',
  file: 'changed in the file',
  both: 'changed on both sides',
}

/** How much there is to do, the kinds of change that there are. */
export function countWords({ create, change, delete: gone, unchanged, left }: ChangeCounts): string {
  const parts = [
    [create, 'new'],
    [change, 'changed'],
    [gone, 'deleted'],
    [unchanged, 'the same'],
    [left, 'only in the console'],
  ] as const
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, word]) => `${count} ${word}`)
      .join(', ') || 'nothing'
  )
}

/** A value as a line, the way a file would have it. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined) return 'none'
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) {
    const isPlain = value.every((item) => typeof item !== 'object')
    return value.length === 0 ? 'none' : value.map(valueWords).join(isPlain ? ', ' : '\n')
  }
  if (typeof value !== 'object') return String(value)
  const told = Object.entries(value).filter(([, item]) => item !== null && item !== undefined)
  return told.map(([name, item]) => `${name}: ${valueWords(item)}`).join(', ') || 'none'
}
