import { formatCount, formatExact } from '../lib/format.ts'

/** Of a long list, such as the ids of what was replayed, so many are told. */
const MOST_TOLD = 10
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

/** What changed, in one line: `role: viewer → operator · scopes: config:read`. */
export function detailWords(detail: Record<string, unknown>): string {
  return Object.entries(detail)
    .map(([key, value]) => `${spaced(key)}: ${valueWords(value)}`)
    .join(' · ')
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return listWords(value)
  if (typeof value !== 'object' || value === null) return plainWords(value)
  if ('from' in value && 'to' in value) return `${valueWords(value.from)} → ${valueWords(value.to)}`
  return Object.entries(value)
    .map(([key, inner]) => `${spaced(key)} ${valueWords(inner)}`)
    .join(', ')
}

function listWords(values: unknown[]): string {
  const told = values.slice(0, MOST_TOLD).map(valueWords)
  const others = values.length - told.length
  return others > 0 ? `${told.join(', ')} and ${formatCount(others)} more` : told.join(', ') || 'none'
}

function plainWords(value: unknown): string {
  if (value === null || value === '') return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' && INSTANT.test(value) ? formatExact(value) : String(value)
}

/** testChannel: test channel. */
const spaced = (key: string) =>
  key.replace(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`)

/** `api_key.made`: "API key made". */
export function actionWords(action: string): string {
  const [noun = '', verb = ''] = action.replace('api_key', 'API key').split('.')
  const words = `${noun} ${verb}`.replaceAll('_', ' ').trim()
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
