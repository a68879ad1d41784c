import { fieldText, quoted } from './fields.ts'
import type { ConditionTree, Operand, Scalar } from './tree.ts'

/** A condition as it is best written: one blank between the words, keywords in capitals, brackets where AND meets OR. */
export function formatCondition(tree: ConditionTree): string {
  switch (tree.kind) {
    case 'and':
    case 'or':
      return tree.parts.map(inner).join(` ${tree.kind.toUpperCase()} `)
    case 'not':
      return `NOT ${inner(tree.part)}`
    case 'compare':
      return `${operandText(tree.left)} ${tree.operator} ${operandText(tree.right)}`
    case 'exists':
      return `${fieldText(tree.field.path)} exists`
    case 'missing':
      return `${fieldText(tree.field.path)} is missing`
    case 'always':
      return String(tree.value)
  }
}

function inner(part: ConditionTree): string {
  return part.kind === 'and' || part.kind === 'or' ? `(${formatCondition(part)})` : formatCondition(part)
}

function operandText(operand: Operand): string {
  switch (operand.kind) {
    case 'field':
      return fieldText(operand.path)
    case 'value':
      return scalarText(operand.value)
    case 'list':
      return `[${operand.items.map(scalarText).join(', ')}]`
  }
}

function scalarText(value: Scalar): string {
  return typeof value === 'string' ? quoted(value) : String(value)
}
