import type { Message } from '../../shared/deliveries.ts'
import { wordsOfBlocks } from './split-message.ts'

/** The message with a line that says when it was first meant to arrive; as it is where it says so already or has no room. */
export function markDelayed(message: Message, meantFor: number): Message {
  const line = delayedLine(meantFor)
  const { text, blocks } = message
  if (!blocks?.length) return fits(text, line) && !text.includes(OPENING) ? { text: `${text}\n\n${line}` } : message
  if (JSON.stringify(blocks).includes(OPENING)) return message
  if (wordsOfBlocks(blocks).length + line.length > MOST_IN_BLOCKS) return message
  const last = blocks.at(-1)
  // A context block that stands last takes the line in where another block would be one too many.
  const elements = last?.type === 'context' && Array.isArray(last.elements) ? last.elements : undefined
  const element = { type: 'mrkdwn', text: line }
  if (blocks.length < MOST_BLOCKS) return { text, blocks: [...blocks, { type: 'context', elements: [element] }] }
  if (!elements || elements.length >= MOST_ELEMENTS) return message
  return { text, blocks: [...blocks.slice(0, -1), { ...last, elements: [...elements, element] }] }
}

/** Slack: at most so many blocks in a message, elements in a context block, characters in a text and in all blocks. */
const MOST_BLOCKS = 50
const MOST_ELEMENTS = 10
const MOST_TEXT = 40_000
const MOST_IN_BLOCKS = 12_000

const OPENING = 'Delayed: first meant for <!date^'

/** Slack shows the time in the reader's own zone; where it can't, the part after the bar. */
function delayedLine(meantFor: number): string {
  const seconds = Math.floor(meantFor / 1_000)
  const fallback = `${new Date(meantFor).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return `${OPENING}${seconds}^{date_short_pretty} at {time}|${fallback}>`
}

const fits = (text: string, line: string) => text.length + line.length + 2 <= MOST_TEXT
