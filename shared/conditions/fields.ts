/** What an event brings itself. Every other name is looked up in its data. */
export const EVENT_FIELDS = [
  'type',
  'category',
  'severity',
  'title',
  'text',
  'url',
  'recipient',
  'priority',
  'occurredAt',
  'dedupeKey',
  'threadKey',
  'updateKey',
  'data',
] as const

/** What conditions are asked about. `found` fills up as they look: hand the same one to all that one event is asked. */
export type Facts = { event: object; found?: Map<string, unknown> }

/**
 * The value of a field: the event's own, else the one of that name in its data. `undefined`: the event does not have
 * it. Only what was put there is found, so nothing that every object, text or list brings along.
 */
export function lookUp(facts: Facts, path: readonly string[]): unknown {
  const [first = ''] = path
  let value = own(facts.event, first)
  if (value === undefined) value = own(own(facts.event, 'data'), first)
  for (let step = 1; step < path.length && value !== undefined; step++) value = own(value, path[step] ?? '')
  return value
}

type Reading = (facts: Facts) => unknown

/**
 * Looks a field up the first time that an event is asked for it. Thousands of conditions mostly ask for the same few
 * fields, so they share what reads them: less memory to walk through is what makes asking them all fast.
 */
export function fieldReader(path: readonly string[]): Reading {
  const name = fieldText(path)
  const shared = READERS.get(name)
  if (shared) return shared
  const read: Reading = (facts) => {
    facts.found ??= new Map()
    const known = facts.found.get(name)
    if (known !== undefined || facts.found.has(name)) return known
    const value = lookUp(facts, path)
    facts.found.set(name, value)
    return value
  }
  if (READERS.size < MOST_SHARED) READERS.set(name, read)
  return read
}

const READERS = new Map<string, Reading>()
const MOST_SHARED = 5_000

function own(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null || Array.isArray(holder)) return undefined
  return Object.hasOwn(holder, name) ? (holder as Record<string, unknown>)[name] : undefined
}

/** A field as it is written. */
export function fieldText(path: readonly string[]): string {
  return path.map((name, at) => (NAME.test(name) ? `${at > 0 ? '.' : ''}${name}` : `[${quoted(name)}]`)).join('')
}

/** A text as it is written, in single quotes unless it holds some itself. */
export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const safe = text
    .replace(/\\(?=[\\'"nt\n\t]|$)/g, '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
  return quote + safe + quote
}

const NAME = /^[\p{L}_$@][\p{L}\p{N}_$@-]*$/u
