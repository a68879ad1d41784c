import { describe, expect, test } from 'vitest'
import {
  afterLook,
  afterUnknown,
  nextStep,
  retryPolicyOf,
  type Situation,
} from '../../../server/deliveries/next-step.ts'
import { backoffMs, defaultRetryPolicy } from '../../../server/lib/backoff.ts'

const half = () => 0.5
const HOUR_MS = 60 * 60_000
const exchange = { method: 'chat.postMessage', tookMs: 1, request: {}, response: {} }

function situation(change: Partial<Situation> = {}): Situation {
  return {
    tries: 0,
    looks: null,
    policy: null,
    origin: 'event',
    mark: null,
    canLook: true,
    isIdempotent: false,
    triedForMs: 2 * HOUR_MS,
    retry: defaultRetryPolicy,
    ...change,
  }
}

describe('after an attempt', () => {
  test('a message that was taken is delivered, and the attempt counts', () => {
    expect(nextStep({ kind: 'sent' }, situation(), half)).toEqual({ state: 'delivered', tries: 1 })
  })

  test('a wait that Slack asked for is kept to, and uses up no attempt however many there were', () => {
    const asked = { kind: 'rate_limited', code: 'ratelimited', waitMs: 30_000 } as const

    expect(nextStep(asked, situation({ tries: 29 }), half)).toMatchObject({
      state: 'retrying',
      tries: 29,
      waitMs: 30_000,
    })
    expect(nextStep({ ...asked, waitMs: 0 }, situation(), half)).toMatchObject({ waitMs: 1_000 })
  })

  test('a hiccup is tried again until the attempts are used up', () => {
    const hiccup = { kind: 'transient', code: 'http_503' } as const

    expect(nextStep(hiccup, situation(), half)).toEqual({ state: 'retrying', tries: 1, waitMs: 500, code: 'http_503' })
    expect(nextStep(hiccup, situation({ tries: 28 }), half)).toMatchObject({ state: 'retrying', tries: 29 })
    expect(nextStep(hiccup, situation({ tries: 29 }), half)).toEqual({ state: 'failed', tries: 30, code: 'http_503' })
  })

  test('what will not be over for hours is not tried sooner', () => {
    const migrating = { kind: 'transient', code: 'team_added_to_org', waitMs: 3_600_000 } as const

    expect(nextStep(migrating, situation(), half)).toMatchObject({ state: 'retrying', waitMs: 3_600_000 })
  })

  test.each([
    ['destination', 'destination'],
    ['credential', 'integration'],
    ['integration', 'integration'],
  ] as const)('a refusal that stops the %s holds the message; a test of it fails at once', (stops, held) => {
    const refused = { kind: 'permanent', code: 'x', stops } as const

    expect(nextStep(refused, situation(), half)).toEqual({ state: 'held', tries: 1, code: 'x', stops: held })
    expect(nextStep(refused, situation({ origin: 'test' }), half)).toEqual({ state: 'failed', tries: 1, code: 'x' })
  })

  test('a message that is itself wrong fails, with what Slack said of it', () => {
    const refused = { kind: 'permanent', code: 'invalid_blocks', stops: 'message', detail: 'at /blocks/1' } as const

    expect(nextStep(refused, situation(), half)).toEqual({
      state: 'failed',
      tries: 1,
      code: 'invalid_blocks',
      detail: 'at /blocks/1',
    })
  })
})

describe('when the outcome is unknown', () => {
  const lost = { kind: 'ambiguous', code: 'timeout' } as const

  test('it is looked for where that is possible', () => {
    expect(nextStep(lost, situation(), half)).toEqual({
      state: 'unconfirmed',
      tries: 1,
      waitMs: 3_000,
      code: 'timeout',
    })
  })

  test.each([
    [null, { state: 'retrying', mark: 'may_be_duplicate' }],
    ['at_least_once', { state: 'retrying', mark: 'may_be_duplicate' }],
    ['at_most_once', { state: 'unconfirmed', ends: true, mark: 'maybe_sent' }],
  ] as const)('where it is not, the policy %s decides', (policy, expected) => {
    expect(nextStep(lost, situation({ policy, canLook: false }), half)).toMatchObject(expected)
  })

  test('what can not be looked for is sent again ever later, as after any other failure', () => {
    const blind = situation({ canLook: false, tries: 10 })

    expect(nextStep(lost, blind, half)).toMatchObject({ state: 'retrying', waitMs: 303_000 })
    expect(nextStep(lost, { ...blind, tries: 0 }, () => 0)).toMatchObject({ state: 'retrying', waitMs: 3_000 })
  })

  test('the last attempt is not followed by another, whatever the policy', () => {
    expect(afterUnknown('timeout', 30, situation({ canLook: false }), half)).toMatchObject({ ends: true })
  })

  test('what is the same when done twice is simply done again', () => {
    expect(nextStep(lost, situation({ isIdempotent: true }), half)).toMatchObject({ state: 'retrying', tries: 1 })
  })
})

