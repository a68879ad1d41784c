import { isPlain } from './holds.ts'
import type { Comparison, ConditionTree, Operand, Operator, Scalar } from './tree.ts'

/** A field and the text that it has to be. */
export type Expected = { path: readonly string[]; text: string }

/**
 * Of which one has to be so, or the condition can't hold; `undefined` where no such list follows from it. It is no more
 * than a first look: a condition whose gate is open still has to be asked.
 */
export function gateOf(tree: ConditionTree): Expected[] | undefined {
  switch (tree.kind) {
    case 'and':
      return narrowest(tree.parts.map(gateOf))
    case 'or':
      return widest(tree.parts.map(gateOf))
    case 'compare':
      return gateOfComparison(tree)
    case 'not':
    case 'exists':
    case 'missing':
    case 'always':
      return undefined
  }
}

/** Beyond this a gate costs more than it spares. */
const MOST_EXPECTED = 16

function gateOfComparison({ left, right, operator }: Comparison): Expected[] | undefined {
  if (left.kind !== 'field') return undefined
  const values = wantedValues(operator, right)
  const texts = values.filter((value): value is string => typeof value === 'string' && isPlain(value))
  if (texts.length === 0 || texts.length < values.length || texts.length > MOST_EXPECTED) return undefined
  return texts.map((text) => ({ path: left.path, text }))
}

function wantedValues(operator: Operator, right: Operand): readonly Scalar[] {
  if (operator === '==' && right.kind === 'value') return [right.value]
  return operator === 'in' && right.kind === 'list' ? right.items : []
}

/** All parts have to hold, so any gate will do. */
function narrowest(gates: readonly (Expected[] | undefined)[]): Expected[] | undefined {
  return gates.reduce((best, gate) => (gate && (!best || gate.length < best.length) ? gate : best), undefined)
}

/** One part is enough, so each has to have a gate. */
function widest(gates: readonly (Expected[] | undefined)[]): Expected[] | undefined {
  const all: Expected[] = []
  for (const gate of gates) {
    if (!gate) return undefined
    all.push(...gate)
  }
  return all.length > MOST_EXPECTED ? undefined : all
}
