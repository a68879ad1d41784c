import { expect, test } from 'vitest'
import { ApiError } from '../../client/lib/api.ts'
import { failureWords } from '../../client/lib/failure-words.ts'

test.each([
  [
    'a refusal with a way out',
    new ApiError({ status: 409, code: 'conflict', message: 'It runs.', fix: 'Wait.' }),
    'It runs. Wait.',
  ],
  ['a refusal without one', new ApiError({ status: 404, code: 'not_found', message: 'It is gone.' }), 'It is gone.'],
  ['a fault of the page', new TypeError('x is not a function'), 'Try again.'],
])('%s', (_, error, words) => {
  expect(failureWords(error)).toBe(words)
})
