/** What changed, in one line: `role: viewer → operator · scopes: config:read`. */
export function detailWords(detail: Record<string, unknown>): string {
  return Object.entries(detail)
    .map(([key, value]) => `${spaced(key)}: ${valueWords(value)}`)
    .join(' · ')
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueWords).join(', ')
  if (typeof value !== 'object' || value === null) {
    return value === null || value === '' ? 'none' : value === true ? 'yes' : value === false ? 'no' : String(value)
  }
  if ('from' in value && 'to' in value) return `${valueWords(value.from)} → ${valueWords(value.to)}`
  return JSON.stringify(value)
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
