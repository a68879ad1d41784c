import { fieldText } from './fields.ts'
import { nearest } from './nearest.ts'
import type { Reader } from './reader.ts'
import { OPERATORS, type Operand, type Operator } from './tree.ts'

export type Following = Operator | 'exists' | 'missing'

/** The operator that comes next, or nothing and a problem that says which there are. */
export function operatorAt(reader: Reader, left: Operand): Following | undefined {
  const { start, end } = reader.here
  const next = reader.take()
  if (next?.kind === 'symbol') return OPERATORS.find((each) => each === next.text)
  if (next?.kind !== 'word' || /^(and|or)$/i.test(next.text)) {
    return reader.refuse({ start: left.start, end: left.end, message: aloneMessage(left) })
  }
  const word = next.text.toLowerCase()
  const single = SINGLE.find((each) => each === word)
  if (single) return single
  const second = SECOND[word]
  if (second && reader.takeWord(second)) return PAIRS[`${word} ${second}`]
  return wrongWordAt(reader, { start, end, word, text: next.text })
}

function aloneMessage(left: Operand): string {
  if (left.kind !== 'field') return 'This value stands alone. Compare a field with it.'
  const name = fieldText(left.path)
  return `${name} stands alone. Compare it, for example ${name} == 'security', or write ${name} exists.`
}

type Wrong = { start: number; end: number; word: string; text: string }

function wrongWordAt(reader: Reader, { start, end, word, text }: Wrong): Following | undefined {
  if (word === 'not' || (word === 'is' && reader.isWord('not'))) {
    const message = 'NOT stands before the comparison: NOT title contains \'test\'. Only "not in" has it in the middle.'
    return reader.refuse({ start, end, message })
  }
  const meant = MEANT[word] ?? nearest(word, [...OPERATORS, 'exists', 'is missing'])
  if (!meant) {
    const message = `"${text}" is no operator. There are ${OPERATORS.join(', ')}, exists and is missing.`
    return reader.refuse({ start, end, message })
  }
  reader.refuse({ start, end, message: `"${text}" is no operator. Did you mean ${meant}?`, fix: meant })
  return meant === 'exists' ? 'exists' : (OPERATORS.find((each) => each === meant) ?? 'missing')
}

const SINGLE = ['in', 'contains', 'matches', 'exists'] as const
const SECOND: Record<string, string> = { starts: 'with', ends: 'with', is: 'missing', not: 'in' }
const PAIRS: Record<string, Following> = {
  'starts with': 'starts with',
  'ends with': 'ends with',
  'is missing': 'missing',
  'not in': 'not in',
}
/** What other languages call them. */
const MEANT: Record<string, string> = {
  is: '==',
  eq: '==',
  equal: '==',
  equals: '==',
  ne: '!=',
  lt: '<',
  lte: '<=',
  le: '<=',
  gt: '>',
  gte: '>=',
  ge: '>=',
  like: 'contains',
  has: 'contains',
  include: 'contains',
  includes: 'contains',
  begins: 'starts with',
  startswith: 'starts with',
  starts_with: 'starts with',
  starts: 'starts with',
  endswith: 'ends with',
  ends_with: 'ends with',
  ends: 'ends with',
  regex: 'matches',
  match: 'matches',
  within: 'in',
  exist: 'exists',
  missing: 'is missing',
}
