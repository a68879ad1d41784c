/**
 * How many values fell into which bucket, by which any quantile is told to within 1 %. Each bucket is about 2 % wider
 * than the one before, so small and large values are told equally well. Two sketches add up to the sketch of both.
 */
export type Sketch = {
  count: number
  /** Values of zero, which has no logarithm. */
  zeros: number
  sum: number
  min: number
  max: number
  buckets: Map<number, number>
}

export const emptySketch = (): Sketch => ({
  count: 0,
  zeros: 0,
  sum: 0,
  min: Infinity,
  max: -Infinity,
  buckets: new Map(),
})

/** Counts one value; below zero there is none. */
export function addValue(sketch: Sketch, value: number): void {
  sketch.count += 1
  sketch.sum += value
  sketch.min = Math.min(sketch.min, value)
  sketch.max = Math.max(sketch.max, value)
  if (value < SMALLEST) {
    sketch.zeros += 1
    return
  }
  const bucket = Math.ceil(Math.log(value) / WIDTH)
  sketch.buckets.set(bucket, (sketch.buckets.get(bucket) ?? 0) + 1)
}

/** Adds all that `other` counted. */
export function addSketch(sketch: Sketch, other: Sketch): void {
  sketch.count += other.count
  sketch.zeros += other.zeros
  sketch.sum += other.sum
  sketch.min = Math.min(sketch.min, other.min)
  sketch.max = Math.max(sketch.max, other.max)
  for (const [bucket, count] of other.buckets) sketch.buckets.set(bucket, (sketch.buckets.get(bucket) ?? 0) + count)
}

/** The smallest value that at least this share of all values does not exceed; null when there are none. */
export function quantile(sketch: Sketch, share: number): number | null {
  if (sketch.count === 0) return null
  const rank = Math.max(1, Math.ceil(share * sketch.count))
  let seen = sketch.zeros
  if (rank <= seen) return 0
  for (const bucket of [...sketch.buckets.keys()].sort((a, b) => a - b)) {
    seen += sketch.buckets.get(bucket) ?? 0
    if (rank > seen) continue
    const middle = (2 * Math.exp(bucket * WIDTH)) / (1 + Math.exp(WIDTH))
    return Math.min(sketch.max, Math.max(sketch.min, middle))
  }
  return sketch.max
}

/** As text for a column: [count, zeros, sum, min, max, bucket, count, bucket, count, …]. */
export function encodeSketch(sketch: Sketch): string {
  if (sketch.count === 0) return ''
  const { count, zeros, sum, min, max, buckets } = sketch
  return JSON.stringify([count, zeros, sum, min, max, ...[...buckets].flat()])
}

export function decodeSketch(text: string): Sketch {
  if (text === '') return emptySketch()
  const [count = 0, zeros = 0, sum = 0, min = 0, max = 0, ...pairs] = JSON.parse(text) as number[]
  const buckets = new Map<number, number>()
  for (let place = 0; place < pairs.length; place += 2) buckets.set(pairs[place] ?? 0, pairs[place + 1] ?? 0)
  return { count, zeros, sum, min, max, buckets }
}

/** The middle of a bucket is within 1 % of everything in it. */
const WIDTH = Math.log(1.01 / 0.99)
/** Milliseconds; what is shorter counts as zero. */
const SMALLEST = 1e-6
