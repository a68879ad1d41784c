import { EVENT_FIELDS, fieldText, quoted } from './fields.ts'
import type { Reader } from './reader.ts'
import type { Token } from './tokens.ts'
import { type Field, type List, MOST_ITEMS, type Operand, type Scalar } from './tree.ts'

/** What is looked for: the first of a comparison, a value after an operator, or a field there. */
type Wanted = 'first' | 'value' | 'field'

/** A field, a value or a list of values; nothing, and a problem, when something else stands there. */
export function operandAt(reader: Reader, wanted: Wanted, after = ''): Operand | undefined {
  const { start, end } = reader.here
  if (reader.nextMark('[')) return listAt(reader)
  const next = reader.peek()
  const value = next && scalarOf(next)
  if (value !== undefined) {
    reader.take()
    return { kind: 'value', value, start, end }
  }
  if (next?.kind !== 'word' || RESERVED.test(next.text)) {
    return reader.refuse({ start, end, message: absence(wanted, after) })
  }
  const field = fieldAt(reader)
  if (!field || wanted !== 'value' || field.path.length > 1 || isOwn(field.path[0])) return field
  const [name = ''] = field.path
  const message = `Text stands between quotes. Did you mean ${quoted(name)}? A field of the data would be data.${name}.`
  reader.refuse({ start: field.start, end: field.end, message, fix: quoted(name) })
  return field
}

function absence(wanted: Wanted, after: string): string {
  if (wanted === 'first') return "A comparison is missing here, for example severity == 'critical'."
  return `A value is missing after ${after}: a text in quotes, a number, true, false, null or a list.`
}

function fieldAt(reader: Reader): Field | undefined {
  const { start } = reader.here
  const first = reader.take()
  const path = [first?.kind === 'word' ? first.text : '']
  for (;;) {
    const { start: at, end } = reader.here
    if (reader.takeMark('.')) {
      const name = reader.take()
      if (name?.kind !== 'word') {
        return reader.refuse({ start: at, end, message: 'The name of a field is missing after the dot.' })
      }
      path.push(name.text)
    } else if (reader.takeMark('[')) {
      const name = reader.take()
      if (name?.kind !== 'text' || !reader.takeMark(']')) {
        const message = `After a field, brackets hold the name of one within it: ${fieldText(path)}['first name'].`
        return reader.refuse({ start: at, end, message })
      }
      path.push(name.value)
    } else {
      return { kind: 'field', path, start, end: reader.lastEnd }
    }
  }
}

function listAt(reader: Reader): List | undefined {
  const { start, end } = reader.here
  reader.take()
  const items: Scalar[] = []
  while (!reader.takeMark(']')) {
    if (reader.isAtEnd) return reader.refuse({ start, end, message: 'This [ is never closed.' })
    if (items.length > 0 && !reader.takeMark(',')) {
      return reader.refuse({ ...reader.here, message: 'A comma or ] is missing here.' })
    }
    const item = itemAt(reader)
    if (item === undefined) return undefined
    items.push(item)
  }
  if (items.length <= MOST_ITEMS) return { kind: 'list', items, start, end: reader.lastEnd }
  const message = `A list has at most ${MOST_ITEMS} values; this one has ${items.length}.`
  return reader.refuse({ start, end: reader.lastEnd, message })
}

function itemAt(reader: Reader): Scalar | undefined {
  const place = reader.here
  const next = reader.take()
  const value = next && scalarOf(next)
  if (value !== undefined) return value
  if (next?.kind !== 'word') {
    return reader.refuse({ ...place, message: 'A list holds texts in quotes, numbers, true, false and null.' })
  }
  const fix = quoted(next.text)
  reader.refuse({ ...place, message: `Text stands between quotes. Did you mean ${fix}?`, fix })
  return next.text
}

function scalarOf(token: Token): Scalar | undefined {
  if (token.kind === 'text' || token.kind === 'number') return token.value
  if (token.kind !== 'word') return undefined
  return CONSTANTS.get(token.text.toLowerCase())
}

function isOwn(name = ''): boolean {
  return EVENT_FIELDS.some((each) => each === name)
}

const CONSTANTS = new Map<string, Scalar>([
  ['true', true],
  ['false', false],
  ['null', null],
])
const RESERVED = /^(and|or|not|in)$/i