describe('after a look', () => {
  const looked = (result: Parameters<typeof afterLook>[0], change: Partial<Situation> = {}) =>
    afterLook(result, situation({ tries: 1, ...change }), 'timeout', half)

  test('found is delivered, not found is sent again at once', () => {
    expect(looked({ kind: 'found', messageTs: '1.1', exchange })).toEqual({ state: 'delivered', tries: 1 })
    expect(looked({ kind: 'not_found', exchange })).toMatchObject({ state: 'retrying', waitMs: 0, tries: 1 })
    expect(looked({ kind: 'not_found', exchange }, { tries: 30 })).toMatchObject({ state: 'failed', code: 'timeout' })
  })

  test('where the app may not look, the policy decides', () => {
    const closed = { kind: 'can_not_look', code: 'missing_scope', exchange } as const

    expect(looked(closed)).toMatchObject({ state: 'retrying', mark: 'may_be_duplicate' })
    expect(looked(closed, { policy: 'at_most_once' })).toMatchObject({ state: 'unconfirmed', mark: 'maybe_sent' })
  })

  test('a token that turns out dead keeps it for a look with the next one, whatever the policy', () => {
    const dead = { kind: 'can_not_look', code: 'token_revoked', exchange } as const

    expect(looked(dead)).toMatchObject({ state: 'unconfirmed', code: 'timeout', deadEnd: 'token_revoked' })
    expect(looked(dead, { policy: 'at_most_once' })).not.toHaveProperty('mark')
    expect(looked(dead, { origin: 'test' })).toMatchObject({ state: 'retrying', mark: 'may_be_duplicate' })
  })

  test('a look that fails is made again, up to a point', () => {
    const hiccup = { kind: 'transient', code: 'http_503', exchange } as const

    expect(looked(hiccup)).toMatchObject({ state: 'unconfirmed', code: 'timeout' })
    expect(looked(hiccup, { looks: 29 })).toMatchObject({ state: 'retrying', mark: 'may_be_duplicate' })
    expect(looked({ kind: 'rate_limited', code: 'ratelimited', waitMs: 7_000, exchange })).toMatchObject({
      waitMs: 7_000,
    })
  })
})

describe('attempts', () => {
  const none = { maxAttempts: null, nextAttemptDelayMs: null }

  test('the notification type goes before the integration, and that before the default', () => {
    expect(retryPolicyOf(none, none)).toEqual(defaultRetryPolicy)
    expect(retryPolicyOf(none, { maxAttempts: 3, nextAttemptDelayMs: 30_000 })).toMatchObject({
      maxAttempts: 3,
      baseMs: 30_000,
    })
    expect(retryPolicyOf({ ...none, maxAttempts: 5 }, { ...none, maxAttempts: 3 })).toMatchObject({ maxAttempts: 5 })
  })

  test.each([
    [0, 1_000],
    [3, 8_000],
    [9, 512_000],
    [10, 600_000],
    [40, 600_000],
  ])('after %i attempts the wait is anywhere from nothing up to %i ms', (tries, boundMs) => {
    expect(backoffMs(tries, () => 0)).toBe(0)
    expect(backoffMs(tries, () => 0.999_999)).toBeLessThan(boundMs)
    expect(backoffMs(tries, () => 0.999_999)).toBeGreaterThan(boundMs * 0.99)
  })

  test('the defaults ride out an outage of an hour, however unlucky the waits: attempts alone end nothing before', () => {
    const hiccup = { kind: 'transient', code: 'http_503' } as const
    const lost = { kind: 'ambiguous', code: 'timeout' } as const
    const young = { tries: 500, triedForMs: HOUR_MS }
    const unlucky = () => 0

    expect(nextStep(hiccup, situation(young), unlucky)).toMatchObject({ state: 'retrying', tries: 501 })
    expect(nextStep(lost, situation({ ...young, isIdempotent: true }), unlucky)).toMatchObject({ state: 'retrying' })
    expect(nextStep(lost, situation({ ...young, canLook: false }), unlucky)).toMatchObject({ state: 'retrying' })
    expect(afterLook({ kind: 'not_found', exchange }, situation(young), 'timeout', unlucky)).toMatchObject({
      state: 'retrying',
    })
  })

  test('who says how many attempts there are gets no more than these', () => {
    const three = retryPolicyOf({ maxAttempts: 3, nextAttemptDelayMs: null }, none)
    const hiccup = { kind: 'transient', code: 'http_503' } as const

    expect(nextStep(hiccup, situation({ tries: 2, triedForMs: 0, retry: three }), half)).toMatchObject({
      state: 'failed',
    })
  })
})
