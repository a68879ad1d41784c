import { expect, test } from 'vitest'
import { startTrouble } from '../../../server/db/start-trouble.ts'

const of = (code: string, message: string) => Object.assign(new Error(message), { code })
const POSTGRES = 'postgres://ada:p%40ss@db.example.com:5432/switchboard'

test.each([
  [
    'sqlite:/srv/switchboard.db',
    of('SQLITE_FULL', 'database or disk is full'),
    /^The database \/srv\/switchboard\.db has no room/,
  ],
  [POSTGRES, of('28P01', 'password authentication failed for user "ada"'), /lets nobody in/],
  [POSTGRES, of('3D000', 'database "switchboard" does not exist'), /create it, or put its name right/],
  [POSTGRES, of('42501', 'permission denied for schema public'), /grant that user CREATE/],
  [POSTGRES, new Error('timeout exceeded when trying to connect'), /can’t be reached/],
  [POSTGRES, of('ECONNREFUSED', 'connect ECONNREFUSED'), /db\.example\.com:5432\/switchboard can’t be reached/],
])('to whoever starts it, %s with %o is one line with the way out', (url, error, words) => {
  const told = startTrouble(error, url)

  expect(told).toMatchObject({ message: expect.stringMatching(words) })
  expect(told).toMatchObject({ message: expect.stringMatching(/then start again\.$/) })
})

test('the password of the database is not repeated, also where the driver quotes it', () => {
  const told = startTrouble(of('ECONNREFUSED', 'no way to ada:p@ss or ada:p%40ss'), POSTGRES)

  expect(told).toMatchObject({ message: expect.not.stringMatching(/p@ss|p%40ss/) })
})

test('a password that is not written as one is told of, too', () => {
  const told = startTrouble(new URIError('URI malformed'), 'postgres://ada:100%zz@db.example.com/switchboard')

  expect(told).toMatchObject({ message: expect.stringContaining('with % codes for special characters') })
})

test('a mistake of ours stays what it is', () => {
  const bug = new TypeError('x is not a function')

  expect(startTrouble(bug, POSTGRES)).toBe(bug)
  expect(startTrouble(of('42601', 'syntax error at or near "selct"'), POSTGRES)).toHaveProperty('code', '42601')
})
