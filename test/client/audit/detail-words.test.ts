import { expect, test } from 'vitest'
import { actionWords, detailWords } from '../../../client/audit/detail-words.ts'

test.each<[Record<string, unknown>, string]>([
  [{ role: { from: 'viewer', to: 'operator' }, enabled: false }, 'role: viewer → operator · enabled: no'],
  [{ testChannel: { from: null, to: '#audit' } }, 'test channel: none → #audit'],
  [{ scope: { kind: 'type', type: 'door.open' }, days: [6, 7] }, 'scope: kind type, type door.open · days: 6, 7'],
  [{ which: { ids: [...'abcdefghijkl'] } }, 'which: ids a, b, c, d, e, f, g, h, i, j and 2 more'],
  [{ mentions: [] }, 'mentions: none'],
])('%j is told in words', (detail, words) => {
  expect(detailWords(detail)).toBe(words)
})

test('an instant is told in the clock of the reader', () => {
  expect(detailWords({ until: '2026-11-26T21:04:01.986Z' })).toMatch(/^until: 2\d Nov 2026, \d\d:\d\d:01\.986 \S+$/)
})

test('an action is told as a sentence', () => {
  expect(actionWords('api_key.made')).toBe('API key made')
})
