import { expect, test } from 'vitest'
import { markDelayed } from '../../../server/deliveries/mark-delayed.ts'
import { Message } from '../../../shared/deliveries.ts'

const MEANT = Date.UTC(2026, 10, 20, 12, 30)
const LINE = 'Delayed: first meant for <!date^1795177800^{date_short_pretty} at {time}|2026-11-20 12:30 UTC>'
const section = { type: 'section', text: { type: 'mrkdwn', text: 'Words' } }
const context = (count: number) => ({ type: 'context', elements: Array(count).fill({ type: 'mrkdwn', text: 'x' }) })

test('a text gets a line, blocks get a block, and neither gets it twice', () => {
  const text = markDelayed({ text: 'Hello' }, MEANT)
  const blocks = markDelayed({ text: 'Hello', blocks: [section] }, MEANT)

  expect(text).toEqual({ text: `Hello\n\n${LINE}` })
  expect(blocks.text).toBe('Hello')
  expect(blocks.blocks?.[1]).toEqual({ type: 'context', elements: [{ type: 'mrkdwn', text: LINE }] })
  expect(markDelayed(text, MEANT + 1)).toEqual(text)
  expect(markDelayed(blocks, MEANT + 1)).toEqual(blocks)
})

test.each<[string, Message, boolean]>([
  ['a text with no room', { text: 'x'.repeat(39_950) }, false],
  ['fifty blocks', { text: 'x', blocks: Array(50).fill(section) }, false],
  [
    'fifty blocks of which the last is a context',
    { text: 'x', blocks: [...Array(49).fill(section), context(9)] },
    true,
  ],
  ['fifty blocks with a full context', { text: 'x', blocks: [...Array(49).fill(section), context(10)] }, false],
  [
    'blocks that say all that blocks may',
    { text: 'x', blocks: [{ ...section, text: { text: 'x'.repeat(11_950) } }] },
    false,
  ],
])('%s stays within what Slack takes', (_, message, isMarked) => {
  const marked = markDelayed(message, MEANT)

  expect(Message.safeParse(marked).success).toBe(true)
  expect(JSON.stringify(marked).includes('Delayed: ')).toBe(isMarked)
})
