import { describe, expect, test } from 'vitest'
import { backoffMs, defaultRetryPolicy, nextStep } from '../../../server/deliveries/next-step.ts'
import type { CallFailure } from '../../../server/providers/provider.ts'

const half = () => 0.5
const transient: CallFailure = { kind: 'transient', code: 'http_503' }

describe('what becomes of a delivery after an attempt', () => {
  test('a message that was taken is delivered, and the attempt counts', () => {
    expect(nextStep({ kind: 'sent' }, 0, half)).toEqual({ state: 'delivered', tries: 1 })
    expect(nextStep({ kind: 'sent' }, 4, half)).toEqual({ state: 'delivered', tries: 5 })
  })

  test('a wait that Slack asked for is kept to, and uses up no try however many there were', () => {
    const asked: CallFailure = { kind: 'rate_limited', code: 'ratelimited', waitMs: 30_000 }

    expect(nextStep(asked, 7, half)).toEqual({ state: 'retrying', tries: 7, waitMs: 30_000, code: 'ratelimited' })
    expect(nextStep({ ...asked, waitMs: 0 }, 0, half)).toMatchObject({ waitMs: 1_000 })
  })

  test('a hiccup is tried again until the tries are used up', () => {
    expect(nextStep(transient, 0, half)).toEqual({ state: 'retrying', tries: 1, waitMs: 500, code: 'http_503' })
    expect(nextStep(transient, 6, half)).toMatchObject({ state: 'retrying', tries: 7 })
    expect(nextStep(transient, 7, half)).toEqual({ state: 'failed', tries: 8, code: 'http_503', stops: 'message' })
  })

  test('a policy of its own decides when a message gives up', () => {
    const policy = { ...defaultRetryPolicy, maxTries: 2 }

    expect(nextStep(transient, 0, half, policy)).toMatchObject({ state: 'retrying' })
    expect(nextStep(transient, 1, half, policy)).toMatchObject({ state: 'failed', tries: 2 })
  })

  test('what may have happened is not done again', () => {
    expect(nextStep({ kind: 'ambiguous', code: 'timeout' }, 2, half)).toEqual({
      state: 'unconfirmed',
      tries: 3,
      code: 'timeout',
      mark: 'maybe_sent',
    })
  })

  test.each(['message', 'destination', 'credential', 'integration'] as const)(
    'a refusal for good fails at once and says that it stops the %s',
    (stops) => {
      const refused: CallFailure = { kind: 'permanent', code: 'is_archived', stops }

      expect(nextStep(refused, 0, half)).toEqual({ state: 'failed', tries: 1, code: 'is_archived', stops })
    },
  )
})

describe('how long a try waits', () => {
  const cases: [tries: number, boundMs: number][] = [
    [0, 1_000],
    [1, 2_000],
    [2, 4_000],
    [6, 64_000],
    [9, 512_000],
    [10, 900_000],
    [40, 900_000],
  ]
  test.each(cases)('after %i tries anywhere from nothing up to %i ms', (tries, boundMs) => {
    expect(backoffMs(tries, () => 0)).toBe(0)
    expect(backoffMs(tries, () => 0.5)).toBe(boundMs / 2)
    expect(backoffMs(tries, () => 1)).toBe(boundMs)
  })
})
