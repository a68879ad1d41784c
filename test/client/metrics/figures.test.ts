import { expect, test } from 'vitest'
import { bucketPath } from '../../../client/metrics/bucket-path.ts'
import { budgetInWords, changeInWords, shownValue, targetInWords } from '../../../client/metrics/figures.ts'

const plain = (text: string | undefined) => text?.replaceAll('\u00a0', ' ')
const tile = { value: 0.9962, before: 0.9952, target: 0.99, met: true, budgetLeft: 0.62 }

test.each([
  [0.9962, '%', '99.62'],
  [0.99996, '%', '99.99'],
  [143.4, 'ms', '143'],
  [null, '%', '–'],
] as const)('%s in %s is shown as %s', (value, unit, shown) => {
  expect(shownValue(value, unit)).toBe(shown)
})

test.each([
  [{}, '%', '24h', '+0.1 on yesterday'],
  [{ before: 0.9971 }, '%', '7d', '−0.09 on the week before'],
  [{ before: 0.99621 }, '%', '24h', 'same as yesterday'],
  [{ value: 143.4, before: 155 }, 'ms', '1h', '−12 ms on the hour before'],
  [{ before: null }, '%', '30d', undefined],
  [{ value: null }, '%', '30d', undefined],
] as const)('a change of %j in %s over %s is told as %s', (change, unit, window, told) => {
  expect(changeInWords({ ...tile, ...change }, unit, window)).toBe(told)
})

test.each([
  [{}, '%', 'ok', 'Above target 99 %'],
  [{ value: 0.98, met: false }, '%', 'warn', 'Below target 99 %'],
  [{ value: 0.99, met: true }, '%', 'ok', 'At target 99 %'],
  [{ value: 143, target: 200 }, 'ms', 'ok', 'Under target 200 ms'],
  [{ value: 243, target: 200, met: false }, 'ms', 'warn', 'Over target 200 ms'],
  [{ value: null, met: null }, '%', 'neutral', 'Not measured yet'],
] as const)('a figure like %j in %s is %s: %s', (change, unit, tone, words) => {
  const told = targetInWords({ ...tile, ...change }, unit)

  expect([told.tone, plain(told.words)]).toEqual([tone, words])
})

test.each([
  [0.71, 0.71, false, '71 % of error budget left'],
  [0.2, 0.2, true, '20 % of error budget left'],
  [-0.4, 0, true, 'Budget overspent by 40 %'],
  [-24, 0, true, 'Error budget used up'],
  [null, 0, false, 'Error budget not measured yet'],
])('a budget of %s fills %s of the bar: %s', (left, share, isLow, words) => {
  const told = budgetInWords(left)

  expect({ ...told, words: plain(told.words) }).toEqual({ share, isLow, words })
})

test('a bucket’s address ends where the next one’s begins, and leaves out what is not narrowed', () => {
  const at = Date.UTC(2026, 10, 24, 10)

  expect(bucketPath('/deliveries', at, 1_800_000, { by: 'ended', integrationId: undefined })).toBe(
    '/deliveries?from=2026-11-24T10%3A00%3A00.000Z&to=2026-11-24T10%3A30%3A00.000Z&by=ended',
  )
})
