import { expect, test } from 'vitest'
import { draftOf, ruleOf } from '../../../client/routing-rules/draft.ts'
import { readEvent } from '../../../client/routing-rules/read-event.ts'

test('a rule comes out of the form as it went in', () => {
  const rule = {
    id: 'rul_1',
    position: 0,
    name: 'Security',
    condition: "category == 'security'",
    enabled: true,
    stop: false,
    destinations: [
      { id: 'dst_1', integrationId: 'int_1', kind: 'channel' as const, name: '#security' },
      { integrationId: 'int_1', kind: 'recipient' as const, name: 'The recipient' },
    ],
    mentions: ['@here'],
    priority: null,
    updatedAt: '2026-11-26T10:00:00.000Z',
    updatedBy: 'Ada',
  }

  expect(ruleOf(draftOf(rule))).toEqual({
    name: 'Security',
    condition: "category == 'security'",
    enabled: true,
    stop: false,
    destinations: ['dst_1', { integrationId: 'int_1', recipient: true }],
    mentions: ['@here'],
    priority: null,
  })
})

test('an event that is pasted is read, or it is said what is wrong with it', () => {
  expect(readEvent('{"type": "a", "data": {"b": 1}}')).toEqual({ kind: 'read', event: { type: 'a', data: { b: 1 } } })
  expect(readEvent('{')).toMatchObject({ kind: 'refused', message: expect.stringMatching(/^This is no JSON/) })
  expect(readEvent('{}')).toMatchObject({ kind: 'refused', message: expect.stringMatching(/^type: /) })
  expect(readEvent('{"type": "a", "days": 1}')).toEqual({
    kind: 'refused',
    message: 'days: events have no such field; put it into data.',
  })
  expect(readEvent('[]')).toMatchObject({ kind: 'refused' })
})
