import { isMark } from './marks.ts'

/** A value of JSON and where in its text it stands. */
export type JsonNode = { start: number; end: number } & (
  | { kind: 'object'; entries: { key: string; keyStart: number; keyEnd: number; node: JsonNode }[] }
  | { kind: 'array'; items: JsonNode[] }
  | { kind: 'value'; value: string | number | boolean | null }
)

/** Why a text is not JSON, and where. */
export class JsonProblem extends Error {
  readonly start: number
  readonly end: number
  readonly fix: string | undefined

  constructor(message: string, start: number, end: number, fix?: string) {
    super(message)
    this.start = start
    this.end = end
    this.fix = fix
  }
}

/**
 * JSON as a template leaves it: a comma with nothing before or after it, where a loop ended or a condition left
 * something out, counts for nothing. Marks outside of texts are passed over.
 */
export function readJson(text: string): JsonNode {
  const reader = new Reader(text)
  const node = reader.value(0)
  reader.skip()
  if (reader.at < text.length) throw reader.problem('Something stands after the end of the message.')
  return node
}

const MOST_DEPTH = 64
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /[A-Za-z_]\w*/y
const WORDS: Record<string, boolean | null> = { true: true, false: false, null: null }
const ESCAPES: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

class Reader {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  problem(message: string, fix?: string): JsonProblem {
    return new JsonProblem(message, this.at, Math.min(this.at + 1, this.text.length), fix)
  }

  /** Passes over white space and marks. */
  skip(): void {
    for (; this.at < this.text.length; this.at += 1) {
      const code = this.text.charCodeAt(this.at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9 && !isMark(code)) return
    }
  }

  /** Whether there was at least one. */
  skipCommas(): boolean {
    this.skip()
    let found = false
    while (this.text[this.at] === ',') {
      found = true
      this.at += 1
      this.skip()
    }
    return found
  }

  value(depth: number): JsonNode {
    this.skip()
    if (depth > MOST_DEPTH) throw this.problem('This is nested too deeply.')
    const char = this.text[this.at]
    if (char === '{') return this.object(depth)
    if (char === '[') return this.array(depth)
    if (char === '"') {
      const start = this.at
      return { kind: 'value', start, value: this.string(), end: this.at }
    }
    return this.word()
  }

  object(depth: number): JsonNode {
    const start = this.at
    const entries: Extract<JsonNode, { kind: 'object' }>['entries'] = []
    this.at += 1
    for (let isFirst = true; ; isFirst = false) {
      const divided = this.skipCommas()
      if (this.text[this.at] === '}') break
      this.expectMore(start, '}')
      if (!isFirst && !divided) throw this.problem('A comma is missing before this.', 'Put a comma between the two.')
      const keyStart = this.at
      if (this.text[this.at] !== '"') {
        throw this.problem('The name of a field is expected here.', 'Write it in double quotes: "text".')
      }
      const key = this.string()
      const keyEnd = this.at
      this.skip()
      if (this.text[this.at] !== ':') throw this.problem(`A colon is missing after "${key}".`)
      this.at += 1
      const node = this.value(depth + 1)
      if (entries.some((entry) => entry.key === key)) {
        throw new JsonProblem(`"${key}" stands here twice.`, keyStart, keyEnd, 'Leave one of them out.')
      }
      entries.push({ key, keyStart, keyEnd, node })
    }
    this.at += 1
    return { kind: 'object', start, end: this.at, entries }
  }

  array(depth: number): JsonNode {
    const start = this.at
    const items: JsonNode[] = []
    this.at += 1
    for (let isFirst = true; ; isFirst = false) {
      const divided = this.skipCommas()
      if (this.text[this.at] === ']') break
      this.expectMore(start, ']')
      if (!isFirst && !divided) throw this.problem('A comma is missing before this.', 'Put a comma between the two.')
      items.push(this.value(depth + 1))
    }
    this.at += 1
    return { kind: 'array', start, end: this.at, items }
  }

  string(): string {
    const start = this.at
    this.at += 1
    let value = ''
    let from = this.at
    for (;;) {
      const char = this.text[this.at]
      if (char === undefined || char === '\n' || char === '\r') {
        throw new JsonProblem(
          'This text has no closing quote on its line.',
          start,
          this.at,
          'Write a line break as \\n.',
        )
      }
      if (char === '"') break
      if (char === '\\') {
        value += this.text.slice(from, this.at) + this.escape()
        from = this.at
      } else if (char < ' ') {
        throw this.problem('A control character stands in this text.', 'Write a tab as \\t.')
      } else {
        this.at += 1
      }
    }
    value += this.text.slice(from, this.at)
    this.at += 1
    return value
  }

  escape(): string {
    const char = this.text[this.at + 1] ?? ''
    if (char === 'u') {
      const digits = this.text.slice(this.at + 2, this.at + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.problem('Four digits are missing after \\u.')
      this.at += 6
      const code = Number.parseInt(digits, 16)
      return isMark(code) ? '\uFFFD' : String.fromCharCode(code)
    }
    const meant = ESCAPES[char]
    if (meant === undefined) throw this.problem(`\\${char} means nothing here.`, 'Write a backslash as \\\\.')
    this.at += 2
    return meant
  }

  word(): JsonNode {
    const start = this.at
    this.expectMore(start, 'value')
    const number = this.match(NUMBER)
    if (number !== undefined) return { kind: 'value', start, end: this.at, value: Number(number) }
    const word = this.match(WORD)
    const value = word === undefined ? undefined : WORDS[word]
    if (value !== undefined && Object.hasOwn(WORDS, word ?? '')) return { kind: 'value', start, end: this.at, value }
    this.at = start
    const told = word === undefined ? 'A value is expected here.' : `${word} is not a value.`
    throw new JsonProblem(told, start, start + (word?.length ?? 1), 'Write texts in double quotes.')
  }

  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const [found] = pattern.exec(this.text) ?? []
    if (found !== undefined) this.at += found.length
    return found
  }

  expectMore(start: number, wanted: string): void {
    if (this.at < this.text.length) return
    const open = this.text[start] ?? ''
    if (wanted === 'value') throw this.problem('The text ends where a value is expected.')
    throw new JsonProblem(`This ${open} is not closed.`, start, start + 1, `Close it with ${wanted}.`)
  }
}
