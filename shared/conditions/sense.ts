import { fieldText, quoted } from './fields.ts'
import type { Comparison, ConditionProblem, Operand } from './tree.ts'
import { hasOrder } from './values.ts'

/** Why a comparison that can be read could never mean what it says. */
export function flawOf(test: Comparison): ConditionProblem | undefined {
  const { left, right, operator } = test
  if (left.kind !== 'field' && right.kind !== 'field') return noField(test)
  switch (operator) {
    case '==':
    case '!=':
      return undefined
    case '<':
    case '<=':
    case '>':
    case '>=':
      return orderFlaw(left, operator) ?? orderFlaw(right, operator)
    case 'in':
    case 'not in':
      return listFlaw(test)
    case 'contains':
    case 'starts with':
    case 'ends with':
    case 'matches':
      return textFlaw(test)
  }
}

function noField({ left, start, end }: Comparison): ConditionProblem {
  const name = left.kind === 'value' && typeof left.value === 'string' && NAME.test(left.value) ? left.value : undefined
  const message = 'This compares two values and looks at no field of the event.'
  if (!name) return { start, end, message }
  return { start: left.start, end: left.end, message: `${message} Did you mean the field ${name}?`, fix: name }
}

function orderFlaw(side: Operand, operator: string): ConditionProblem | undefined {
  if (side.kind === 'field' || (side.kind === 'value' && hasOrder(side.value))) return undefined
  const { start, end } = side
  const what = side.kind === 'value' ? written(side.value) : 'A list'
  const instead = side.kind === 'value' && typeof side.value === 'string' ? ' Use == or in [...].' : ''
  const message = `${what} has no order: ${operator} takes a number or a date like '2026-03-01' that exists.${instead}`
  return { start, end, message }
}

function listFlaw({ left, right, operator }: Comparison): ConditionProblem | undefined {
  if (left.kind === 'list') {
    const { start, end } = left
    return { start, end, message: `${operator} takes one value on its left. Use contains for each, joined with OR.` }
  }
  if (right.kind !== 'value') return undefined
  const { start, end } = right
  const fix = `[${written(right.value)}]`
  return { start, end, message: `${operator} takes a list. Did you mean ${fix}?`, fix }
}

function textFlaw({ left, right, operator }: Comparison): ConditionProblem | undefined {
  if (left.kind !== 'field') {
    const { start, end } = left
    return { start, end, message: `The field stands first: ${NAMES[operator] ?? 'title'} ${operator} 'text'.` }
  }
  const { start, end } = right
  if (right.kind === 'list') {
    const message = `${operator} takes one value. Join several with OR: ${fieldText(left.path)} ${operator} 'a' OR …`
    return { start, end, message }
  }
  if (right.kind === 'field') {
    if (operator !== 'matches') return undefined
    return { start, end, message: 'A pattern is written out, between quotes; an event cannot bring one.' }
  }
  if (operator === 'contains' || typeof right.value === 'string') return undefined
  const fix = quoted(String(right.value))
  return { start, end, message: `${operator} takes a text. Did you mean ${fix}?`, fix }
}

function written(value: unknown): string {
  return typeof value === 'string' ? quoted(value) : String(value)
}

const NAME = /^[\p{L}_][\p{L}\p{N}_.]*$/u
const NAMES: Record<string, string> = { contains: 'tags' }
