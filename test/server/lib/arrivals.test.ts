import { expect, test } from 'vitest'
import { openArrivals } from '../../../server/lib/arrivals.ts'

const KB = 1024

test('large bodies are held up to a limit, and what leaves makes room', () => {
  const arrive = openArrivals(100 * KB)
  const [first, second] = [arrive(), arrive()]

  expect(first.keeps(90 * KB)).toBe(true)
  expect(second.keeps(20 * KB)).toBe(false)
  first.leave()
  expect(arrive().keeps(90 * KB)).toBe(true)
})

test('a short body is kept whatever large ones hold, and so is a large one that is alone', () => {
  const arrive = openArrivals(100 * KB)

  expect(arrive().keeps(300 * KB)).toBe(true)

  expect(arrive().keeps(KB)).toBe(true)
  expect(arrive().keeps(17 * KB)).toBe(false)
})
