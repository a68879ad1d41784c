import { createHmac, timingSafeEqual } from 'node:crypto'
import type { RefusalReason } from '../../shared/commands.ts'

/** The two headers that Slack signs with, and the body exactly as it came. */
export type SignedRequest = { signature: string | undefined; timestamp: string | undefined; body: Uint8Array }

export type Verdict =
  | { ok: true; skewMs: number }
  | {
      ok: false
      reason: Extract<RefusalReason, 'unsigned' | 'bad_signature' | 'stale' | 'future'>
      /** How far the request's timestamp lies ahead of our clock; absent when there is no timestamp. */
      skewMs?: number
    }

/**
 * Slack's v0 scheme, over the raw bytes. A timestamp more than five minutes off is refused in both directions: Slack's
 * own framework takes requests from the future.
 */
export function verifySignature(secret: string, request: SignedRequest, nowMs: number): Verdict {
  const { signature, timestamp, body } = request
  if (!signature || !timestamp) return { ok: false, reason: 'unsigned' }
  if (!TIMESTAMP.test(timestamp)) return { ok: false, reason: 'bad_signature' }
  const skewMs = Number(timestamp) * 1_000 - nowMs
  const skewSeconds = Number(timestamp) - Math.floor(nowMs / 1_000)
  if (skewSeconds < -WINDOW_SECONDS) return { ok: false, reason: 'stale', skewMs }
  if (skewSeconds > WINDOW_SECONDS) return { ok: false, reason: 'future', skewMs }
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest()
  const given = SIGNATURE.test(signature) ? Buffer.from(signature.slice(3), 'hex') : undefined
  if (!given || !timingSafeEqual(expected, given)) return { ok: false, reason: 'bad_signature', skewMs }
  return { ok: true, skewMs }
}

/**
 * Slack's own question whether the address answers, which may come unsigned. Looked for in the bytes and taken only when
 * it says exactly 1, so that nothing else in such a body is ever read.
 */
export function isSslCheck(body: Buffer): boolean {
  return body.includes('ssl_check=1') && /(?:^|&)ssl_check=1(?:&|$)/.test(body.toString('latin1'))
}

const WINDOW_SECONDS = 300
const TIMESTAMP = /^\d{1,12}$/
const SIGNATURE = /^v0=[0-9a-f]{64}$/
