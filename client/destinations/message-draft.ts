import { Message } from '../../shared/deliveries.ts'

export const STANDARD_TEXT = 'Test message from Switchboard. If you can read this, messages reach this destination.'

export const standardBlocks: NonNullable<Message['blocks']> = [
  {
    type: 'section',
    text: {
      type: 'mrkdwn',
      text: '*Test message from Switchboard*\nIf you can read this, messages reach this destination.',
    },
  },
  { type: 'context', elements: [{ type: 'mrkdwn', text: 'Sent from the console.' }] },
]

type Read = { blocks: NonNullable<Message['blocks']> } | { problem: string }

/** Reads the blocks somebody wrote, as a list or inside an object as Block Kit Builder copies them. */
export function readBlocks(source: string): Read {
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch (error) {
    return { problem: `Not valid JSON: ${error instanceof Error ? error.message : 'it could not be read'}.` }
  }
  const list = typeof value === 'object' && value !== null && 'blocks' in value ? value.blocks : value
  if (!Array.isArray(list)) return { problem: 'Blocks are a JSON list, or an object with a list named “blocks”.' }
  if (list.length === 0) return { problem: 'There is no block in the list.' }
  const untyped = list.findIndex((block) => typeof block?.type !== 'string')
  if (untyped >= 0) return { problem: `Block ${untyped + 1} has no “type”.` }
  const parsed = Message.shape.blocks.safeParse(list)
  if (!parsed.success || !parsed.data) {
    return {
      problem: list.length > 50 ? `Slack takes at most 50 blocks; these are ${list.length}.` : 'These are no blocks.',
    }
  }
  return { blocks: parsed.data }
}
