/** So much stands in any text of an event's data: more than any one field of a block takes. */
const LONG_DATA = 4_000
const MANY_ITEMS = 60

/** How long the fields of an event can be (shared/events.ts). */
const FIELDS = {
  category: 60,
  severity: 30,
  title: 300,
  text: 200_000,
  recipient: 254,
} as const
const MOST_URL = 3_000
/** Nothing bounds an address in the data; longer ones are hardly ever seen. */
const MOST_DATA_URL = 1_000
const MOST_TYPE = 100

type Json = Record<string, unknown>

/**
 * An event as long as it can be, with data like that of the sample: texts full, lists long. Each text says which field
 * it stands for, so that a reader sees what fills a message. `kept`: fields that stay as they are, since a condition
 * asks for them.
 */
export function worstCase(sample: Json, kept: Json = {}): Json {
  const fields = Object.entries(FIELDS).map(([name, most]) => [name, filler(name, most)])
  const data = isRecord(sample.data) ? grown(sample.data, ['data']) : undefined
  const event = {
    ...Object.fromEntries(fields),
    type: filler('type', MOST_TYPE),
    url: longUrl('url', MOST_URL),
    priority: 'normal',
    occurredAt: '2026-09-30T23:59:59.999Z',
    ...(data !== undefined && { data }),
  }
  for (const [path, value] of Object.entries(kept)) set(event, path.split('.'), value)
  return event
}

function grown(value: unknown, path: string[]): unknown {
  if (typeof value === 'string') return grownText(value, path.join('.'))
  if (typeof value === 'number') return Number.isInteger(value) ? 9_007_199_254_740_991 : 1_234_567_890.123_456_7
  if (Array.isArray(value)) {
    const items: unknown[] = value
    const like = items.length === 0 ? filler(path.join('.'), LONG_DATA) : items
    return Array.from({ length: MANY_ITEMS }, (_, place) =>
      Array.isArray(like) ? grown(like[place % like.length], [...path.slice(0, -1), `${path.at(-1)}[${place}]`]) : like,
    )
  }
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, grown(held, [...path, name])]))
}

/** Dates, addresses and e-mail addresses stay what they are; any other text becomes long. */
function grownText(text: string, name: string): string {
  if (/^\d{4}-\d\d-\d\d/.test(text)) return text
  if (/^https?:\/\//.test(text)) return longUrl(name, MOST_DATA_URL)
  if (text.startsWith('/')) return `/${longUrl(name, MOST_DATA_URL).slice(-MOST_DATA_URL / 2)}`
  return filler(name, LONG_DATA)
}

/** `title & title & …`: words, and a character that becomes five once it is escaped. */
const filler = (name: string, most: number): string => `${name} & `.repeat(Math.ceil(most / name.length)).slice(0, most)

const longUrl = (name: string, most: number): string =>
  `https://example.com/${`${name.replace(/[^\w.-]/g, '-')}/`.repeat(most)}`.slice(0, most)

function set(event: Json, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) event[name] = value
  else if (isRecord(event[name])) set(event[name], rest, value)
}

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * What a source compares a field with, as `severity == 'critical'` or in a case: a worst case with each of them, and
 * with none, goes through every branch.
 */
export function comparedIn(source: string): Json[] {
  const found = new Map<string, Json>()
  const add = (path: string, text: string) => found.set(`${path}=${text}`, { [path]: text })
  for (const [, path = '', , text = ''] of source.matchAll(
    /([A-Za-z_][\w.-]*)\s*(?:==|!=|contains)\s*(['"])(.*?)\2/g,
  )) {
    add(path, text)
  }
  for (const [, path = '', body = ''] of source.matchAll(
    /\{%-?\s*case\s+([\w.-]+)\s*-?%\}([\s\S]*?)\{%-?\s*endcase/g,
  )) {
    for (const [, list = ''] of body.matchAll(/\{%-?\s*when\s+(.*?)-?%\}/g)) {
      for (const [, , text = ''] of list.matchAll(/(['"])(.*?)\1/g)) add(path, text)
    }
  }
  return [...found.values()].slice(0, MOST_BRANCHES)
}

const MOST_BRANCHES = 16
