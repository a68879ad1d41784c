import type { Message } from '../../shared/deliveries.ts'
import { cutText, splitText } from './split-text.ts'

/** A message in as many as it takes, or its beginning and the whole of it as a file. */
export type Split = { kind: 'parts'; parts: [Message, ...Message[]] } | { kind: 'file'; head: Message; whole: string }

/**
 * A message as Slack takes it without cutting it: one that is too long becomes several, each marked "(1/3)", and more
 * than ten of them a file, where one can be attached. Nothing is left out.
 */
export function splitMessage(message: Message, canAttach: boolean): Split {
  const { text, blocks } = message
  const split = blocks?.length ? splitBlocks(text, blocks) : splitPlain(text)
  if (split.length <= MOST_PARTS || !canAttach || (blocks && !blocks.every(isOnlyText))) {
    return { kind: 'parts', parts: split }
  }
  const whole = blocks ? wordsOfBlocks(blocks) : text
  const [begin = ''] = splitText(whole, HEAD_CHARS)
  const note = `(The beginning of ${whole.length} characters. All of it is in the file.)`
  return { kind: 'file', head: { text: `${begin}\n\n${note}` }, whole }
}

/** What blocks say, in plain words: what notifications and screen readers use when nothing else was written. */
export function wordsOfBlocks(blocks: readonly Block[]): string {
  return blocks
    .map((block) => textsIn(block).join('\n'))
    .filter((words) => words.trim() !== '')
    .join('\n')
}

/** A text that Slack only shows where it can't show blocks; what is left out of it stands in those. */
export const shortened = (text: string): string => {
  const [begin = ''] = text.length > MOST_TEXT ? cutText(text, MOST_TEXT - 1) : [text]
  return begin === text ? text : `${begin}…`
}

type Block = Record<string, unknown>

/** Slack: "limit the text field to 4,000 characters"; from 40,000 on it cuts. */
const MOST_TEXT = 4_000
const MOST_BLOCKS = 50
const MOST_SECTION = 3_000
const MOST_FIELD = 2_000
const MOST_FIELDS = 10
const MOST_HEADER = 150
/** Of all blocks of a message together. */
const MOST_IN_BLOCKS = 12_000
const SHORT = MOST_IN_BLOCKS / MOST_BLOCKS
const ROOM_FOR_MARK = 16
export const MOST_PARTS = 10
const HEAD_CHARS = 2_500

const markOf = (place: number, count: number): string => `(${place + 1}/${count})`

function splitPlain(text: string): [Message, ...Message[]] {
  if (text.length <= MOST_TEXT) return [{ text }]
  const pieces = splitText(text, MOST_TEXT - ROOM_FOR_MARK)
  const parts = pieces.map((piece, place) => ({
    text: `${piece}${piece.endsWith('\n') ? '' : '\n'}${markOf(place, pieces.length)}`,
  }))
  return parts as [Message, ...Message[]] // a text longer than a piece has a first one
}

function splitBlocks(text: string, blocks: Block[]): [Message, ...Message[]] {
  // Nearly every message is short, and what is short as a whole has no part that is too long.
  if (text.length <= MOST_TEXT && blocks.length <= MOST_BLOCKS && blocks.every(isShort)) return [{ text, blocks }]
  const fitting = blocks.flatMap(fitted)
  if (fitting.length <= MOST_BLOCKS && lengthOf(fitting) <= MOST_IN_BLOCKS) {
    return [{ text: shortened(text), blocks: fitting }]
  }
  const packs = packed(fitting)
  const parts = packs.map((pack, place): Message => {
    const mark = markOf(place, packs.length)
    const words = place === 0 ? text : `${mark} ${wordsOfBlocks(pack)}`
    return {
      text: shortened(words),
      blocks: [...pack, { type: 'context', elements: [{ type: 'plain_text', text: mark }] }],
    }
  })
  return parts as [Message, ...Message[]] // there is at least one block, so there is a first pack
}

/** Of a kind that few words are no trouble to, and of so few that fifty of them keep to every limit. */
function isShort(block: Block): boolean {
  if (block.type === 'divider') return true
  if (block.type === 'context') {
    const elements = listOf(block.elements)
    return elements.length === 1 && textIn(elements[0]).length <= SHORT
  }
  return block.type === 'section' && block.fields === undefined && textIn(block.text).length <= SHORT
}

/** As many blocks in each message as go in beside its mark. */
function packed(blocks: Block[]): Block[][] {
  const packs: Block[][] = []
  let room = 0
  for (const block of blocks) {
    const length = lengthOf([block])
    const pack = packs.at(-1)
    if (pack && pack.length < MOST_BLOCKS - 1 && length <= room) {
      pack.push(block)
      room -= length
    } else {
      packs.push([block])
      room = MOST_IN_BLOCKS - ROOM_FOR_MARK - length
    }
  }
  return packs
}

/** A block as one or more that each keep to Slack's limits. */
function fitted(block: Block): Block[] {
  const text = textIn(block.text)
  switch (block.type) {
    case 'header':
      // Only a section holds so much; as plain text it needs nothing escaped.
      return text.length > MOST_HEADER ? fittedSection({ type: 'section', text: block.text }) : [block]
    case 'section':
      return fittedSection(block)
    case 'markdown': {
      const most = MOST_IN_BLOCKS - ROOM_FOR_MARK
      return text.length > most ? splitText(text, most).map((piece) => ({ ...block, text: piece })) : [block]
    }
    case 'context':
      return chunks(listOf(block.elements), MOST_FIELDS).map((elements) => ({ ...block, elements }))
    default:
      return [block]
  }
}

function fittedSection(block: Block): Block[] {
  const { fields, ...rest } = block
  const groups = chunks(listOf(fields).flatMap(fittedField), MOST_FIELDS)
  const text = textIn(block.text)
  if (text.length <= MOST_SECTION && groups.length <= 1) {
    return [groups.length === 1 ? { ...rest, fields: groups[0] } : rest]
  }
  const isPlain = (block.text as Block | undefined)?.type === 'plain_text'
  const pieces = isPlain ? cutText(text, MOST_SECTION) : splitText(text, MOST_SECTION)
  const texts = pieces.map((piece, place) => ({
    ...(place === 0 ? rest : { type: 'section' }),
    text: { ...(block.text as Block), text: piece },
  }))
  return [...texts, ...groups.map((group) => ({ type: 'section', fields: group }))]
}

function fittedField(field: unknown): unknown[] {
  const text = textIn(field)
  if (text.length <= MOST_FIELD) return [field]
  return splitText(text, MOST_FIELD).map((piece) => ({ ...(field as Block), text: piece }))
}

/** The words of a text object, or of a field that is a text itself. */
function textIn(value: unknown): string {
  if (typeof value === 'string') return value
  const text = typeof value === 'object' && value !== null ? (value as Block).text : undefined
  return typeof text === 'string' ? text : ''
}

const lengthOf = (blocks: Block[]): number =>
  blocks.reduce((sum, block) => sum + textsIn(block).reduce((length, text) => length + text.length, 0), 0)

/** Every text in a block, in the order in which it is read. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) =>
    name === 'text' && typeof part === 'string' ? [part] : textsIn(part),
  )
}

const ONLY_TEXT = ['header', 'section', 'context', 'markdown', 'divider']
const isOnlyText = (block: Block): boolean => ONLY_TEXT.includes(String(block.type)) && block.accessory === undefined

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

function chunks<Item>(items: Item[], most: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, place) =>
    items.slice(place * most, (place + 1) * most),
  )
}
