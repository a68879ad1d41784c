import { type Emitter, type Token, TokenKind } from 'liquidjs'

/** Where a stretch of the output came from: copied letter by letter, or written by what stands there in the source. */
export type Piece = { at: number; start: number; end: number; isCopied: boolean }

/** Far more than a message of fifty blocks takes. */
const MOST_STEPS = 20_000
const MOST_OUTPUT = 1_000_000

/** What a template writes, with where each stretch of it came from. */
export class Output implements Emitter {
  buffer = ''
  readonly pieces: Piece[] = []
  token: Token | undefined
  steps = 0

  write(value: unknown): void {
    const text = String(value ?? '')
    if (text === '') return
    if (this.buffer.length + text.length > MOST_OUTPUT) throw new Error('The message becomes too long')
    const { token } = this
    if (token) {
      const isCopied = token.kind === TokenKind.HTML
      const start = token.begin + (isCopied ? token.getText().indexOf(text) : 0)
      this.pieces.push({ at: this.buffer.length, start, end: isCopied ? start + text.length : token.end, isCopied })
    }
    this.buffer += text
  }

  /** One thing more to be done; refuses when it is too much. */
  step(token = this.token): void {
    this.token = token
    this.steps += 1
    if (this.steps > MOST_STEPS) throw new Error('This is repeated too often')
  }
}

/** The stretch of the source that wrote a stretch of the output. */
export function sourceOf(pieces: readonly Piece[], start: number, end: number): { start: number; end: number } {
  const first = pieceAt(pieces, start)
  if (!first) return { start: 0, end: 1 }
  const from = first.isCopied ? first.start + start - first.at : first.start
  const last = pieceAt(pieces, Math.max(start, end - 1)) ?? first
  const to = last.isCopied ? last.start + end - last.at : last.end
  // What a loop wrote in several rounds ends before it begins.
  return { start: from, end: Math.max(from + 1, to) }
}

/** What wrote most of a stretch of the output, when something was put in there. */
export function greatestIn(
  pieces: readonly Piece[],
  start: number,
  end: number,
): { start: number; end: number; length: number } | undefined {
  let greatest: { start: number; end: number; length: number } | undefined
  pieces.forEach((piece, place) => {
    const length = Math.min(end, pieces[place + 1]?.at ?? end) - piece.at
    if (piece.isCopied || piece.at < start || piece.at >= end) return
    if (length > (greatest?.length ?? 0)) greatest = { start: piece.start, end: piece.end, length }
  })
  return greatest
}

/** Pieces are in the order of the output. */
function pieceAt(pieces: readonly Piece[], at: number): Piece | undefined {
  let low = 0
  let high = pieces.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((pieces[middle]?.at ?? 0) <= at) low = middle
    else high = middle
  }
  return pieces[low]
}
