import { type Token, tokensOf } from './tokens.ts'
import type { ConditionProblem, Place } from './tree.ts'

/** A place in the tokens of a condition that moves forward, and the problems met on the way. */
export class Reader {
  readonly problems: ConditionProblem[]
  private readonly tokens: Token[]
  private readonly length: number
  private at = 0

  constructor(source: string) {
    const { tokens, problems } = tokensOf(source)
    this.tokens = tokens
    this.problems = problems
    this.length = source.length
  }

  get isAtEnd(): boolean {
    return this.at >= this.tokens.length
  }

  /** Where the next token stands; after the last one, the end of the text. */
  get here(): Place {
    const { start, end } = this.tokens[this.at] ?? { start: this.length, end: this.length }
    return { start, end }
  }

  get lastEnd(): number {
    return this.tokens[this.at - 1]?.end ?? 0
  }

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead]
  }

  take(): Token | undefined {
    return this.tokens[this.at++]
  }

  isWord(word: string, ahead = 0): boolean {
    const next = this.peek(ahead)
    return next?.kind === 'word' && next.text.toLowerCase() === word
  }

  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false
    this.at++
    return true
  }

  nextMark(mark: string): boolean {
    const next = this.peek()
    return next?.kind === 'mark' && next.text === mark
  }

  takeMark(mark: string): boolean {
    if (!this.nextMark(mark)) return false
    this.at++
    return true
  }

  nextOperator(): boolean {
    return this.peek()?.kind === 'symbol'
  }

  /** Keeps the problem. What cannot be read on gives nothing back. */
  refuse(problem: ConditionProblem): undefined {
    this.problems.push(problem)
  }
}
