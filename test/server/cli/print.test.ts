import { expect, test, vi } from 'vitest'
import { cut, plain, printTable, shownDuration } from '../../../server/cli/print.ts'

test.each([
  ['one\nline', 'one line'],
  ['\u001b[31mred\u001b[0m', '[31mred [0m'],
  ['safe\u202egnp.exe', 'safe gnp.exe'],
  ['👩‍👩‍👧 stays', '👩‍👩‍👧 stays'],
  ['\u0007', ''],
])('%j is shown in a terminal as %j', (text, shown) => {
  expect(plain(text)).toBe(shown)
})

test('what is cut ends in an ellipsis and in no half letter', () => {
  expect(cut('ab👍👍', 3)).toBe('ab…')
  expect(cut('ab👍', 3)).toBe('ab👍')
})

test('a table takes as many rows as there are', () => {
  using written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)

  printTable(['ID'], Array(200_000).fill(['dlv_1']))

  expect(written).toHaveBeenCalledTimes(200_001)
})

test.each([
  [84.4, '84 ms'],
  [1_240, '1.2 s'],
  [180_000, '3 min'],
])('%d ms are shown as %s', (ms, shown) => {
  expect(shownDuration(ms)).toBe(shown)
})
