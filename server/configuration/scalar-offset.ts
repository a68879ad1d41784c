import type { Scalar } from 'yaml'

/**
 * Where in the file a character of a text stands, given where it stands in the text. Exact for plain and quoted texts on
 * one line and for blocks written with `|`; the beginning of the text for what is folded over lines.
 */
export function offsetInScalar(text: string, node: Scalar, inside: number): number {
  const [start = 0, end = 0] = node.range ?? []
  const source = text.slice(start, end)
  switch (node.type) {
    case 'BLOCK_LITERAL':
      return start + inLiteral(source, inside)
    case 'QUOTE_DOUBLE':
      return source.includes('\n') ? start : start + 1 + inDoubleQuotes(source.slice(1, -1), inside)
    case 'QUOTE_SINGLE':
      return source.includes('\n') ? start : start + 1 + inSingleQuotes(source.slice(1, -1), inside)
    case 'BLOCK_FOLDED':
      return start
    default:
      return source.includes('\n') ? start : start + Math.min(inside, source.length)
  }
}

/** Past the head, each line of the value is one of the file without its indentation. */
function inLiteral(source: string, inside: number): number {
  const [head = '', ...lines] = source.split('\n')
  const indent = Math.min(
    ...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length),
  )
  let offset = head.length + 1
  let left = inside
  for (const line of lines) {
    const length = Math.max(0, line.length - indent)
    if (left <= length) return offset + Math.min(indent, line.length) + left
    left -= length + 1
    offset += line.length + 1
  }
  return Math.min(offset, source.length)
}

/** What each character of the value is written with. */
const ESCAPED = /\\(?:x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|.)|./gisu

function inDoubleQuotes(body: string, inside: number): number {
  return walked(body.match(ESCAPED) ?? [], inside)
}

function inSingleQuotes(body: string, inside: number): number {
  return walked(body.match(/''|./gs) ?? [], inside)
}

function walked(written: readonly string[], inside: number): number {
  return written.slice(0, inside).reduce((sum, piece) => sum + piece.length, 0)
}
