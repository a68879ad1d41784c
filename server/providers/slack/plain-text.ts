import type { Message } from '../../../shared/deliveries.ts'

/** What a message says in plain words: its text or, when there is none, the words of its blocks. */
export function textOf({ text, blocks = [] }: Message): string {
  if (text.trim() !== '') return text
  const lines = blocks.flatMap(wordsOf).filter((line) => line.trim() !== '')
  const words = lines.join('\n')
  return words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words
}

/** Slack advises no more for the text of a message, and refuses more when one is changed. */
const LONGEST = 4_000

type Block = Record<string, unknown>

const WORDS: Record<string, (block: Block) => unknown[]> = {
  header: ({ text }) => [text],
  section: ({ text, fields }) => [text, ...listOf(fields)],
  context: ({ elements }) => listOf(elements),
  markdown: ({ text }) => [text],
  image: ({ title, alt_text }) => [title ?? alt_text],
}

function wordsOf(block: Block): string[] {
  return (WORDS[String(block.type)]?.(block) ?? []).map(plain)
}

/** A text object, an image by what it shows, or a bare text. */
function plain(part: unknown): string {
  if (typeof part === 'string') return part
  if (typeof part !== 'object' || part === null) return ''
  const { text, alt_text } = part as Block
  return typeof text === 'string' ? text : typeof alt_text === 'string' ? alt_text : ''
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
