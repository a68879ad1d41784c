import { expect, test } from 'vitest'
import { refusalOfTrouble } from '../../../server/db/trouble.ts'
import { Refusal } from '../../../server/errors.ts'

const withCode = (code: string) => Object.assign(new Error('as a driver throws it'), { code })

test.each([
  ['SQLITE_FULL', 60],
  ['SQLITE_IOERR_FSYNC', 60],
  ['SQLITE_BUSY', 1],
  ['SQLITE_BUSY_SNAPSHOT', 1],
  ['SQLITE_READONLY', 30],
  ['ENOSPC', 60],
  ['53100', 60],
  ['40P01', 1],
  ['57P01', 5],
  ['08006', 5],
  ['ECONNREFUSED', 5],
])('%s is the database’s trouble: come back in %i s', (code, retryAfterSeconds) => {
  expect(refusalOfTrouble(withCode(code))).toMatchObject({
    code: 'unavailable',
    retryAfterSeconds,
    fix: expect.any(String),
  })
})

test.each([
  'Connection terminated unexpectedly',
  'timeout exceeded when trying to connect',
  'Connection terminated due to connection timeout',
])('the pool’s own words "%s" are too', (message) => {
  expect(refusalOfTrouble(new Error(message))).toMatchObject({ code: 'unavailable' })
})

test.each([
  [withCode('SQLITE_CONSTRAINT_UNIQUE')],
  [withCode('23505')],
  [withCode('42601')],
  [new TypeError('x is undefined')],
  [new Refusal('invalid', 'No.')],
  ['a text'],
])('%s is a bug or a refusal of ours', (error) => {
  expect(refusalOfTrouble(error)).toBeUndefined()
})
