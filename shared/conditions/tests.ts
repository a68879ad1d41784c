import { operandAt } from './operands.ts'
import { operatorAt } from './operators.ts'
import type { Reader } from './reader.ts'
import { flawOf } from './sense.ts'
import type { Test } from './tree.ts'

/** One comparison, one question whether a field is there, or `true` for each event. */
export function testAt(reader: Reader): Test | undefined {
  const left = operandAt(reader, 'first')
  if (!left) return undefined
  const { start } = left
  const isAlone = reader.isAtEnd || reader.nextMark(')') || reader.isWord('and') || reader.isWord('or')
  if (isAlone && left.kind === 'value' && typeof left.value === 'boolean') {
    return { kind: 'always', value: left.value, start, end: left.end }
  }
  const operator = operatorAt(reader, left)
  if (!operator) return undefined
  if (operator === 'exists' || operator === 'missing') {
    if (left.kind === 'field') return { kind: operator, field: left, start, end: reader.lastEnd }
    return reader.refuse({ start, end: left.end, message: 'Only a field can exist or be missing.' })
  }
  const takesField = left.kind !== 'field' || operator === 'in' || operator === 'not in'
  const right = operandAt(reader, takesField ? 'field' : 'value', operator)
  if (!right) return undefined
  const test: Test = { kind: 'compare', operator, left, right, start, end: right.end }
  const flaw = flawOf(test)
  if (flaw) reader.refuse(flaw)
  return test
}
