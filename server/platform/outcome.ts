import type { PlatformAnswer } from '../context.ts'
import { backoffMs, defaultRetryPolicy, isSpent } from '../lib/backoff.ts'

export type Failed = { kind: 'failed'; code: string; detail?: string; httpStatus?: number; retryAfterMs?: number }
export type Outcome = { kind: 'taken'; status: number; text: string } | Failed

/** Whether the platform took a call. Only a status from 200 to 299 says so. */
export function outcomeOf(answer: PlatformAnswer): Outcome {
  if (answer.kind === 'failed') return answer
  const { status, text, retryAfterMs } = answer
  if (status >= 200 && status < 300) return { kind: 'taken', status, text }
  const code = status >= 300 && status < 400 ? 'redirected' : `http_${status}`
  return { kind: 'failed', code, httpStatus: status, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}

export type NoticeStep =
  | { state: 'delivered' }
  | { state: 'retrying'; waitMs: number; code: string }
  | { state: 'failed'; code: string }

/** What becomes of a notice after one attempt, which `tries` counts. Nearly all may pass, as people mend what is wrong. */
export function noticeStep(
  outcome: Outcome,
  { tries, triedForMs }: { tries: number; triedForMs: number },
  random: () => number,
): NoticeStep {
  if (outcome.kind === 'taken') return { state: 'delivered' }
  const { code, httpStatus = 0, retryAfterMs = 0 } = outcome
  // It was taken, only its answer is no good, and a notice needs none.
  if (code === 'too_large' && httpStatus >= 200 && httpStatus < 300) return { state: 'delivered' }
  if (code === 'http_410' || isSpent(tries, triedForMs, defaultRetryPolicy)) return { state: 'failed', code }
  const asked = Math.min(retryAfterMs, LONGEST_ASKED_MS)
  return { state: 'retrying', waitMs: Math.max(backoffMs(tries - 1, random), asked), code }
}

const LONGEST_ASKED_MS = 3_600_000
