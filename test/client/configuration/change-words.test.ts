import { expect, test } from 'vitest'
import { countWords, valueWords } from '../../../client/configuration/change-words.ts'

test.each([
  [null, 'none'],
  [[], 'none'],
  ['low', 'low'],
  [true, 'yes'],
  [3, '3'],
  [['#a', '#b'], '#a, #b'],
  [{ enabled: true, by: null }, 'enabled: yes'],
  [[{ name: 'a' }, { name: 'b', type: 'string' }], 'name: a\nname: b, type: string'],
])('%j is told as %j', (value, words) => {
  expect(valueWords(value)).toBe(words)
})

test('counts tell only of what there is', () => {
  expect(countWords({ create: 2, change: 0, delete: 1, unchanged: 3, left: 0 })).toBe('2 new, 1 deleted, 3 the same')
  expect(countWords({ create: 0, change: 0, delete: 0, unchanged: 0, left: 0 })).toBe('nothing')
})
