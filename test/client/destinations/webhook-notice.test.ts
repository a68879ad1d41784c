import { expect, test } from 'vitest'
import { webhookNotice } from '../../../client/destinations/webhook-notice.ts'

test('a webhook of Slack, and one of a simulator on this machine, look right', () => {
  expect(webhookNotice('https://hooks.slack.com/services/T012ABC/B034CDE/AbCdEfGhIjKlMnOpQrStUvWx')).toBeUndefined()
  expect(webhookNotice('http://127.0.0.1:4600/services/T012ABC/B034CDE/AbCdEfGhIjKlMnOpQrStUvWx')).toBeUndefined()
  expect(webhookNotice('')).toBeUndefined()
})

test.each([
  ['xoxb-1234567890-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx', /bot token/],
  ['https://hooks.slack.com.evil.example/services/T0/B0/x', /not one that Slack serves webhooks from/],
  ['http://hooks.slack.com/services/T0/B0/x', /begins with https/],
])('%s is named for what it is', (typed, message) => {
  expect(webhookNotice(typed)).toMatchObject({ level: 'error', message: expect.stringMatching(message) })
})
