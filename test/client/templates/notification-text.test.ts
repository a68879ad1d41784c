import { expect, test } from 'vitest'
import { notificationText } from '../../../client/templates/notification-text.ts'

const CALLED = [
  { id: 'U1', name: 'Grace Hopper' },
  { id: 'S1', name: 'on-call' },
]

test.each([
  ['<@U1> and <!subteam^S1>: <!here>', '@Grace Hopper and @on-call: @here'],
  ['<@U2>', '@U2'],
  ['<https://a.example|A &amp; B> &lt;b&gt;', 'A & B <b>'],
  ['<https://a.example> at <!date^1^{time}|12:00 UTC>', 'https://a.example at 12:00 UTC'],
  ['a < b', 'a < b'],
])('%s is read as %s', (markup, words) => {
  expect(notificationText(markup, CALLED)).toBe(words)
})
