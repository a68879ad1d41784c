import { expect, test } from 'vitest'
import { messageOfEvent, titleOfEvent } from '../../../server/events/message-of-event.ts'

const texts = (event: Parameters<typeof messageOfEvent>[0]) =>
  (messageOfEvent(event).blocks ?? []).map((block) => {
    const [first] = (block.elements ?? [block.text]) as { text: string }[]
    return first?.text
  })

test.each([
  ['a title alone', { type: 'a', title: 'Door <3> & gate' }, ['*Door &lt;3&gt; &amp; gate*', 'a']],
  ['a title with a star', { type: 'a', title: '5 * 3' }, ['5 * 3', 'a']],
  [
    'a text alone, as Slack markup',
    { type: 'a', text: 'See <https://a.example|it>' },
    ['See <https://a.example|it>', 'a'],
  ],
  ['what it is', { type: 'a', category: 'b<', severity: 'c', text: 'x' }, ['x', 'a  ·  b&lt;  ·  c']],
  ['an address', { type: 'a', text: 'x', url: 'https://a.example/?b=|c' }, ['x', '<https://a.example/?b=%7Cc>', 'a']],
  ['its type when nothing else is there', { type: 'door.open' }, ['*door.open*', 'door.open']],
  [
    'its data when there is no text',
    { type: 'a', title: 'T', data: { x: '<!channel>', y: [1] } },
    ['*T*', 'x: &lt;!channel&gt;\ny: [1]', 'a'],
  ],
  ['no data beside a text', { type: 'a', text: 'x', data: { x: 1 } }, ['x', 'a']],
])('a message says %s', (_, event, said) => {
  expect(texts(event)).toEqual(said)
})

test('what notifications say is never empty, and can mention nobody that the title named', () => {
  expect(messageOfEvent({ type: 'a' }).text).toBe('a')
  expect(messageOfEvent({ type: 'a', title: '<!here> now', text: 'x', url: 'https://a.example/' }).text).toBe(
    '&lt;!here&gt; now\nx\n<https://a.example/>',
  )
})

test('much data is told in part, and how much more there is', () => {
  const data = Object.fromEntries(Array.from({ length: 30 }, (_, place) => [`field${place}`, 'y'.repeat(1_000)]))

  const [said = ''] = texts({ type: 'a', data }).slice(0, 1)

  expect(said.split('\n')).toHaveLength(21)
  expect(said.split('\n').at(-1)).toBe('and 10 more')
  expect(said.length).toBeLessThan(8_000)
})

test('a title in a list is one line', () => {
  expect(titleOfEvent({ type: 'a', text: 'one\ntwo' })).toBe('one')
  expect(titleOfEvent({ type: 'a', title: 'x'.repeat(300) })).toHaveLength(120)
})
