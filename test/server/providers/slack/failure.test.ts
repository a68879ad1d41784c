import { describe, expect, test } from 'vitest'
import { failureOf, networkFailure, slackFailure, webhookFailure } from '../../../../server/providers/slack/failure.ts'
import { slackCodes } from '../../../../shared/slack-codes.ts'

describe('the table decides', () => {
  test.each(slackCodes)('$code, which is tried again: $retry', ({ code, retry, stops }) => {
    const kinds = { after_wait: 'rate_limited', backoff: 'transient', look_first: 'ambiguous' } as const

    const failure = failureOf(code)

    if (retry === 'hours_later') expect(failure).toEqual({ kind: 'transient', code, waitMs: 3_600_000 })
    else if (retry === 'never') {
      expect(failure).toEqual({ kind: 'permanent', code, stops: stops === 'nothing' ? 'message' : stops })
    } else expect(failure).toMatchObject({ kind: kinds[retry], code })
  })
})

test('a wait is never shorter than a second, so nobody hammers', () => {
  expect(failureOf('ratelimited', { waitMs: 0 })).toEqual({ kind: 'rate_limited', code: 'ratelimited', waitMs: 1000 })
})

test('a mistake of ours is not taken for one of Slack’s', () => {
  const mistake = new RangeError('ours')

  expect(() => slackFailure(mistake)).toThrow(mistake)
  expect(() => networkFailure(mistake)).toThrow(mistake)
})

test.each([
  ['ok', 200],
  ['ok\n', 200],
  ['{"ok":true}', 200],
  ['{"success":true}', 202],
])('a webhook that says %j with %i has posted', (body, httpStatus) => {
  expect(webhookFailure(httpStatus, body, 0)).toBeUndefined()
})

test.each([
  ['invalid_token', 403, 'invalid_token'],
  ['No service', 404, 'no_service'],
  ['no_team', 200, 'no_team'],
  ['', 404, 'http_404'],
  ['<html>blocked by policy</html>', 403, 'http_403'],
  ['<html>welcome</html>', 200, 'not_json'],
  ['', 200, 'not_json'],
  ['{"ok":false,"error":"channel_not_found"}', 404, 'channel_not_found'],
])('a webhook that says %j with %i means %s', (body, httpStatus, code) => {
  expect(webhookFailure(httpStatus, body, 0)).toMatchObject({ code })
})

test.each([
  ['a NUL', 'Blocked\0by proxy'],
  ['half a character', `${'x'.repeat(499)}\u{1f600} and more`],
])('the detail holds nothing that PostgreSQL keeps in no text: %s', (_, body) => {
  const failure = webhookFailure(403, body, 0)

  const { detail = '' } = failure?.kind === 'permanent' ? failure : {}
  expect(detail).toContain('\ufffd')
  expect([detail.includes('\0'), detail.isWellFormed()]).toEqual([false, true])
})

test.each([
  [
    '{"ok":false,"error":"invalid_blocks","errors":["must be a string [json-pointer:/blocks/1/text]"]}',
    '/blocks/1/text',
  ],
  [
    '{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] at [json-pointer:/blocks/0]"]}}',
    '0',
  ],
])('a webhook that names the block at fault has it in the detail: %s', (body, pointer) => {
  expect(webhookFailure(400, body, 0)).toMatchObject({
    kind: 'permanent',
    code: 'invalid_blocks',
    detail: expect.stringContaining(pointer),
  })
})
