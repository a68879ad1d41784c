/** How many failures are free, how long the wait then grows, and when all is forgotten. */
export type AttemptLimit = {
  free: number
  firstWaitMs: number
  longestWaitMs: number
  /** Forgotten this long after the first failure, or after the last one: then a guesser has to pause. */
  forgetAfterMs: number
  forgetSince: 'first' | 'last'
}

export type Failures = { failures: number; firstAt: number; lastAt: number }

const MINUTE_MS = 60_000

/** One account from one network. */
export const ACCOUNT_LIMIT: AttemptLimit = {
  free: 5,
  firstWaitMs: 30_000,
  longestWaitMs: 15 * MINUTE_MS,
  forgetAfterMs: 15 * MINUTE_MS,
  forgetSince: 'last',
}

/** One account from everywhere: slows a crowd of addresses, and is short, so that it can't keep its owner out. */
export const ACCOUNT_EVERYWHERE_LIMIT: AttemptLimit = {
  free: 50,
  firstWaitMs: 5_000,
  longestWaitMs: MINUTE_MS,
  forgetAfterMs: 15 * MINUTE_MS,
  forgetSince: 'last',
}

/** One address, whatever accounts it tries. */
export const ADDRESS_LIMIT: AttemptLimit = {
  free: 30,
  firstWaitMs: 30_000,
  longestWaitMs: 15 * MINUTE_MS,
  forgetAfterMs: 15 * MINUTE_MS,
  forgetSince: 'first',
}

/** How long the next try has to wait; 0 when it need not. */
export function waitMs(limit: AttemptLimit, failed: Failures | undefined, now: number): number {
  if (!failed || failed.failures < limit.free) return 0
  const grown = limit.firstWaitMs * 2 ** Math.min(failed.failures - limit.free, 20)
  const left = failed.lastAt + Math.min(grown, limit.longestWaitMs) - now
  return left > 0 && !isForgotten(limit, failed, now) ? left : 0
}

/** The count after one more failure. */
export function afterFailure(limit: AttemptLimit, failed: Failures | undefined, now: number): Failures {
  if (!failed || isForgotten(limit, failed, now)) return { failures: 1, firstAt: now, lastAt: now }
  return { failures: failed.failures + 1, firstAt: failed.firstAt, lastAt: now }
}

function isForgotten(limit: AttemptLimit, failed: Failures, now: number): boolean {
  const since = limit.forgetSince === 'first' ? failed.firstAt : failed.lastAt
  return now - since >= limit.forgetAfterMs
}
