import { expect, test } from 'vitest'
import { instantSince, sinceProblem } from '../../client/lib/since.ts'

const NOW = Date.parse('2026-11-26T12:00:00.000Z')

test.each([
  ['30min', '2026-11-26T11:30:00.000Z'],
  ['2h', '2026-11-26T10:00:00.000Z'],
  ['7d', '2026-11-19T12:00:00.000Z'],
  ['2026-11-24', new Date(2026, 10, 24).toISOString()],
  ['2026-11-24T10:05', new Date(2026, 10, 24, 10, 5).toISOString()],
])('since:%s begins at %s', (text, at) => {
  expect(instantSince(text, NOW)).toBe(at)
})

test.each(['yesterday', '2', '-2h', '2026-13-45', '2h ago', ''])('since:%s is no instant', (text) => {
  expect(instantSince(text, NOW)).toBeUndefined()
})

test('what is no time is told of, with what would be one', () => {
  expect(sinceProblem('2h')).toBeUndefined()
  expect(sinceProblem('yesterday')).toBe('“yesterday” is no time. Write 2h, 7d or 2026-11-24, for example.')
})
