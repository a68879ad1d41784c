import type { CallFailure, SendResult } from '../providers/provider.ts'

/** How often and how far apart a message is tried. */
export type RetryPolicy = { maxTries: number; baseMs: number; capMs: number }

export const defaultRetryPolicy: RetryPolicy = { maxTries: 8, baseMs: 1_000, capMs: 15 * 60_000 }

type Stops = Extract<CallFailure, { kind: 'permanent' }>['stops']

/** What becomes of a delivery. `tries` is how many attempts it has used by then. */
export type Step =
  | { state: 'delivered'; tries: number }
  | { state: 'retrying'; tries: number; waitMs: number; code: string }
  | { state: 'unconfirmed'; tries: number; code: string; mark: 'maybe_sent' }
  | { state: 'failed'; tries: number; code: string; stops: Stops }

type Outcome = { kind: 'sent' } | CallFailure

/** What becomes of a delivery after one attempt; `tries` counts the ones before it. */
export function nextStep(
  result: Outcome | SendResult,
  tries: number,
  random: () => number,
  policy: RetryPolicy = defaultRetryPolicy,
): Step {
  const used = tries + 1
  switch (result.kind) {
    case 'sent':
      return { state: 'delivered', tries: used }
    case 'rate_limited':
      // The wait was asked for, so it uses up no try.
      return { state: 'retrying', tries, waitMs: Math.max(result.waitMs, SHORTEST_WAIT_MS), code: result.code }
    case 'transient':
      return used < policy.maxTries
        ? { state: 'retrying', tries: used, waitMs: backoffMs(tries, random, policy), code: result.code }
        : { state: 'failed', tries: used, code: result.code, stops: 'message' }
    case 'ambiguous': // it may stand in the channel already: another try could double it
      return { state: 'unconfirmed', tries: used, code: result.code, mark: 'maybe_sent' }
    case 'permanent':
      return { state: 'failed', tries: used, code: result.code, stops: result.stops }
  }
}

/** Full jitter: anywhere from nothing up to a bound that doubles with each try, so that many don't come back at once. */
export function backoffMs(tries: number, random: () => number, policy: RetryPolicy = defaultRetryPolicy): number {
  return Math.floor(random() * Math.min(policy.capMs, policy.baseMs * 2 ** tries))
}

/** Slack: a 429 without Retry-After means at least a second. */
const SHORTEST_WAIT_MS = 1_000
