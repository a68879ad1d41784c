import { expect, test } from 'vitest'
import { isMoving } from '../../../client/deliveries/delivery-states.ts'
import { answerText, requestText } from '../../../client/deliveries/exchange.ts'
import { placeInLine } from '../../../client/deliveries/place-in-line.ts'
import { splitIds } from '../../../client/deliveries/split-ids.ts'
import { shownTimes } from '../../../client/deliveries/timeline-times.ts'
import { helpingAct } from '../../../client/deliveries/what-helps.ts'
import { endedStates } from '../../../server/deliveries/states.ts'
import { type Attempt, deliveryStates } from '../../../shared/deliveries.ts'

const attempt: Attempt = {
  method: 'chat.postMessage',
  startedAt: '2026-11-24T10:00:00.000Z',
  tookMs: 143,
  outcome: 'permanent',
  httpStatus: 200,
  requestId: '7c1e94b02f',
  request: { channel: 'C1' },
  response: { ok: false },
}

test.each(deliveryStates)(
  'a page about one that is %s asks again only while something may still happen to it',
  (state) => {
    const hasEnded = endedStates.some((known) => known === state)

    expect(isMoving({ state, canReplay: hasEnded })).toBe(!hasEnded)
  },
)

test('an unconfirmed one is followed while it is looked for, and no longer once a person has to decide', () => {
  expect(isMoving({ state: 'unconfirmed', canReplay: false })).toBe(true)
  expect(isMoving({ state: 'unconfirmed', canReplay: true })).toBe(false)
})

const waiting = { state: 'pending', createdAt: '2026-11-24T12:04:00.000Z' } as const

test.each([
  [{ ahead: 3, expectedAt: '2026-11-24T12:04:10.400Z' }, '3 before it, goes out about 12:04:10'],
  [{ ahead: 0, expectedAt: '2026-11-24T12:04:01.000Z' }, 'Next in line, goes out about 12:04:01'],
  [{ ahead: 12_000, expectedAt: '2026-11-25T03:24:00.000Z' }, '12,000 before it, goes out about 25 Nov 2026, 03:24:00'],
  [{ expectedAt: '2026-11-24T12:04:10.000Z' }, 'Goes out about 12:04:10'],
  [{ ahead: 1 }, '1 before it'],
  [{}, 'Waits in line'],
])('its place in line %o reads as %s', (place, words) => {
  expect(placeInLine({ ...waiting, ...place }, 'UTC')).toBe(words)
})

test.each([
  ['failed', 'is_archived', 'elsewhere'],
  ['held', 'is_archived', 'elsewhere'],
  ['held', 'destination_paused', undefined],
  ['held', 'token_revoked', undefined],
  ['failed', 'fatal_error', 'replay'],
  ['failed', 'invalid_blocks', undefined],
  ['failed', undefined, undefined],
  ['cancelled', 'cancelled_by_request', 'replay'],
  ['unconfirmed', 'timeout', undefined],
  ['suppressed', undefined, undefined],
] as const)('after %s with %s the button that stands out is %s', (state, code, act) => {
  expect(helpingAct({ state, code })).toBe(act)
})

test('a time shows what changed since the one before it', () => {
  const times = [
    '2026-11-24T23:59:59.120Z',
    '2026-11-24T23:59:59.121Z',
    '2026-11-25T00:00:00.000Z',
    '2026-11-25T00:00:01.500Z',
  ]

  expect(shownTimes(times, 'UTC')).toEqual([
    { same: '', fresh: '23:59:59.120' },
    { same: '23:59:59', fresh: '.121' },
    { same: '', fresh: '25 Nov 00:00:00.000' },
    { same: '', fresh: '00:00:01.500' },
  ])
})

test('ids in a sentence lead to what they name', () => {
  expect(splitIds('By dlv_1a, of evt_2, now held')).toEqual([
    { at: 0, text: 'By ' },
    { at: 3, text: 'dlv_1a', to: '/deliveries/dlv_1a' },
    { at: 9, text: ', of ' },
    { at: 14, text: 'evt_2', to: '/events/evt_2' },
    { at: 19, text: ', now held' },
  ])
  expect(splitIds('Event accepted')).toEqual([{ at: 0, text: 'Event accepted' }])
})

test('a request is told with its method and body, an answer with its status and Slack’s request id', () => {
  expect(requestText(attempt)).toBe('POST /api/chat.postMessage\n\n{\n  "channel": "C1"\n}')
  expect(answerText(attempt)).toBe('HTTP 200\nx-slack-req-id: 7c1e94b02f\n\n{\n  "ok": false\n}')
})

test('a webhook is told with its address, and no answer is called that', () => {
  const request = { url: 'https://hooks.slack.com/services/T1/B1/[removed]', body: { text: 'Hello' } }
  const { httpStatus: _, requestId: __, ...unanswered } = attempt

  expect(requestText({ ...attempt, method: 'webhook', request })).toMatch(/^POST https:\/\/hooks\S+\[removed\]\n/)
  expect(answerText({ ...unanswered, response: null })).toBe('No answer')
  expect(answerText({ ...attempt, retryAfterMs: 3_000, response: '<html>' })).toContain('retry-after: 3\n\n<html>')
})
