import { expect, test } from 'vitest'
import { allTargets, chosenOf, knownTargets, targetKey } from '../../../client/targets/targets.ts'
import type { Channel, Destination } from '../../../shared/destinations.ts'

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

test('destinations, each integration’s recipient and a channel that is typed are offered', () => {
  const destinations = [destination('1', '#security'), destination('2', '#legal', { state: 'failing' })]
  const places = { destinations, integrations: INTEGRATIONS }
  const offered = (typed: string) => allTargets(places, typed).map(({ target }) => target)

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
  expect(allTargets(places, 'legal')[0]?.note).toBe('failing')
})

test('a person by e-mail and the channels of a workspace become destinations when they are saved', () => {
  const channel = (id: string, name: string) => ({ id, name, isPrivate: true }) as Channel
  const places = {
    destinations: [destination('1', '#security')],
    integrations: INTEGRATIONS.slice(0, 1),
    channels: new Map([['int_1', [channel('C1', 'security'), channel('C2', 'security-alerts')]]]),
  }

  expect(allTargets(places, 'secur').map(({ target }) => target)).toEqual([
    '1',
    { integrationId: 'int_1', channel: 'C2' },
  ])
  expect(allTargets(places, 'secur')[1]).toMatchObject({ note: 'new here', isPrivate: true })
  expect(allTargets({ ...places, channels: new Map() }, 'kim@acme.example').map(({ target }) => target)).toEqual([
    { integrationId: 'int_1', person: 'kim@acme.example' },
  ])
})

test('one place is one, whichever way it was found', () => {
  const shown = { id: 'dst_1', integrationId: 'int_1', kind: 'channel' as const, name: '#Security' }
  const typed = { target: { integrationId: 'int_1', channel: 'security' }, shown: { ...shown, name: 'security' } }
  const hook = { ...shown, kind: 'webhook' as const }

  expect(targetKey(chosenOf(shown))).toBe(targetKey(typed))
  expect(targetKey(chosenOf(hook))).not.toBe(targetKey(chosenOf({ ...hook, id: 'dst_2' })))
})

test('what is switched off is known, and can’t be chosen', () => {
  const destinations = [destination('1', '#security', { state: 'disabled' })]

  expect(knownTargets({ destinations, integrations: INTEGRATIONS }, '')).toMatchObject([
    { target: '1', isOff: true, note: 'switched off' },
  ])
})
