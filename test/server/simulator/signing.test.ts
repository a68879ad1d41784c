import { expect, test } from 'vitest'
import { type SignWith, signatureOf, signed } from '../../../server/simulator/signing.ts'

/** Slack's published example, and one more for a JSON body. */
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5'
const TIMESTAMP = '1531420618'
const COMMAND =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
  '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=' +
  '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN' +
  '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'

test.each([
  [COMMAND, 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503'],
  [
    '{"token":"x","challenge":"c3r","type":"url_verification"}',
    'v0=338ab3a9671f8a4b3dcc31e672686050d79659674cd211c09af273a38085b4eb',
  ],
])('the signature is Slack’s, vector %#', (body, signature) => {
  expect(signatureOf(SECRET, TIMESTAMP, body)).toBe(signature)
})

test('a good request verifies over exactly the bytes that are sent', () => {
  const { body, headers } = signed('secret', 1_531_420_618_999, 'text=hello')

  expect(headers['x-slack-request-timestamp']).toBe(TIMESTAMP)
  expect(headers['x-slack-signature']).toBe(signatureOf('secret', TIMESTAMP, body))
})

test.each<[SignWith, (headers: Record<string, string>, body: string) => unknown, unknown]>([
  ['stale', (headers) => headers['x-slack-request-timestamp'], String(1_531_420_618 - 600)],
  ['future', (headers) => headers['x-slack-request-timestamp'], String(1_531_420_618 + 600)],
  ['unsigned', (headers) => headers['x-slack-signature'], undefined],
  ['altered', (headers, body) => headers['x-slack-signature'] === signatureOf('secret', TIMESTAMP, body), false],
  ['wrong-secret', (headers, body) => headers['x-slack-signature'] === signatureOf('secret', TIMESTAMP, body), false],
])('%s is wrong in just that way', (signWith, look, expected) => {
  const { body, headers } = signed('secret', 1_531_420_618_000, 'text=hello', signWith)

  expect(look(headers, body)).toBe(expected)
})
