import { backoffMs, type RetryPolicy } from '../lib/backoff.ts'

export type RunResult = { kind: 'done'; ids: string[] } | { kind: 'failed'; code: string; detail?: string }
export type RunStep = { state: 'done' | 'failed' | 'skipped' } | { state: 'waiting'; waitMs: number }

/** Why a run that failed is not tried again: its schedule was switched off meanwhile. */
export const SWITCHED_OFF = 'switched_off'

/** A reminder is worth something for minutes, not for hours. */
const RETRY: RetryPolicy = { maxAttempts: 6, baseMs: 10_000, capMs: 5 * 60_000, rideOutMs: 0 }
const LEAST_WAIT_MS = 2_000

/** What does not change by itself within minutes: somebody has to act. */
const FINAL = new Set([
  'no_endpoint',
  'endpoint_disabled',
  'address_forbidden',
  'secret_unreadable',
  'redirected',
  'too_large',
  'not_json',
  'not_taken',
  'not_understood',
  'events_refused',
  'no_condition',
  'given_up',
  'http_410',
])

/** What becomes of a run after one attempt, which `tries` counts; `isOff`: nobody waits for it any more. */
export function runStep(
  result: RunResult,
  { tries, isOff }: { tries: number; isOff: boolean },
  random: () => number,
): RunStep {
  if (result.kind === 'done') return { state: 'done' }
  if (isOff) return { state: 'skipped' }
  if (FINAL.has(result.code) || tries >= RETRY.maxAttempts) return { state: 'failed' }
  return { state: 'waiting', waitMs: LEAST_WAIT_MS + backoffMs(tries, random, RETRY) }
}
