import { expect, test } from 'vitest'
import type { Related } from '../../../server/deliveries/related-store.ts'
import type { SavedAttempt, SavedDelivery } from '../../../server/deliveries/store.ts'
import { timeline } from '../../../server/deliveries/timeline.ts'
import { deliveryRow, NOW } from '../../support/factories.ts'

type Told = Omit<SavedDelivery, 'message'>

const delivery = (change: Partial<Told>): Told => deliveryRow({ id: 'dlv_1', createdBy: 'Ada', ...change })

const attempt = (change: Partial<SavedAttempt>) => ({
  number: 1,
  method: 'chat.postMessage',
  startedAt: NOW,
  endedAt: NOW,
  tookMs: 143.4,
  outcome: 'sent' as const,
  code: null,
  retryAfterMs: null,
  ...change,
})

const beside = { appId: undefined, related: [] }
const titles = (of: Told, attempts: Parameters<typeof timeline>[1] = []) =>
  timeline(of, attempts, beside).map(({ title }) => title)

test('waits, asked-for and otherwise, stand between the attempts', () => {
  const told = titles(delivery({ state: 'delivered', tries: 2, endedAt: NOW + 95_000 }), [
    attempt({
      number: null,
      outcome: 'rate_limited',
      code: 'ratelimited',
      retryAfterMs: 30_000,
      startedAt: NOW + 900,
    }),
    attempt({ outcome: 'transient', code: 'http_503', startedAt: NOW + 31_000, endedAt: NOW + 31_000 }),
    attempt({ number: 2, startedAt: NOW + 95_000 }),
  ])

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

  const entries = timeline(delivery({ state: 'failed', code: 'missing_scope', tries: 1 }), [refused], {
    appId: 'A0123456789',
    related: [],
  })

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
  ['unconfirmed', { state: 'unconfirmed', rank: null, code: 'timeout', mark: 'maybe_sent' }, 'Marked "maybe sent"'],
  ['waiting for its next try', { state: 'retrying', code: 'http_503', dueAt: NOW + 5 }, 'Next try'],
  ['of unknown outcome', { state: 'unconfirmed', code: 'timeout', unsureSince: NOW }, 'Will be looked for in Slack'],
  ['folded', { state: 'pending', rank: null, foldedInto: 'dlv_9', code: 'folded' }, 'Folded into a summary'],
  ['a repeat', { state: 'suppressed', rank: null, duplicateOf: 'dlv_0' }, 'Suppressed as a repeat'],
  ['replaced', { state: 'suppressed', rank: null, code: 'superseded', updateKey: 'k' }, 'Replaced by a later update'],
  ['given up', { state: 'failed', code: 'http_503', tries: 8 }, 'Given up after 8 attempts'],
])('one that is %s says so last', (_, change, title) => {
  expect(timeline(delivery(change), [], beside).at(-1)?.title).toBe(title)
})

test('a lost worker is told as what it is, not as something Slack said', () => {
  const entries = timeline(
    delivery({ state: 'unconfirmed', rank: null, code: 'worker_lost', unsureSince: NOW, mark: 'maybe_sent' }),
    [],
    beside,
  )

  expect(entries.map(({ title }) => title)).toContain('The server stopped while sending')
  expect(JSON.stringify(entries)).not.toContain('Slack answered')
})

test('a replay names what it repeats', () => {
  expect(titles(delivery({ replayOf: 'dlv_0' }))).toEqual(['Replay of dlv_0 accepted'])
})

test('looks are told for what they are, and what was settled at the beginning stands there', () => {
  const told = timeline(
    delivery({
      type: 'key.leaked',
      policy: 'at_most_once',
      maxAttempts: 5,
      queueAt: NOW + 60_000,
      state: 'delivered',
      endedAt: NOW + 90_000,
      unsureSince: NOW + 61_000,
    }),
    [
      attempt({ outcome: 'ambiguous', code: 'timeout', startedAt: NOW + 61_000, endedAt: NOW + 71_000 }),
      attempt({
        number: null,
        method: 'conversations.history',
        outcome: 'not_found',
        startedAt: NOW + 74_000,
        endedAt: NOW + 74_100,
      }),
      attempt({ number: 2, startedAt: NOW + 74_200 }),
    ],
    beside,
  )

  expect(told.map(({ title }) => title)).toEqual([
    'Message accepted',
    'Settings of key.leaked apply',
    'Not to be sent for 1 min',
    'Waited 1 s',
    'Attempt 1 got no clear answer in 143 ms',
    'Waited 3 s',
    'Looked for it: it is not in Slack',
    'Attempt 2 delivered',
    'Delivered',
  ])
  expect(told[1]?.note).toContain('Never sent twice')
  expect(told[1]?.note).toContain('At most 5 attempts')
})

test('a replay, and a change by a later message, are told on the old one', () => {
  const related = (why: Related['why']) => ({ id: `dlv_${why}`, why, createdAt: NOW + 5, state: 'pending' as const })

  const told = timeline(delivery({ state: 'failed', rank: null, tries: 1 }), [], {
    appId: undefined,
    related: [related('replay'), related('changed_by'), related('same_event')],
  })

  expect(told.slice(-2).map(({ title }) => title)).toEqual(['Replayed', 'Changed by a later message'])
})
