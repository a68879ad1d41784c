import { quoted } from './fields.ts'
import type { ConditionProblem, Place } from './tree.ts'

export type Token = Place &
  (
    | { kind: 'word' | 'symbol' | 'mark'; text: string }
    | { kind: 'text'; value: string }
    | { kind: 'number'; value: number }
  )

/**
 * Cuts a condition into words, signs and values; blanks fall away. What people bring along from other languages is
 * read as what they mean, and named as a problem, so that the rest is looked at too.
 */
export function tokensOf(source: string): { tokens: Token[]; problems: ConditionProblem[] } {
  const tokens: Token[] = []
  const problems: ConditionProblem[] = []
  let at = 0
  while (at < source.length) {
    const found = tokenAt(source, at)
    if (found.token) tokens.push(found.token)
    if (found.problem) problems.push(found.problem)
    at = found.end
  }
  return { tokens, problems }
}

type Found = { end: number; token?: Token; problem?: ConditionProblem }

function tokenAt(source: string, start: number): Found {
  const blank = matchAt(BLANK, source, start)
  if (blank) return { end: start + blank.length }
  const word = matchAt(WORD, source, start)
  if (word) return { end: start + word.length, token: { kind: 'word', text: word, start, end: start + word.length } }
  const closing = QUOTES[source[start] ?? '']
  if (closing) return textAt(source, start, closing)
  return dateAt(source, start) ?? numberAt(source, start) ?? signAt(source, start)
}

function textAt(source: string, start: number, closing: string): Found {
  let end = start + 1
  while (end < source.length && !closing.includes(source[end] ?? '')) end += source[end] === '\\' ? 2 : 1
  const isOpen = end >= source.length
  const value = unescaped(source.slice(start + 1, end))
  end = Math.min(end + 1, source.length)
  const found: Found = { end, token: { kind: 'text', value, start, end } }
  const opening = source[start]
  if (isOpen) {
    found.problem = { start, end, message: `This text has no closing ${closing.at(-1)}.`, fix: quoted(value) }
  } else if (opening !== "'" && opening !== '"') {
    const fix = quoted(value)
    found.problem = { start, end, message: `Text stands between straight quotes. Did you mean ${fix}?`, fix }
  }
  return found
}

/** A date without quotes would be read as three numbers. */
function dateAt(source: string, start: number): Found | undefined {
  const date = matchAt(BARE_DATE, source, start)
  if (!date) return undefined
  const end = start + date.length
  const fix = quoted(date)
  const problem = { start, end, message: `A date stands between quotes. Did you mean ${fix}?`, fix }
  return { end, token: { kind: 'text', value: date, start, end }, problem }
}

function numberAt(source: string, start: number): Found | undefined {
  const digits = matchAt(NUMBER, source, start)
  if (!digits) return undefined
  const tail = matchAt(NUMBER_TAIL, source, start + digits.length) ?? ''
  const end = start + digits.length + tail.length
  const value = Number(digits) + 0 // -0 is 0
  const found: Found = { end, token: { kind: 'number', value, start, end } }
  if (tail) {
    const fix = quoted(digits + tail)
    found.problem = { start, end, message: `"${digits}${tail}" is no number. As a text it would be ${fix}.`, fix }
  } else if (!Number.isFinite(value)) {
    found.problem = { start, end, message: 'This number is too large.' }
  }
  return found
}

function signAt(source: string, start: number): Found {
  const symbol = matchAt(SYMBOL, source, start)
  if (symbol) {
    const end = start + symbol.length
    const meant = MEANT[symbol]
    const text = meant ?? symbol
    const kind = /^[A-Z]/i.test(text) ? 'word' : 'symbol'
    const found: Found = { end, token: { kind, text, start, end } }
    if (meant) found.problem = { start, end, message: slipOf(symbol, meant), fix: spaced(source, start, end, meant) }
    return found
  }
  const end = start + 1
  const mark = source[start] ?? ''
  if ('()[],.'.includes(mark)) return { end, token: { kind: 'mark', text: mark, start, end } }
  const whole = String.fromCodePoint(source.codePointAt(start) ?? 0)
  return {
    end: start + whole.length,
    problem: {
      start,
      end: start + whole.length,
      message: `"${whole}" means nothing here. Text stands between quotes.`,
    },
  }
}

function slipOf(symbol: string, meant: string): string {
  if (symbol === '=') return 'A single = compares nothing. Did you mean ==?'
  return `"${symbol}" is not known here. Did you mean ${meant}?`
}

/** A sign may touch its neighbours, the word in its place may not. */
function spaced(source: string, start: number, end: number, meant: string): string {
  if (!/^[A-Z]/i.test(meant)) return meant
  const [before = ' ', after = ' '] = [source[start - 1], source[end]]
  return `${/[\s(]/.test(before) ? '' : ' '}${meant}${/\s/.test(after) ? '' : ' '}`
}

/** A backslash before anything else stays as it is, so that patterns can be written as they are read. */
function unescaped(raw: string): string {
  return raw.replace(/\\([\\'"nt])/g, (_, after: string) => ESCAPES[after] ?? after)
}

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0]
}

const BLANK = /\s+/y
const WORD = /[\p{L}_$@][\p{L}\p{N}_$@-]*/uy
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const NUMBER_TAIL = /[\p{L}\p{N}_$@.-]+/uy
const BARE_DATE = /\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?/y
const SYMBOL = /===|!==|==|!=|<=|>=|<>|=<|=>|=~|&&|\|\||[=<>&|!~:≤≥≠]/y

const ESCAPES: Record<string, string> = { n: '\n', t: '\t' }
/** Each opening quote with those that close it; the last one is named when it is missing. */
const QUOTES: Record<string, string> = { "'": "'", '"': '"', '`': '`', '‘': "’‘'", '’': "‘’'", '“': '“"”', '”': '“"”' }
const MEANT: Record<string, string> = {
  '=': '==',
  '===': '==',
  ':': '==',
  '!==': '!=',
  '<>': '!=',
  '≠': '!=',
  '=<': '<=',
  '≤': '<=',
  '=>': '>=',
  '≥': '>=',
  '=~': 'matches',
  '~': 'matches',
  '&&': 'AND',
  '&': 'AND',
  '||': 'OR',
  '|': 'OR',
  '!': 'NOT',
}
