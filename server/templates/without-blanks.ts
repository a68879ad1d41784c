import type { Origins } from './build.ts'
import { isJson, type Json } from './json.ts'

/**
 * A message without the blocks that say nothing, because what they were to show is not in the event: Slack refuses a
 * whole message over one empty text.
 */
export function withoutBlanks(message: Json, origins: Origins): Json {
  if (!Array.isArray(message.blocks)) return message
  const blocks = kept(message.blocks, origins, (block) => saysSomething(block, origins))
  if (blocks.length > 0 || message.blocks.length === 0) message.blocks = blocks
  else delete message.blocks
  return message
}

/** Takes what is blank out of a block; false when nothing is left of it. */
function saysSomething(block: unknown, origins: Origins): boolean {
  if (!isJson(block)) return true
  switch (block.type) {
    case 'header':
      return !isBlank(block.text)
    case 'markdown':
      return typeof block.text !== 'string' || block.text.trim() !== ''
    case 'section': {
      if (block.text === undefined && block.fields === undefined) return true
      if (isBlank(block.text)) delete block.text
      keepWords(block, 'fields', origins)
      return block.text !== undefined || block.fields !== undefined || block.accessory !== undefined
    }
    case 'context':
      return block.elements === undefined || keepWords(block, 'elements', origins)
    case 'actions':
    case 'context_actions':
      return !Array.isArray(block.elements) || block.elements.length > 0
    case 'card':
      return cardSaysSomething(block)
    case 'carousel':
      return keepBlocks(block, 'elements', origins)
    case 'container':
      for (const name of ['title', 'subtitle']) if (isBlank(block[name])) delete block[name]
      return keepBlocks(block, 'child_blocks', origins)
    default:
      return true
  }
}

function cardSaysSomething(block: Json): boolean {
  const had = CARD_PARTS.filter((name) => block[name] !== undefined)
  for (const name of ['title', 'subtitle', 'body']) if (isBlank(block[name])) delete block[name]
  if (Array.isArray(block.actions) && block.actions.length === 0) delete block.actions
  // One that never had anything to say is a mistake to be told.
  return had.length === 0 || CARD_PARTS.some((name) => block[name] !== undefined)
}

const CARD_PARTS = ['title', 'body', 'hero_image', 'actions']

function keepBlocks(block: Json, name: 'elements' | 'child_blocks', origins: Origins): boolean {
  const list = block[name]
  if (!Array.isArray(list) || list.length === 0) return true
  const blocks = kept(list, origins, (item) => saysSomething(item, origins))
  block[name] = blocks
  return blocks.length > 0
}

function keepWords(block: Json, name: 'fields' | 'elements', origins: Origins): boolean {
  const list = block[name]
  if (!Array.isArray(list)) return true
  const words = kept(list, origins, (item) => !isBlank(item))
  if (words.length > 0) block[name] = words
  else delete block[name]
  return words.length > 0
}

function kept(list: unknown[], origins: Origins, keep: (item: unknown) => boolean): unknown[] {
  const left = list.filter(keep)
  const node = origins.get(list)
  if (node) origins.set(left, node)
  return left
}

/** A text object whose text is there and says nothing. */
const isBlank = (value: unknown): boolean =>
  isJson(value) && typeof value.text === 'string' && value.text.trim() === '' && value.type !== 'image'
