import { expect, test } from 'vitest'
import { priorityWords, whoResumes } from '../../../client/queue/who-resumes.ts'

test.each([
  ['destination_paused', 'line'],
  ['is_archived', 'line'],
  ['no_service', 'line'],
  ['destination_disabled', 'destination'],
  ['integration_paused', 'integration'],
  ['integration_disabled', 'integration'],
  ['token_revoked', 'integration'],
])('a line stopped by %s is let go at its %s', (code, who) => {
  expect(whoResumes(code)).toBe(who)
})

test('only priorities that wait are named', () => {
  expect(priorityWords({ urgent: 7, normal: 0, low: 1 })).toBe('7 urgent, 1 low')
})
