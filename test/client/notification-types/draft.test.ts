import { expect, test } from 'vitest'
import { changeOf, draftOf } from '../../../client/notification-types/draft.ts'
import { shareDone } from '../../../client/replays/replay-states.ts'
import type { NotificationType } from '../../../shared/notification-types.ts'

const defaults: NotificationType = {
  type: 'compliance.violation',
  description: null,
  enabled: true,
  destinations: [],
  priority: null,
  mentions: [],
  emoji: null,
  template: null,
  threading: null,
  updateBy: null,
  allowedFields: null,
  retentionDays: null,
  policy: 'at_least_once',
  maxAttempts: null,
  nextAttemptDelay: null,
  foldAfter: null,
  dedupeWindow: 3_600,
  updateTrail: false,
}

test('a form that nobody touched asks for no change', () => {
  expect(changeOf(defaults, draftOf(defaults))).toEqual({})
  const all: NotificationType = {
    ...defaults,
    maxAttempts: 50,
    nextAttemptDelay: 2.5,
    foldAfter: 100,
    dedupeWindow: 90,
  }
  expect(changeOf(all, draftOf(all))).toEqual({})
})

test('only what was changed is asked for, in the units of the API', () => {
  expect(changeOf(defaults, { ...draftOf(defaults), dedupeMinutes: 1.5, maxAttempts: 12 })).toEqual({
    dedupeWindow: 90,
    maxAttempts: 12,
  })
})

test('an emptied field asks for the default, and a fold that is taken off for none', () => {
  const set: NotificationType = { ...defaults, maxAttempts: 50, foldAfter: 100 }

  expect(changeOf(set, { ...draftOf(set), maxAttempts: '', folds: false, dedupeMinutes: '' })).toEqual({
    maxAttempts: null,
    foldAfter: null,
    dedupeWindow: 0,
  })
})

test.each([
  [{ total: 4_200, made: 1_804, skipped: 62 }, 0.444],
  [{ total: 10, made: 8, skipped: 2 }, 1],
  [{ total: 10, made: 12, skipped: 0 }, 1],
  [{ total: 0, made: 0, skipped: 0 }, 1],
])('of %o the share that is done is %d', (replay, share) => {
  expect(shareDone(replay)).toBeCloseTo(share, 3)
})
