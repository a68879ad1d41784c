/** So much stands in any text of an event's data: more than any one field of a block takes. */
const LONG_DATA = 4_000
const MANY_ITEMS = 60
/** In all of the data. */
const MOST_VALUES = 1_500

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
  const data = isRecord(sample.data) ? grown(sample.data, ['data'], { values: MOST_VALUES }) : undefined
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

/** `left`: lists within lists would grow beyond all bounds; what is past them stays as it is. */
function grown(value: unknown, path: string[], left: { values: number }): unknown {
  left.values -= 1
  if (left.values < 0) return value
  if (typeof value === 'string') return grownText(value, path.join('.'))
  if (typeof value === 'number') return Number.isInteger(value) ? 9_007_199_254_740_991 : 1_234_567_890.123_456_7
  if (Array.isArray(value)) {
    const items: unknown[] = value.length > 0 ? value : ['']
    return Array.from({ length: Math.max(items.length, Math.min(MANY_ITEMS, left.values)) }, (_, place) =>
      grown(items[place % items.length], [...path.slice(0, -1), `${path.at(-1)}[${place}]`], left),
    )
  }
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, grown(held, [...path, name], left)]))
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

/** Own fields only: a source may compare whatever it likes, and __proto__ is a field like any other. */
function set(event: Json, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0)
    Object.defineProperty(event, name, { value, enumerable: true, configurable: true, writable: true })
  else if (Object.hasOwn(event, name) && isRecord(event[name])) set(event[name], rest, value)
}

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * What a source compares a field with, as `severity == 'critical'` or in a case: a worst case with each of them, and
 * with none, goes through every branch.
 */
export function comparedIn(source: string): Json[] {
  const found = new Map<string, Json>()
  const add = (path: string, text: string) => found.set(`${path}=${text}`, { [path]: text })
  for (const [, path = '', , text = ''] of source.matchAll(COMPARED)) add(path, text)
  for (const [, path = '', body = ''] of source.matchAll(CASES)) {
    for (const [, list = ''] of body.matchAll(/\{%-?\s{0,20}when\s{1,20}(.{0,500}?)-?%\}/g)) {
      for (const [, , text = ''] of list.matchAll(/(['"])(.*?)\1/g)) add(path, text)
    }
  }
  return [...found.values()].slice(0, MOST_BRANCHES)
}

// A word is looked at from its beginning only, and no case is longer than this: else a source could take long to read.
const COMPARED = /(?<![\w.-])([A-Za-z_][\w.-]{0,200})\s{0,20}(?:==|!=|contains)\s{0,20}(['"])(.{0,200}?)\2/g
const CASES = /\{%-?\s{0,20}case\s{1,20}([\w.-]{1,200})\s{0,20}-?%\}([\s\S]{0,4000}?)\{%-?\s{0,20}endcase/g

const MOST_BRANCHES = 16
