import { expect, test } from 'vitest'
import { deliveryStateLooks } from '../../../client/deliveries/delivery-states.ts'
import { answerText, requestText } from '../../../client/deliveries/exchange.ts'
import { shownTimes } from '../../../client/deliveries/timeline-times.ts'
import { cancellableStates, endedStates, replayableStates } from '../../../server/deliveries/states.ts'
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

test.each(deliveryStates)('the console offers for %s what the server allows', (state) => {
  const { can, moves } = deliveryStateLooks[state]

  expect(can === 'replay').toBe(replayableStates.some((known) => known === state))
  expect(can === 'cancel').toBe(cancellableStates.some((known) => known === state))
  if (moves) expect(endedStates).not.toContain(state)
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
