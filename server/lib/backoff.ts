/** How often and how far apart something is tried. Before `rideOutMs` are over, attempts alone end nothing. */
export type RetryPolicy = { maxAttempts: number; baseMs: number; capMs: number; rideOutMs: number }

/**
 * Rides out an outage of an hour: 30 attempts with full jitter take about 100 minutes, and where luck makes them shorter
 * there are more of them. Ten minutes are for clocks of replicas that differ.
 */
export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 30,
  baseMs: 1_000,
  capMs: 10 * 60_000,
  rideOutMs: 70 * 60_000,
}

/** Full jitter: anywhere from nothing up to a bound that doubles with each try, so that many don't come back at once. */
export function backoffMs(tries: number, random: () => number, policy: RetryPolicy = defaultRetryPolicy): number {
  return Math.floor(random() * Math.min(policy.capMs, policy.baseMs * 2 ** tries))
}

/** Whether it was tried often and long enough. */
export const isSpent = (tries: number, triedForMs: number, { maxAttempts, rideOutMs }: RetryPolicy): boolean =>
  tries >= maxAttempts && triedForMs >= rideOutMs
