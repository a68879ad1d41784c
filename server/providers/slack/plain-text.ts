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
  card: ({ title, subtitle, body, hero_image }) => {
    const words = [title, subtitle, body].filter((each) => each !== undefined)
    return words.length > 0 ? words : [hero_image]
  },
  video: ({ title, description }) => [title, description],
  rich_text: ({ elements }) => richText(elements),
  table: ({ rows }) => listOf(rows).map((row) => listOf(row).flatMap(cellText).join(' | ')),
}

/** What holds other blocks. */
const HELD: Record<string, (block: Block) => unknown[]> = {
  carousel: ({ elements }) => listOf(elements),
  container: ({ title, rich_text_title, subtitle, child_blocks }) => [
    isBlock(rich_text_title) ? rich_text_title : { type: 'section', text: title },
    { type: 'section', text: subtitle },
    ...listOf(child_blocks),
  ],
}

function wordsOf(block: Block): string[] {
  const type = String(block.type)
  const held = Object.hasOwn(HELD, type) ? HELD[type]?.(block) : undefined
  if (held) return held.filter(isBlock).flatMap(wordsOf)
  return ((Object.hasOwn(WORDS, type) ? WORDS[type]?.(block) : undefined) ?? []).map(plain)
}

/** Each paragraph, quotation and item of a list on a line of its own. */
function richText(elements: unknown): string[] {
  return listOf(elements)
    .filter(isBlock)
    .flatMap((element) =>
      element.type === 'rich_text_list' ? richText(element.elements) : listOf(element.elements).map(plain).join(''),
    )
}

const cellText = (cell: unknown): string[] =>
  isBlock(cell) && cell.type === 'rich_text' ? richText(cell.elements) : [plain(cell)]

const isBlock = (value: unknown): value is Block => typeof value === 'object' && value !== null && !Array.isArray(value)

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
