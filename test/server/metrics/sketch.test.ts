import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addSketch,
  addValue,
  decodeSketch,
  emptySketch,
  encodeSketch,
  quantile,
} from '../../../server/metrics/sketch.ts'

const SHARES = [0, 0.01, 0.5, 0.95, 0.99, 1]

/** Milliseconds from none at all to a day, short ones as likely as long ones. */
const tookMs = fc.oneof(
  fc.constant(0),
  fc.double({ min: -3, max: 8, noNaN: true }).map((power) => 10 ** power),
  fc.integer({ min: 0, max: 30_000 }),
)

function sketchOf(values: number[]) {
  const sketch = emptySketch()
  for (const value of values) addValue(sketch, value)
  return sketch
}

/** The smallest value that at least this share of all values does not exceed. */
function exact(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? Number.NaN
}

test('a quantile is within 1 % of the exact one', () => {
  fc.assert(
    fc.property(fc.array(tookMs, { minLength: 1, maxLength: 500 }), (values) => {
      const sketch = sketchOf(values)

      for (const share of SHARES) {
        const wanted = exact(values, share)
        expect(Math.abs((quantile(sketch, share) ?? Number.NaN) - wanted)).toBeLessThanOrEqual(wanted * 0.010001)
      }
    }),
  )
})

test('sketches of parts add up to the sketch of the whole, also after they were kept as text', () => {
  fc.assert(
    fc.property(fc.array(tookMs), fc.array(tookMs), (some, others) => {
      const whole = sketchOf([...some, ...others])
      const sum = decodeSketch(encodeSketch(sketchOf(some)))

      addSketch(sum, decodeSketch(encodeSketch(sketchOf(others))))

      expect(SHARES.map((share) => quantile(sum, share))).toEqual(SHARES.map((share) => quantile(whole, share)))
    }),
  )
})

test('nothing has no quantile, and takes no room', () => {
  const sketch = emptySketch()

  expect(quantile(sketch, 0.95)).toBeNull()
  expect(encodeSketch(sketch)).toBe('')
})

test('a hundred thousand values are kept in a few kilobytes', () => {
  const values = Array.from({ length: 100_000 }, (_, place) => 20 + ((place * 7_919) % 5_000))

  expect(encodeSketch(sketchOf(values)).length).toBeLessThan(4_000)
})
