import { expect, test } from 'vitest'
import { MOST_CAUGHT_UP, ON_TIME_MS, planRuns } from '../../../server/schedules/plan-runs.ts'

const NOW = 1_800_000_000_000
const HOUR = 3_600_000
const calm = { now: NOW, missedRuns: 'skip', overlap: 'skip', unfinished: 0 } as const
const waiting = (plannedAt: number) => ({ plannedAt, state: 'waiting' })

test.each(['skip', 'run_once', 'run_all'] as const)('a time that has just come runs, under %s', (missedRuns) => {
  expect(planRuns({ ...calm, missedRuns, due: [NOW] })).toEqual([waiting(NOW)])
})

test('a short restart is no reason to miss a run', () => {
  expect(planRuns({ ...calm, due: [NOW - ON_TIME_MS] })).toEqual([waiting(NOW - ON_TIME_MS)])
})

const missed = [NOW - 5 * HOUR, NOW - 4 * HOUR, NOW - 3 * HOUR]

test('skip leaves what was missed, tells of it once, and runs what is on time', () => {
  const row = { plannedAt: NOW - 3 * HOUR, state: 'skipped', code: 'missed', detail: 'It stands for 3 runs.' }

  expect(planRuns({ ...calm, due: missed })).toEqual([row])
  expect(planRuns({ ...calm, due: [...missed, NOW] })).toEqual([row, waiting(NOW)])
})

test('run_once makes up for all of them by the latest', () => {
  expect(planRuns({ ...calm, missedRuns: 'run_once', due: missed })).toEqual([
    { plannedAt: NOW - 4 * HOUR, state: 'skipped', code: 'merged', detail: 'It stands for 2 runs.' },
    waiting(NOW - 3 * HOUR),
  ])
})

test('run_all makes up for each, up to a bound', () => {
  expect(planRuns({ ...calm, missedRuns: 'run_all', due: missed })).toEqual(missed.map(waiting))

  const many = Array.from({ length: 80 }, (_, place) => NOW - (80 - place) * HOUR)
  const planned = planRuns({ ...calm, missedRuns: 'run_all', due: many })
  expect(planned.length).toBe(MOST_CAUGHT_UP + 1)
  expect(planned[0]).toMatchObject({ state: 'skipped', code: 'missed', detail: 'It stands for 30 runs.' })
})

test('while the run before goes on, a time is skipped, or waits for its turn up to a bound', () => {
  expect(planRuns({ ...calm, due: [NOW], unfinished: 1 })).toEqual([
    { plannedAt: NOW, state: 'skipped', code: 'overlap' },
  ])
  expect(planRuns({ ...calm, due: [NOW], overlap: 'wait', unfinished: 1 })).toEqual([waiting(NOW)])
  expect(planRuns({ ...calm, due: [NOW], overlap: 'wait', unfinished: 10 })).toMatchObject([{ code: 'overlap' }])
})

test('nothing due plans nothing', () => {
  expect(planRuns({ ...calm, due: [] })).toEqual([])
})
