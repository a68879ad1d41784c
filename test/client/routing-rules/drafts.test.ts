import { expect, test } from 'vitest'
import { draftOf, ruleOf } from '../../../client/routing-rules/draft.ts'
import { readEvent } from '../../../client/routing-rules/read-event.ts'
import { offeredTargets } from '../../../client/routing-rules/targets.ts'
import type { Destination } from '../../../shared/destinations.ts'

const INTEGRATIONS = [
  { id: 'int_1', name: 'Acme' },
  { id: 'int_2', name: 'Staging' },
]

const destination = (id: string, name: string, change: Partial<Destination> = {}): Destination => ({
  id,
  integrationId: 'int_1',
  kind: 'channel',
  name,
  target: `C${id}`,
  state: 'ok',
  stateSince: '2026-11-26T10:00:00.000Z',
  createdAt: '2026-11-26T10:00:00.000Z',
  ...change,
})

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

test('destinations, each integration’s recipient and a channel that is typed are offered', () => {
  const all = [destination('1', '#security'), destination('2', '#legal', { state: 'failing' })]
  const offered = (typed: string) => offeredTargets(all, INTEGRATIONS, typed).map(({ target }) => target)

  expect(offered('')).toEqual([
    '1',
    '2',
    { integrationId: 'int_1', recipient: true },
    { integrationId: 'int_2', recipient: true },
  ])
  expect(offered('acme sec')).toEqual(['1'])
  expect(offered('recipient staging')).toEqual([{ integrationId: 'int_2', recipient: true }])
  expect(offered('#security')).toEqual(['1', { integrationId: 'int_2', channel: '#security' }])
  expect(offered('# two')).toEqual([])
  expect(offeredTargets(all, INTEGRATIONS, 'legal')[0]?.note).toBe('failing')
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
