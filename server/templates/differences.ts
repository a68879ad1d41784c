import { isJson } from './json.ts'

export type Difference = { path: string; expected?: string; made?: string }

/** Where one value differs from another, each place by its path; at most so many of them. */
export function differencesIn(expected: unknown, made: unknown, most = MOST_DIFFERENCES): Difference[] {
  const found: Difference[] = []
  compare(expected, made, '', (difference) => found.push(difference) >= most)
  return found
}

const MOST_DIFFERENCES = 5
const MOST_TOLD = 200

/** `note` answers whether there are enough. */
function compare(expected: unknown, made: unknown, path: string, note: (found: Difference) => boolean): boolean {
  if (Array.isArray(expected) && Array.isArray(made)) {
    const places = Array.from({ length: Math.max(expected.length, made.length) }, (_, place) => place)
    return places.some((place) => compare(expected[place], made[place], `${path}[${place}]`, note))
  }
  if (isJson(expected) && isJson(made)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(made)])]
    return names.some((name) => compare(own(expected, name), own(made, name), path ? `${path}.${name}` : name, note))
  }
  if (Object.is(expected, made)) return false
  return note({ path, ...told('expected', expected), ...told('made', made) })
}

const own = (value: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name] : undefined

function told(key: 'expected' | 'made', value: unknown): Partial<Difference> {
  if (value === undefined) return {}
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return { [key]: text.length > MOST_TOLD ? `${text.slice(0, MOST_TOLD)}…` : text }
}
