import { BLOCKS } from '../../shared/block-kit/blocks.ts'
import {
  MOST_BLOCK_TEXT,
  MOST_BLOCKS,
  MOST_NOTIFICATION_TEXT,
  REFUSED_BLOCK_TEXT,
} from '../../shared/block-kit/caps.ts'
import type { LimitMeter } from '../../shared/templates.ts'
import { BlockCheck, type LimitProblem } from './block-check.ts'
import { isJson, type Json } from './json.ts'

export type { LimitProblem }
export type Checked = { problems: LimitProblem[]; meters: LimitMeter[] }

/** Looks through a message as Slack would: every cap, every name that must be unique, every field that must be there. */
export function checkMessage(message: Json): Checked {
  const check = new BlockCheck()
  checkNotification(check, message)
  for (const key of Object.keys(message)) {
    if (key === 'text' || key === 'blocks') continue
    check.wrong('The message', message, key, `There is no field "${key}" here.`, 'Write text and blocks.')
  }
  if (message.blocks !== undefined) checkBlocks(check, message)
  return { problems: check.problems, meters: check.meters }
}

/** All text that blocks carry together. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0)
  if (!isJson(value)) return 0
  return Object.entries(value).reduce(
    (sum, [key, item]) => sum + (key === 'text' && typeof item === 'string' ? item.length : textLength(item)),
    0,
  )
}

function checkNotification(check: BlockCheck, message: Json): void {
  const { text } = message
  if (typeof text !== 'string' || !/[\p{L}\p{N}]/u.test(text)) {
    const fix = 'Say in text what happened: it is what notifications and screen readers use.'
    check.wrong('The notification text', message, 'text' in message ? 'text' : undefined, 'It says nothing.', fix)
    return
  }
  const sized = { what: 'Notification text', used: text.length, most: MOST_NOTIFICATION_TEXT }
  check.meters.push(sized)
  if (text.length <= MOST_NOTIFICATION_TEXT) return
  const split = { holder: message, key: 'text', unit: 'characters', split: true }
  check.note({ severity: 'warning', kind: 'size', ...sized, ...split })
}

function checkBlocks(check: BlockCheck, message: Json): void {
  const { blocks } = message
  if (!Array.isArray(blocks)) {
    check.wrong('The blocks', message, 'blocks', 'They are a list.', 'Write "blocks": [ … ].')
    return
  }
  check.sized(message, 'blocks', {
    what: 'Blocks',
    used: blocks.length,
    most: MOST_BLOCKS,
    unit: 'blocks',
    split: true,
  })
  const ids = new Set<string>()
  blocks.forEach((block: unknown, place) => {
    check.shaped(block, blocks, place, { shapes: BLOCKS, noun: 'block', trail: `block ${place + 1}`, ids })
  })
  for (const [place, block] of blocks.entries()) checkWhole(check, blocks, place, block)
  const used = textLength(blocks)
  check.meters.push({ what: 'Text of all blocks', used, most: MOST_BLOCK_TEXT })
  if (used <= MOST_BLOCK_TEXT) return
  const severity = used > REFUSED_BLOCK_TEXT ? 'error' : 'warning'
  const sum = {
    what: 'The text of all blocks together',
    used,
    most: MOST_BLOCK_TEXT,
    unit: 'characters',
    split: true,
  }
  check.note({ severity, kind: 'size', holder: message, key: 'blocks', ...sum })
}

/** A block that holds others goes into one message as it is, however much they say together. */
function checkWhole(check: BlockCheck, blocks: unknown[], place: number, block: unknown): void {
  if (!isJson(block) || block.type !== 'container') return
  const used = textLength(block)
  if (used <= REFUSED_BLOCK_TEXT) return
  const what = `The text of container, block ${place + 1}`
  check.note({
    severity: 'error',
    kind: 'size',
    what,
    holder: blocks,
    key: place,
    used,
    most: MOST_BLOCK_TEXT,
    unit: 'characters',
  })
}
