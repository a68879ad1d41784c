import { expect, test } from 'vitest'
import { outcomeOf, summaryOf } from '../../../client/integrations/test-words.ts'
import type { StepState, TestStep } from '../../../shared/connection-tests.ts'

test.each([
  ['running', { failed: 0, warned: 0 }, 'Running'],
  ['failing', { failed: 2, warned: 1 }, '2 failed'],
  ['cancelled', { failed: 1, warned: 0 }, '1 failed'],
  ['cancelled', { failed: 0, warned: 0 }, 'Cancelled'],
  ['warning', { failed: 0, warned: 1 }, '1 warning'],
  ['warning', { failed: 0, warned: 3 }, '3 warnings'],
  ['waiting', { failed: 0, warned: 0 }, 'Waiting for you'],
  ['ok', { failed: 0, warned: 0 }, 'All passed'],
] as const)('a run that is %s with %o reads “%s”', (state, counted, words) => {
  expect(outcomeOf(state, counted).words).toBe(words)
})

test('the summary counts what has ended and names only what is worth a look', () => {
  const states: StepState[] = ['pass', 'pass', 'warn', 'fail', 'skipped', 'running']

  expect(summaryOf(states.map(step), 11)).toBe('5 of 11 done, 1 warning, 1 failed, 1 skipped')
  expect(summaryOf([step('pass')], 11)).toBe('1 of 11 done')
})

function step(state: StepState): TestStep {
  return { name: 'fields', state, title: 'Fields', tookMs: 1 }
}
