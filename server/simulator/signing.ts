import { createHmac } from 'node:crypto'

/** Slack's v0 signature over the timestamp and the raw body. The secret is used as text, not decoded. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
}

export const SIGN_WITH = ['wrong-secret', 'stale', 'future', 'altered', 'unsigned', 'replay'] as const

/** Ways to send what an app must refuse. `replay` is the outbox's affair: it sends an old request again. */
export type SignWith = (typeof SIGN_WITH)[number]

export type Signed = { body: string; headers: Record<string, string> }

const CONTENT = {
  'content-type': 'application/x-www-form-urlencoded',
  'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
}
/** Slack's own window is 300 seconds to either side. */
const OUTSIDE_WINDOW_SECONDS = 600

export function signed(secret: string, nowMs: number, body: string, signWith?: SignWith): Signed {
  const now = Math.floor(nowMs / 1000)
  const at = (seconds: number) => String(now + seconds)
  switch (signWith) {
    case 'unsigned':
      return { body, headers: CONTENT }
    case 'wrong-secret':
      return withSignature(`${secret}0`, at(0), body)
    case 'stale':
      return withSignature(secret, at(-OUTSIDE_WINDOW_SECONDS), body)
    case 'future':
      return withSignature(secret, at(OUTSIDE_WINDOW_SECONDS), body)
    case 'altered':
      return { ...withSignature(secret, at(0), body), body: `${body}&altered=1` }
    case 'replay':
    case undefined:
      return withSignature(secret, at(0), body)
  }
}

function withSignature(secret: string, timestamp: string, body: string): Signed {
  const signature = signatureOf(secret, timestamp, body)
  return { body, headers: { ...CONTENT, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature } }
}
