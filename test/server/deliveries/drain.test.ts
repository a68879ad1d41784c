import { expect, test } from 'vitest'
import { drainedAtOf, type Load, sharedPaceOf } from '../../../server/deliveries/drain.ts'
import { standingOf } from '../../../server/deliveries/queue.ts'
import type { Line } from '../../../server/deliveries/queue-store.ts'
import { providers } from '../../../server/providers/registry.ts'

const NOW = 1_000_000
const budgets = new Map([['int_1', { rates: providers.slack.rates, startsAt: NOW }]])
const load = (destinationId: string, count: number, change: Partial<Load> = {}): Load => ({
  destinationId,
  integrationId: 'int_1',
  isWebhook: false,
  count,
  startsAt: NOW,
  lastAt: NOW,
  ...change,
})
const secondsOf = (loads: Load[], some = budgets) =>
  Object.fromEntries([...drainedAtOf(loads, some)].map(([id, at]) => [id, (at - NOW) / 1_000]))

test('a line empties at a message a second, from when its first may go, and not before its last is due', () => {
  const told = secondsOf([
    load('dst_one', 1),
    load('dst_ten', 10),
    load('dst_waits', 10, { startsAt: NOW + 30_000 }),
    load('dst_later', 2, { lastAt: NOW + 3_600_000 }),
  ])

  expect(told).toEqual({ dst_one: 0, dst_ten: 9, dst_waits: 39, dst_later: 3_600 })
})

test('lines that share a bot share its pace: 300 a minute beyond the first burst, a short line after its turns', () => {
  const many = Array.from({ length: 100 }, (_, place) => load(`dst_${place}`, 600))

  const told = secondsOf([...many, load('dst_short', 3), load('dst_hook', 600, { isWebhook: true })])

  expect(told).toMatchObject({ dst_0: (60_000 + 3 - 280) / 5, dst_short: (303 - 280) / 5, dst_hook: 599 })
})

test('how many stand before one in its own line says when its turn comes among all lines of the bot', () => {
  const many = Array.from({ length: 100 }, (_, place) => load(`dst_${place}`, 30))
  const at = (turns: number) => ((sharedPaceOf(many, budgets).get('int_1')?.(turns) ?? 0) - NOW) / 1_000

  expect([at(1), at(10), at(30), at(40)]).toEqual([0, (1_000 - 280) / 5, (3_000 - 280) / 5, (3_000 - 280) / 5])
})

test('while Slack asked a method to wait, none of its lines empties before', () => {
  const waiting = new Map([['int_1', { rates: providers.slack.rates, startsAt: NOW + 60_000 }]])

  expect(secondsOf([load('dst_1', 2), load('dst_hook', 2, { isWebhook: true })], waiting)).toEqual({
    dst_1: 60,
    dst_hook: 1,
  })
})

test('what is in line is counted by state without reading it: a stopped lane holds all but tests and what is moving', () => {
  const line = (destinationId: string, rank: number, count: number, stoppedCode: string | null = null): Line => ({
    ...{ destinationId, rank, count, stoppedCode, integrationId: 'int_1', stoppedAt: null },
    ...{ firstAt: NOW, lastAt: NOW, nextAt: NOW },
  })

  const standing = standingOf(
    [line('dst_1', 0, 5), line('dst_1', 1, 7), line('dst_2', -1, 1, 'is_archived'), line('dst_2', 2, 9, 'is_archived')],
    [
      { destinationId: 'dst_1', rank: 1, state: 'retrying', count: 1 },
      { destinationId: 'dst_2', rank: 2, state: 'unconfirmed', count: 1 },
      { destinationId: 'dst_2', rank: 2, state: 'retrying', count: 1 },
    ],
    4,
  )

  expect(standing.map(({ state, priority, count }) => `${count} ${priority} ${state}`).sort()).toEqual([
    '1 low unconfirmed',
    '1 normal retrying',
    '4 any held',
    '6 normal pending',
    '6 urgent pending',
    '8 low held',
  ])
})
