import type { Rate } from '../../providers/provider.ts'
import type { SavedBucket } from './buckets-store.ts'

/** What one request takes: a token from each of these buckets, or nothing. */
export type Need = { key: string; rate: Rate }

/**
 * Takes one token from every bucket, if each has one. Else takes none and says when the last of them will have one. The
 * buckets are changed in place, so that one transaction can take for many requests before it writes.
 */
export function takeTokens(buckets: Map<string, SavedBucket>, needs: readonly Need[], now: number): number | undefined {
  const freeAt = Math.max(...needs.map(({ key, rate }) => freeAtOf(buckets.get(key), rate, now)))
  if (freeAt > now) return freeAt
  for (const { key, rate } of needs) {
    const bucket = buckets.get(key) ?? fullBucket(key)
    buckets.set(key, { ...bucket, fullAt: Math.max(bucket.fullAt, now) + intervalMs(rate) })
  }
  return undefined
}

/** When a bucket will hold a token: now, unless it is empty or closed. */
export function freeAtOf(bucket: SavedBucket | undefined, rate: Rate, now: number): number {
  if (!bucket) return now
  // `fullAt` lies ahead by as many intervals as tokens are missing.
  const refilledAt = Number(bucket.fullAt) - (rate.burst - 1) * intervalMs(rate)
  return Math.max(now, refilledAt, Number(bucket.closedUntil))
}

/**
 * Slack said 429. The wait is the conversation's; only when another destination met the same method's limit a moment ago
 * is it taken for the method's own, and stops all of them: one busy channel must not slow the others.
 */
export function closeBuckets(
  buckets: Map<string, SavedBucket>,
  { own, method, destinationId, waitMs }: { own: string; method: string; destinationId: string; waitMs: number },
  now: number,
): void {
  const conversation = buckets.get(own) ?? fullBucket(own)
  const closedUntil = Math.max(Number(conversation.closedUntil), now + waitMs)
  buckets.set(own, { ...conversation, closedUntil, ...(own !== method && { limitedAt: now }) })
  const shared = buckets.get(method) ?? fullBucket(method)
  const isSecond =
    shared.limitedBy !== null &&
    shared.limitedBy !== destinationId &&
    now - Number(shared.limitedAt ?? 0) < SAME_LIMIT_WITHIN_MS
  buckets.set(method, {
    ...shared,
    limitedBy: destinationId,
    limitedAt: now,
    ...(isSecond && { closedUntil: Math.max(Number(shared.closedUntil), now + waitMs) }),
  })
}

const SAME_LIMIT_WITHIN_MS = 5_000

const fullBucket = (key: string): SavedBucket => ({
  key,
  fullAt: 0,
  closedUntil: 0,
  limitedBy: null,
  limitedAt: null,
})

const intervalMs = ({ perMinute }: Rate): number => Math.ceil(60_000 / perMinute)
