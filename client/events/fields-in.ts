import { fieldText } from '../../shared/conditions/fields.ts'

type Seen = { name: string; values: string[] }

const MOST_VALUES = 6
const LONGEST_VALUE = 40
const DEEPEST = 4
const MOST_FIELDS = 300

/** The names that conditions call the fields of these events by, each with the short texts that it had. */
export function fieldsIn(events: readonly Record<string, unknown>[]): Seen[] {
  const seen = new Map<string, Set<string>>()
  for (const { data, ...own } of events) {
    collect(own, [], seen)
    collect(data, [], seen)
  }
  return [...seen].map(([name, values]) => ({ name, values: [...values] }))
}

function collect(holder: unknown, path: string[], seen: Map<string, Set<string>>): void {
  if (typeof holder !== 'object' || holder === null || Array.isArray(holder) || path.length >= DEEPEST) return
  for (const [key, value] of Object.entries(holder)) {
    // Only data can have a name with signs in it, and there it is reached through `data`.
    const name = path.length === 0 && !/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(key) ? ['data', key] : [...path, key]
    if (seen.size >= MOST_FIELDS) return
    const values = seen.get(fieldText(name)) ?? new Set()
    seen.set(fieldText(name), values)
    for (const each of Array.isArray(value) ? value : [value]) {
      if (typeof each === 'string' && each.length <= LONGEST_VALUE && values.size < MOST_VALUES) values.add(each)
    }
    collect(value, name, seen)
  }
}
