import type { ConnectionTest, StepState, TestState, TestStep } from '../../shared/connection-tests.ts'
import { plural } from '../lib/format.ts'
import type { Shape, Tone } from '../ui/StatePill.tsx'

/** How each state of a step looks, and the word a screen reader hears before its title. */
export const stepLooks: Readonly<Record<StepState | 'pending', { tone: Tone; shape: Shape; word: string }>> = {
  pending: { tone: 'neutral', shape: 'dashed', word: 'Not yet' },
  running: { tone: 'info', shape: 'running', word: 'Running' },
  pass: { tone: 'ok', shape: 'check', word: 'Passed' },
  warn: { tone: 'warn', shape: 'alert', word: 'Warning' },
  fail: { tone: 'bad', shape: 'cross', word: 'Failed' },
  skipped: { tone: 'neutral', shape: 'minus', word: 'Skipped' },
  waiting: { tone: 'info', shape: 'running', word: 'Waiting' },
}

type Counted = { failed: number; warned: number }

/** The outcome of a run as shape and words: `1 failed`, `2 warnings`, `All passed`. */
export function outcomeOf(state: TestState, { failed, warned }: Counted): { tone: Tone; shape: Shape; words: string } {
  if (state === 'running') return { tone: 'info', shape: 'running', words: 'Running' }
  if (failed > 0) return { tone: 'bad', shape: 'cross', words: `${failed} failed` }
  if (state === 'cancelled') return { tone: 'neutral', shape: 'minus', words: 'Cancelled' }
  if (warned > 0) return { tone: 'warn', shape: 'alert', words: plural(warned, 'warning') }
  if (state === 'waiting') return { tone: 'info', shape: 'clock', words: 'Waiting for you' }
  return { tone: 'ok', shape: 'check', words: 'All passed' }
}

export function countOutcomes(steps: TestStep[]): Counted {
  return {
    failed: steps.filter(({ state }) => state === 'fail').length,
    warned: steps.filter(({ state }) => state === 'warn').length,
  }
}

/** `7 of 11 done, 1 warning, 1 failed` */
export function summaryOf(steps: TestStep[], total: number): string {
  const { failed, warned } = countOutcomes(steps)
  const skipped = steps.filter(({ state }) => state === 'skipped').length
  const done = steps.filter(({ state }) => state !== 'running' && state !== 'waiting').length
  return [
    `${done} of ${total} done`,
    ...(warned ? [plural(warned, 'warning')] : []),
    ...(failed ? [`${failed} failed`] : []),
    ...(skipped ? [`${skipped} skipped`] : []),
  ].join(', ')
}

export function outcomeOfTest(test: ConnectionTest) {
  return outcomeOf(test.state, countOutcomes(test.steps))
}
