import { describe, expect, test } from 'vitest'
import {
  provenSigningStep,
  type RefusedRequest,
  refusedSigningStep,
  stateOf,
  waitingSigningStep,
} from '../../../server/integrations/signing-step.ts'
import type { TestStep } from '../../../shared/connection-tests.ts'

describe('what a refused request tells about the signing secret', () => {
  const cases: { says: RegExp; fix: RegExp; request: RefusedRequest }[] = [
    {
      request: { reason: 'bad_signature', skewMs: 300, declaredBytes: 400, receivedBytes: 400 },
      says: /signing secret is most likely not the one of this app/,
      fix: /Copy the signing secret/,
    },
    {
      request: { reason: 'bad_signature', declaredBytes: 400, receivedBytes: 412 },
      says: /had 412 bytes where 400 were announced/,
      fix: /proxy .* unchanged/,
    },
    { request: { reason: 'bad_signature', contentEncoding: 'gzip' }, says: /encoded as gzip/, fix: /proxy/ },
    {
      request: { reason: 'stale', skewMs: -600_000 },
      says: /differ by 10 minutes/,
      fix: /clock, which is most likely ahead/,
    },
    { request: { reason: 'future', skewMs: 90_000_000 }, says: /differ by 25 hours/, fix: /most likely behind/ },
    { request: { reason: 'unsigned' }, says: /headers .* were missing/, fix: /proxy .* pass these two headers on/ },
    { request: { reason: 'too_large' }, says: /before its signature could be checked/, fix: /proxy/ },
    { request: { reason: 'malformed' }, says: /before its signature could be checked/, fix: /proxy/ },
  ]

  test.each(cases)('$request', ({ request, says, fix }) => {
    const step = refusedSigningStep('A0123456789', request)

    expect(step).toMatchObject({ name: 'signing_secret', state: 'warn', code: request.reason, field: 'signingSecret' })
    expect(step?.detail).toMatch(says)
    expect(step?.fix).toMatch(fix)
    expect(step?.link?.url).toBe('https://api.slack.com/apps/A0123456789/general')
  })

  test.each(['replayed', 'disabled', 'unknown_integration'] as const)('%s says nothing about it', (reason) => {
    expect(refusedSigningStep('A0123456789', { reason })).toBeUndefined()
  })
})

test.each([
  [400, 'just now'],
  [40_000, '40 s ago'],
  [600_000, '10 minutes ago'],
  [7_200_000, '2 hours ago'],
  [172_800_000, '2 days ago'],
])('a signed request %i ms old arrived %s', (ms, words) => {
  expect(provenSigningStep('A0123456789', ms).title).toBe(`Slack’s signed request arrived ${words}`)
})

test('without a test message nobody is told to press its button', () => {
  expect(waitingSigningStep('A0123456789', true).fix).toContain('button')
  expect(waitingSigningStep('A0123456789', false).fix).not.toContain('button')
})

test.each([
  [['pass', 'fail', 'waiting'], true, 'failing'],
  [['pass', 'warn', 'waiting'], true, 'waiting'],
  [['pass', 'warn'], true, 'waiting'],
  [['pass', 'warn'], false, 'warning'],
  [['pass', 'skipped'], false, 'ok'],
] as const)('steps %j, awaiting a call: %s, make a run %s', (states, isAwaiting, state) => {
  const steps = states.map((one): TestStep => ({ name: 'reach', state: one, title: '', tookMs: 0 }))

  expect(stateOf(steps, isAwaiting)).toBe(state)
})
