import { expect, test } from 'vitest'
import { closingCount } from './closing-count.ts'

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
})

test.each([
  {
    about: 'a run in which all passed',
    files: [file('passed', 'passed', 'passed', 'skipped')],
    ended: 0,
    count: [2, 0],
  },
  { about: 'a failed test', files: [file('failed', 'passed', 'failed')], ended: 1, count: [1, 1] },
  {
    about: 'a file that could not be read',
    files: [file('passed', 'passed'), file('failed')],
    ended: 1,
    count: [1, 1],
  },
  { about: 'an error outside of any test', files: [file('passed', 'passed')], ended: 1, count: [1, 1] },
  { about: 'a run without a single test', files: [], ended: 0, count: [0, 1] },
])('$about counts $count', ({ files, ended, count: [passed, failed] }) => {
  expect(closingCount({ testResults: files }, ended)).toEqual({ passed, failed })
})

test('a run that left no results is a failure', () => {
  expect(closingCount(undefined, 137)).toEqual({ passed: 0, failed: 1 })
})
