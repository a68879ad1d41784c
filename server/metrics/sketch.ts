/**
 * How many values fell into which bucket, by which any quantile is told to within 1 %. Each bucket is about 2 % wider
 * than the one before, so small and large values are told equally well. Two sketches add up to the sketch of both.
 */
export type Sketch = {
  count: number
  /** Values too small to tell from nothing, which has no logarithm. */
  zeros: number
  min: number
  max: number
  /** The number of the bucket that `counts` begins with; those between the smallest and the largest value follow. */
  first: number
  counts: number[]
}

export const emptySketch = (): Sketch => ({ count: 0, zeros: 0, min: Infinity, max: -Infinity, first: 0, counts: [] })

/** Counts one value; below zero there is none. */
export function addValue(sketch: Sketch, value: number): void {
  sketch.count += 1
  sketch.min = Math.min(sketch.min, value)
  sketch.max = Math.max(sketch.max, value)
  if (value < SMALLEST) {
    sketch.zeros += 1
    return
  }
  const bucket = Math.ceil(Math.log(value) / WIDTH)
  makeRoom(sketch, bucket, bucket)
  sketch.counts[bucket - sketch.first] = (sketch.counts[bucket - sketch.first] ?? 0) + 1
}

/** Adds all that `other` counted. */
export function addSketch(sketch: Sketch, other: Sketch): void {
  sketch.count += other.count
  sketch.zeros += other.zeros
  sketch.min = Math.min(sketch.min, other.min)
  sketch.max = Math.max(sketch.max, other.max)
  if (other.counts.length === 0) return
  makeRoom(sketch, other.first, other.first + other.counts.length - 1)
  const { counts } = sketch
  const shift = other.first - sketch.first
  for (let place = 0; place < other.counts.length; place += 1) {
    counts[place + shift] = (counts[place + shift] ?? 0) + (other.counts[place] ?? 0)
  }
}

/** The smallest value that at least this share of all values does not exceed; null when there are none. */
export function quantile(sketch: Sketch, share: number): number | null {
  if (sketch.count === 0) return null
  const rank = Math.max(1, Math.ceil(share * sketch.count))
  let seen = sketch.zeros
  if (rank <= seen) return 0
  const place = sketch.counts.findIndex((count) => {
    seen += count
    return rank <= seen
  })
  const middle = (2 * Math.exp((sketch.first + place) * WIDTH)) / (1 + Math.exp(WIDTH))
  return Math.min(sketch.max, Math.max(sketch.min, middle))
}

/** As text for a column: [count, zeros, min, max, first, counts …]. */
export function encodeSketch({ count, zeros, min, max, first, counts }: Sketch): string {
  return count === 0 ? '' : JSON.stringify([count, zeros, min, max, first, ...counts])
}

export function decodeSketch(text: string): Sketch {
  if (text === '') return emptySketch()
  const numbers = JSON.parse(text) as number[] // written by encodeSketch only
  const [count = 0, zeros = 0, min = 0, max = 0, first = 0] = numbers
  return { count, zeros, min, max, first, counts: numbers.slice(5) }
}

/** Lets the counts reach from one bucket to another, at least. */
function makeRoom(sketch: Sketch, from: number, to: number): void {
  const { counts } = sketch
  if (counts.length === 0) sketch.first = from
  if (from < sketch.first) {
    sketch.counts = [...Array<number>(sketch.first - from).fill(0), ...counts]
    sketch.first = from
  }
  while (sketch.first + sketch.counts.length <= to) sketch.counts.push(0)
}

/** The middle of a bucket is within 1 % of everything in it. */
const WIDTH = Math.log(1.01 / 0.99)
/** Milliseconds; what is shorter counts as nothing. */
const SMALLEST = 1e-6
