import { expect, test } from 'vitest'
import type { SavedAttempt, SavedDelivery } from '../../../server/deliveries/store.ts'
import { timeline } from '../../../server/deliveries/timeline.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
type Told = Omit<SavedDelivery, 'message'>

const delivery = (change: Partial<Told>): Told => ({
  id: 'dlv_1',
  eventId: null,
  integrationId: 'int_1',
  integrationName: 'Acme',
  destinationId: 'dst_1',
  destinationKind: 'channel',
  destinationName: '#compliance',
  origin: 'message',
  title: 'Hello',
  priority: 'normal',
  state: 'pending',
  stateAt: NOW,
  tries: 0,
  dueAt: NOW,
  claimedBy: null,
  leaseEndsAt: null,
  createdAt: NOW,
  createdBy: 'Ada',
  endedAt: null,
  deliveredAt: null,
  messageTs: null,
  conversationId: null,
  permalink: null,
  code: null,
  mark: null,
  replayOf: null,
  ...change,
})

const attempt = (change: Partial<SavedAttempt>) => ({
  number: 1,
  startedAt: NOW,
  endedAt: NOW,
  tookMs: 143.4,
  outcome: 'sent' as const,
  code: null,
  retryAfterMs: null,
  ...change,
})

const titles = (...given: Parameters<typeof timeline>) => timeline(...given).map(({ title }) => title)

test('waits, asked-for and otherwise, stand between the attempts', () => {
  const told = titles(
    delivery({ state: 'delivered', tries: 2, endedAt: NOW + 95_000 }),
    [
      attempt({
        number: null,
        outcome: 'rate_limited',
        code: 'ratelimited',
        retryAfterMs: 30_000,
        startedAt: NOW + 900,
      }),
      attempt({ outcome: 'transient', code: 'http_503', startedAt: NOW + 31_000, endedAt: NOW + 31_000 }),
      attempt({ number: 2, startedAt: NOW + 95_000 }),
    ],
    undefined,
  )

  expect(told).toEqual([
    'Message accepted',
    'Waited 900 ms',
    'Slack asked to wait 30 s',
    'Waited 31 s',
    'Attempt 1 failed after 143 ms',
    'Waited 1.1 min',
    'Attempt 2 delivered',
    'Delivered',
  ])
})

test('a refusal carries its meaning, its fix and the page of the app where it is done', () => {
  const refused = attempt({ outcome: 'permanent', code: 'missing_scope' })

  const entries = timeline(delivery({ state: 'failed', code: 'missing_scope', tries: 1 }), [refused], 'A0123456789')

  expect(entries[1]).toMatchObject({
    tone: 'bad',
    code: 'missing_scope',
    note: expect.any(String),
    fix: expect.any(String),
    link: { url: expect.stringContaining('https://api.slack.com/apps/A0123456789/') },
  })
})

test.each<[string, Partial<Told>, string]>([
  ['held', { state: 'held', code: 'integration_paused' }, 'Held'],
  ['cancelled', { state: 'cancelled', code: 'cancelled_by_request' }, 'Cancelled'],
  ['unconfirmed', { state: 'unconfirmed', code: 'timeout', mark: 'maybe_sent' }, 'Marked "maybe sent"'],
  ['waiting for its next try', { state: 'retrying', code: 'http_503', dueAt: NOW + 5 }, 'Next try'],
  ['given up', { state: 'failed', code: 'http_503', tries: 8 }, 'Given up after 8 attempts'],
])('one that is %s says so last', (_, change, title) => {
  expect(timeline(delivery(change), [], undefined).at(-1)?.title).toBe(title)
})

test('a lost worker is told as what it is, not as something Slack said', () => {
  const entries = timeline(delivery({ state: 'unconfirmed', code: 'worker_lost', mark: 'maybe_sent' }), [], undefined)

  expect(entries.map(({ title }) => title)).toContain('The server stopped while sending')
  expect(JSON.stringify(entries)).not.toContain('Slack answered')
})

test('a replay names what it repeats', () => {
  expect(titles(delivery({ replayOf: 'dlv_0' }), [], undefined)).toEqual(['Replay of dlv_0 accepted'])
})
