import { slackCode } from '../../shared/slack-codes.ts'
import { backoffMs, defaultRetryPolicy, isSpent, type RetryPolicy } from '../lib/backoff.ts'
import type { CallFailure, LookResult, SendResult } from '../providers/provider.ts'
import type { SavedDelivery } from './store.ts'

type Overrides = Pick<SavedDelivery, 'maxAttempts' | 'nextAttemptDelayMs'>

/**
 * The notification type's own word, which the delivery carries, goes before the integration's. Who says how many attempts
 * there are gets no more than these.
 */
export function retryPolicyOf(delivery: Overrides, integration: Overrides): RetryPolicy {
  const maxAttempts = delivery.maxAttempts ?? integration.maxAttempts
  return {
    ...defaultRetryPolicy,
    ...(maxAttempts !== null && { maxAttempts, rideOutMs: 0 }),
    baseMs: delivery.nextAttemptDelayMs ?? integration.nextAttemptDelayMs ?? defaultRetryPolicy.baseMs,
  }
}

/** What the next step depends on beside the answer. `tries` counts the attempts before this one. */
export type Situation = Pick<SavedDelivery, 'tries' | 'looks' | 'policy' | 'origin' | 'mark'> & {
  /** Whether a lost message can be looked for where this one goes. */
  canLook: boolean
  /** Doing it twice is the same as doing it once: a change, or a removal. */
  isIdempotent: boolean
  /** Since the first attempt that failed. Asked only of who may have used up the attempts; 0 of the others. */
  triedForMs: number
  retry: RetryPolicy
}

/** What becomes of a delivery. `tries` is how many attempts it has used by then. */
export type Step =
  | { state: 'delivered'; tries: number }
  | { state: 'retrying'; tries: number; waitMs: number; code: string; mark?: 'may_be_duplicate' }
  /** It will be looked for; with `deadEnd`, Slack's word for a dead credential, once somebody has replaced that. */
  | { state: 'unconfirmed'; tries: number; waitMs: number; code: string; deadEnd?: string }
  /** Nobody can find out, and it is not to be sent twice. */
  | { state: 'unconfirmed'; tries: number; ends: true; code: string; mark: 'maybe_sent' }
  | { state: 'failed'; tries: number; code: string; detail?: string }
  /** Nothing can be sent there until somebody acts. */
  | { state: 'held'; tries: number; code: string; stops: 'destination' | 'integration'; detail?: string }

/** What stops the destination or the whole integration with it, if anything. */
export function deadEndOf(step: Step): DeadEnd | undefined {
  if (step.state === 'held') return step
  if (!('deadEnd' in step) || step.deadEnd === undefined) return undefined
  return { state: 'held', tries: step.tries, code: step.deadEnd, stops: 'integration' }
}

export type DeadEnd = Extract<Step, { state: 'held' }>

type Outcome = { kind: 'sent' } | CallFailure | SendResult

/** What becomes of a delivery after one attempt. */
export function nextStep(result: Outcome, situation: Situation, random: () => number): Step {
  const { tries, retry } = situation
  const used = tries + 1
  switch (result.kind) {
    case 'sent':
      return { state: 'delivered', tries: used }
    case 'rate_limited':
      // The wait was asked for, so it uses up no attempt.
      return { state: 'retrying', tries, waitMs: Math.max(result.waitMs, SHORTEST_WAIT_MS), code: result.code }
    case 'transient':
      return tryAgain(result.code, used, Math.max(backoffMs(tries, random, retry), result.waitMs ?? 0), situation)
    case 'ambiguous':
      return afterUnknown(result.code, used, situation, random)
    case 'permanent': {
      const { code, stops, detail } = result
      const more = { tries: used, code, ...(detail !== undefined && { detail }) }
      // Whoever pressed the button wants to know, not to wait.
      if (stops === 'message' || situation.origin === 'test') return { state: 'failed', ...more }
      return { state: 'held', ...more, stops: stops === 'destination' ? 'destination' : 'integration' }
    }
  }
}

/** The request may have been carried out: its answer was lost, or whoever waited for it was. */
export function afterUnknown(code: string, used: number, situation: Situation, random: () => number): Step {
  if (situation.isIdempotent) return tryAgain(code, used, backoffMs(used - 1, random, situation.retry), situation)
  if (situation.canLook) return { state: 'unconfirmed', tries: used, waitMs: LOOK_AFTER_MS, code }
  return withoutALook(code, used, situation, random)
}

/** What becomes of a delivery that was looked for. */
export function afterLook(result: LookResult, situation: Situation, code: string, random: () => number): Step {
  const { tries, retry } = situation
  switch (result.kind) {
    case 'found':
      return { state: 'delivered', tries }
    case 'not_found':
      return tryAgain(code, tries, 0, situation)
    case 'can_not_look':
      // A token that is dead can be replaced, and then it can be looked for: until then it waits with all the others.
      if (slackCode(result.code).stops === 'credential' && situation.origin !== 'test') {
        return { state: 'unconfirmed', tries, waitMs: 0, code, deadEnd: result.code }
      }
      return withoutALook(code, tries, situation, random)
    case 'rate_limited':
      return { state: 'unconfirmed', tries, waitMs: Math.max(result.waitMs, SHORTEST_WAIT_MS), code }
    case 'transient': {
      const looks = (situation.looks ?? 0) + 1
      if (looks >= MOST_LOOKS) return withoutALook(code, tries, situation, random)
      return { state: 'unconfirmed', tries, waitMs: LOOK_AFTER_MS + backoffMs(looks, random, retry), code }
    }
  }
}

function tryAgain(code: string, used: number, waitMs: number, situation: Situation): Step {
  if (isSpent(used, situation.triedForMs, situation.retry)) return { state: 'failed', tries: used, code }
  return { state: 'retrying', tries: used, waitMs, code }
}

/** Nobody can find out, so the notification type decides. */
function withoutALook(code: string, used: number, situation: Situation, random: () => number): Step {
  if (situation.policy === 'at_most_once' || isSpent(used, situation.triedForMs, situation.retry)) {
    return { state: 'unconfirmed', tries: used, ends: true, code, mark: 'maybe_sent' }
  }
  const waitMs = LOOK_AFTER_MS + backoffMs(used - 1, random, situation.retry)
  return { state: 'retrying', tries: used, waitMs, code, mark: 'may_be_duplicate' }
}

/** Slack: a 429 without Retry-After means at least a second. */
const SHORTEST_WAIT_MS = 1_000
/** What Slack took in at the last moment has appeared in the channel by then. */
export const LOOK_AFTER_MS = 3_000
const MOST_LOOKS = 30
