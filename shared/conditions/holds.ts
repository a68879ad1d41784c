import type { Operand, Operator } from './tree.ts'
import { hasOrder, order, same } from './values.ts'

/** A pattern made ready, or what is wrong with it. */
export type CompilePattern = (
  source: string,
) => { kind: 'ready'; isIn: (text: string) => boolean } | { kind: 'refused'; message: string }

type Holds = (value: unknown, other: unknown) => boolean

/** The comparison as a function of the two values; what the right side settles for good is worked out here, once. */
export function holdsFor(operator: Operator, right: Operand, compilePattern: CompilePattern): Holds {
  if (operator === 'matches') return patternHolds(right, compilePattern)
  if (operator === '==' && right.kind === 'value' && isPlain(right.value)) return isExactly
  if (operator === '!=' && right.kind === 'value' && isPlain(right.value)) return isNotExactly
  if (right.kind === 'list' && right.items.every(isPlain)) {
    const items: readonly unknown[] = right.items
    if (operator === 'in') return (value) => items.includes(value)
    if (operator === 'not in') return (value) => !items.includes(value)
  }
  return HOLDS[operator]
}

const isExactly: Holds = (value, other) => value === other
const isNotExactly: Holds = (value, other) => value !== other

/** A text that is neither a number nor a date, a yes or no, or null: the same only as what it is itself. */
export function isPlain(value: unknown): boolean {
  return typeof value !== 'number' && !hasOrder(value)
}

/** A pattern that cannot be used matches nothing: it was named when the condition was saved. */
function patternHolds(right: Operand, compilePattern: CompilePattern): Holds {
  const pattern = compilePattern(right.kind === 'value' ? String(right.value) : '')
  if (pattern.kind === 'refused') return () => false
  return (value) => typeof value === 'string' && pattern.isIn(value)
}

const HOLDS: Record<Exclude<Operator, 'matches'>, Holds> = {
  '==': same,
  '!=': (value, other) => !same(value, other),
  '<': (value, other) => (order(value, other) ?? Number.NaN) < 0,
  '<=': (value, other) => (order(value, other) ?? Number.NaN) <= 0,
  '>': (value, other) => (order(value, other) ?? Number.NaN) > 0,
  '>=': (value, other) => (order(value, other) ?? Number.NaN) >= 0,
  in: isIn,
  'not in': (value, list) => !isIn(value, list),
  contains: (value, other) => {
    if (typeof value === 'string') return typeof other === 'string' && value.includes(other)
    return isIn(other, value)
  },
  'starts with': (value, other) => typeof value === 'string' && typeof other === 'string' && value.startsWith(other),
  'ends with': (value, other) => typeof value === 'string' && typeof other === 'string' && value.endsWith(other),
}

function isIn(value: unknown, list: unknown): boolean {
  if (!Array.isArray(list)) return false
  // Whoever sends an event says how long its lists are: a text that is the same only as it stands is found at once.
  return typeof value === 'string' && isPlain(value) ? list.includes(value) : list.some((item) => same(item, value))
}
