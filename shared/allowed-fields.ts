/** Which fields of an event may be shown, logged or sent; undefined: all of them. */
export type Allowed = AllowedFields | undefined
/** What may be seen of an object: `all` of a field, or what its own entry says. */
type AllowedFields = ReadonlyMap<string, 'all' | AllowedFields>

/** What an event says beside its `data`. Any other name stands for a field inside `data`. */
export const EVENT_FIELDS = [
  'type',
  'category',
  'severity',
  'title',
  'text',
  'url',
  'recipient',
  'data',
  'destinations',
  'dedupeKey',
  'threadKey',
  'updateKey',
  'priority',
  'occurredAt',
] as const

/** The allow-list of a type, read once: `title`, `data.issue.id`, or `issue.id` for the same. null: all may be seen. */
export function readAllowed(fields: readonly string[] | null): Allowed {
  if (fields === null) return undefined
  const root: Tree = new Map()
  for (const path of [...ALWAYS, ...fields]) add(root, pathOf(path))
  return root
}

/** What may be seen of an event: the same event, or a copy that the other fields are not in. */
export function cutToAllowed<Event extends object>(event: Event, allowed: Allowed): Event {
  return allowed === undefined ? event : (cut(event, allowed) as Event)
}

/** Whether all of a field may be seen. */
export function isAllowed(allowed: Allowed, path: string): boolean {
  let inside: 'all' | AllowedFields | undefined = allowed ?? 'all'
  for (const name of pathOf(path)) {
    if (inside === 'all') return true
    inside = inside?.get(name)
  }
  return inside === 'all'
}

/** The path of a field from the event on, whichever way it was written. */
export function pathOf(field: string): string[] {
  const names = field.split('.')
  return EVENT_FIELDS.some((name) => name === names[0]) ? names : ['data', ...names]
}

/** Deliveries are listed and lined up by these; neither says what happened. */
const ALWAYS = ['type', 'priority']

type Tree = Map<string, 'all' | Tree>

function add(tree: Tree, [name, ...rest]: string[]): void {
  if (name === undefined || tree.get(name) === 'all') return
  if (rest.length === 0) {
    tree.set(name, 'all')
    return
  }
  const inside = tree.get(name)
  const below: Tree = inside instanceof Map ? inside : new Map()
  tree.set(name, below)
  add(below, rest)
}

/** Of a list, what may be seen of each of its entries. */
function cut(value: unknown, allowed: AllowedFields): unknown {
  if (Array.isArray(value)) return value.map((entry) => cut(entry, allowed))
  if (typeof value !== 'object' || value === null) return undefined
  const kept = Object.entries(value).flatMap(([name, inside]) => {
    const rule = allowed.get(name)
    const seen = rule === 'all' ? inside : rule && cut(inside, rule)
    return seen === undefined ? [] : [[name, seen]]
  })
  // Not assigned one by one: a field called __proto__ is a field like any other.
  return Object.fromEntries(kept)
}
