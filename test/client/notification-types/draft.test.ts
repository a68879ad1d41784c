import { expect, test } from 'vitest'
import { changeOf, draftOf } from '../../../client/notification-types/draft.ts'
import { shareDone } from '../../../client/replays/replay-states.ts'
import type { ChosenTarget } from '../../../client/targets/targets.ts'
import type { NotificationType } from '../../../shared/notification-types.ts'

const defaults: NotificationType = {
  isSetUp: true,
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
  [{ threads: 'off' }, { enabled: false }],
  [
    { threads: 'field', threadField: ' data.issue_id ' },
    { enabled: true, by: 'data.issue_id' },
  ],
  [{ broadcast: true }, { enabled: true, broadcast: true }],
] as const)('threads as %o are asked for as %o, and read back as they were', (part, threading) => {
  const draft = { ...draftOf(defaults), ...part }

  expect(changeOf(defaults, draft)).toEqual({ threading })
  expect(changeOf({ ...defaults, threading }, draftOf({ ...defaults, threading }))).toEqual({})
})

test('a thread by a field that was left empty, or by the key alone, is the default', () => {
  expect(changeOf(defaults, { ...draftOf(defaults), threads: 'field', threadField: ' ' })).toEqual({})
})

test('destinations are asked for by their ids, new ones by what names them', () => {
  const shown = { id: 'dst_1', integrationId: 'int_1', kind: 'channel', name: '#one' } as const
  const type: NotificationType = { ...defaults, destinations: [shown] }
  const added: ChosenTarget = {
    target: { integrationId: 'int_1', channel: 'C2' },
    shown: { integrationId: 'int_1', kind: 'channel', name: '#two' },
  }
  const draft = draftOf(type)

  expect(changeOf(type, { ...draft, destinations: [...draft.destinations, added] })).toEqual({
    destinations: ['dst_1', { integrationId: 'int_1', channel: 'C2' }],
  })
  expect(changeOf(type, { ...draft, destinations: [] })).toEqual({ destinations: [] })
})

test('fields, mentions and words are asked for trimmed, and emptied ones for the default', () => {
  const set: NotificationType = { ...defaults, emoji: ':clock:', template: 'deadline', allowedFields: ['title'] }
  const draft = {
    ...draftOf(set),
    emoji: ' ',
    template: '',
    allowedFields: null,
    mentions: ['@here'],
    description: ' a ',
  }

  expect(changeOf(set, draft)).toEqual({
    emoji: null,
    template: null,
    allowedFields: null,
    mentions: ['@here'],
    description: 'a',
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
