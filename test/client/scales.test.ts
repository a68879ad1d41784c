import { expect, test } from 'vitest'
import { countTicks, shareTicks, timeTicks } from '../../client/charts/scales.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const noon = new Date(2026, 10, 24, 12).getTime()

test.each([
  ['an hour', HOUR, 7, 10 / 60],
  ['a day', DAY, 7, 4],
  ['a day on a phone', DAY, 4, 8],
  ['a week', 7 * DAY, 7, 24],
])('the ticks of %s are round and evenly apart', (_, span, most, stepHours) => {
  const { ticks } = timeTicks(noon - span, noon, most)

  const steps = ticks.slice(1).map((tick, index) => tick - (ticks[index] ?? 0))
  expect(new Set(steps)).toEqual(new Set([stepHours * HOUR]))
  expect(ticks.length).toBeLessThanOrEqual(most + 1)
})

test('ticks of days stand at midnight of the clock on the wall', () => {
  const { ticks, isDays } = timeTicks(noon - 30 * DAY, noon, 7)

  expect(isDays).toBe(true)
  expect(ticks.map((tick) => new Date(tick).getHours())).toEqual(ticks.map(() => 0))
})

test('no tick lies outside the window', () => {
  const { ticks } = timeTicks(noon - DAY, noon, 7)

  expect(ticks.every((tick) => tick >= noon - DAY && tick <= noon)).toBe(true)
})

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [91, [0, 25, 50, 75, 100]],
  [384, [0, 100, 200, 300, 400]],
])('a scale for at most %d has the ticks %j', (max, ticks) => {
  expect(countTicks(max)).toEqual(ticks)
})

test.each([
  [1, [0.998, 0.999, 1]],
  [0.9615, [0.96, 0.97, 0.98, 0.99, 1]],
  [0.99, [0.99, 0.9925, 0.995, 0.9975, 1]],
  [0.5, [0.4, 0.6, 0.8, 1]],
  [0, [0, 0.25, 0.5, 0.75, 1]],
])('a scale of shares down to %d has the ticks %j', (min, ticks) => {
  expect(shareTicks(min)).toEqual(ticks)
})
