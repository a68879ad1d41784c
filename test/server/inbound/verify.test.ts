import { describe, expect, test } from 'vitest'
import { isSslCheck, verifySignature } from '../../../server/inbound/verify.ts'
import { signed } from '../../support/signed.ts'

// From Slack's page on verifying requests; its secret is no hexadecimal number.
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5'
const SECONDS = 1_531_420_618
const BODY =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
  '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
  '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
const SIGNATURE = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503'

const verify = (change: { signature?: string; timestamp?: string; body?: Uint8Array; at?: number; secret?: string }) =>
  verifySignature(
    change.secret ?? SECRET,
    {
      signature: 'signature' in change ? change.signature : SIGNATURE,
      timestamp: 'timestamp' in change ? change.timestamp : String(SECONDS),
      body: change.body ?? Buffer.from(BODY),
    },
    change.at ?? SECONDS * 1_000,
  )

describe('a signature', () => {
  test('fits as in Slack’s own example', () => {
    expect(verify({})).toEqual({ ok: true, skewMs: 0 })
  })

  test('fits a JSON body too', () => {
    const body = Buffer.from('{"token":"x","challenge":"c3r","type":"url_verification"}')
    const signature = 'v0=338ab3a9671f8a4b3dcc31e672686050d79659674cd211c09af273a38085b4eb'

    expect(verify({ body, signature })).toMatchObject({ ok: true })
  })

  test('covers bytes that are no text', () => {
    const body = Uint8Array.from([0, 255, 254, 128, 10])
    const headers = signed(SECRET, body, SECONDS)

    expect(verify({ body, signature: headers['x-slack-signature'] ?? '' })).toMatchObject({ ok: true })
  })

  test.each([
    ['another secret', { secret: '8f742231b10e8888abcd99yyyzzz85a6' }],
    ['one byte more in the body', { body: Buffer.from(`${BODY}&`) }],
    ['another timestamp', { timestamp: String(SECONDS + 1) }],
    ['another version', { signature: SIGNATURE.replace('v0', 'v1') }],
    ['capital letters', { signature: SIGNATURE.toUpperCase().replace('V0', 'v0') }],
    ['a shorter one', { signature: SIGNATURE.slice(0, -2) }],
    ['a longer one', { signature: `${SIGNATURE}00` }],
    ['something after it', { signature: `${SIGNATURE}\n` }],
    ['only the version', { signature: 'v0=' }],
    ['no hexadecimal digits', { signature: `v0=${'é'.repeat(64)}` }],
    ['a timestamp that is no whole number', { timestamp: `${SECONDS}.0` }],
    ['a negative timestamp', { timestamp: `-${SECONDS}` }],
    ['a timestamp in hexadecimal', { timestamp: '0x5b47a38a' }],
    ['a timestamp with a space', { timestamp: ` ${SECONDS}` }],
  ])('does not fit %s', (_, change) => {
    expect(verify(change)).toMatchObject({ ok: false, reason: 'bad_signature' })
  })

  test.each([
    ['both headers', { signature: undefined, timestamp: undefined }],
    ['the signature', { signature: undefined }],
    ['the timestamp', { timestamp: undefined }],
    ['a signature that is not empty', { signature: '' }],
  ])('is missing without %s', (_, change) => {
    expect(verify(change as { signature?: string })).toEqual({ ok: false, reason: 'unsigned' })
  })
})

describe('the timestamp', () => {
  test.each([
    ['300 seconds old', 300_000],
    ['300 seconds and a fraction old', 300_999],
    ['300 seconds ahead', -300_000],
  ])('passes when %s', (_, ageMs) => {
    expect(verify({ at: SECONDS * 1_000 + ageMs })).toEqual({ ok: true, skewMs: -ageMs })
  })

  test('is refused when older, and says by how much', () => {
    expect(verify({ at: (SECONDS + 301) * 1_000 })).toEqual({ ok: false, reason: 'stale', skewMs: -301_000 })
  })

  test('is refused when further ahead, and says by how much', () => {
    expect(verify({ at: (SECONDS - 301) * 1_000 })).toEqual({ ok: false, reason: 'future', skewMs: 301_000 })
  })

  test('is refused when it is given in milliseconds', () => {
    expect(verify({ timestamp: `${SECONDS}000` })).toMatchObject({ ok: false })
  })
})

describe('Slack’s question whether the address answers', () => {
  test.each(['ssl_check=1', 'token=x&ssl_check=1', 'ssl_check=1&token=x'])('is %s', (body) => {
    expect(isSslCheck(Buffer.from(body))).toBe(true)
  })

  test.each(['ssl_check=0', 'ssl_check=', 'ssl_check=12', 'ssl_check=1%20', 'xssl_check=1', 'text=ssl_check%3D1', ''])(
    'is not %s',
    (body) => {
      expect(isSslCheck(Buffer.from(body))).toBe(false)
    },
  )
})
