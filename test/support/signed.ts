import { createHmac } from 'node:crypto'

/** The headers Slack puts on a request to us: its v0 scheme, over the body exactly as it is sent. */
export function signed(secret: string, body: string | Uint8Array, timestampSeconds: number): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`v0:${timestampSeconds}:`).update(body).digest('hex')
  return { 'x-slack-request-timestamp': String(timestampSeconds), 'x-slack-signature': `v0=${signature}` }
}
