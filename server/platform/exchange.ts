import type { AppContext } from '../context.ts'
import { redactSecrets, redactText } from '../lib/redact.ts'
import type { SavedAttempt } from './calls-store.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { signedHeaders } from './secrets.ts'
import type { SavedEndpoint } from './store.ts'

export type Attempt = { startedAt: number; tookMs: number; outcome: Outcome }

/** The body of every call, as Standard Webhooks has it. */
export const bodyOf = (kind: string, at: number, data: unknown): string =>
  JSON.stringify({ type: kind, timestamp: new Date(at).toISOString(), data })

/** One signed request to an endpoint. Never throws for what the platform does. */
export async function attemptCall(
  ctx: AppContext,
  endpoint: SavedEndpoint,
  call: { id: string; body: string; deadlineMs: number },
): Promise<Attempt> {
  const startedAt = ctx.now()
  const headers = await signedHeaders(ctx, endpoint, { ...call, at: startedAt })
  if (!headers) return { startedAt, tookMs: 0, outcome: { kind: 'failed', code: 'secret_unreadable' } }
  const begun = performance.now()
  const answer = await ctx.platform.ask(endpoint.url, { headers, body: call.body, deadlineMs: call.deadlineMs })
  return { startedAt, tookMs: Math.round(performance.now() - begun), outcome: outcomeOf(answer) }
}

/** The row of an attempt. */
export function attemptRow(callId: string, number: number, { startedAt, tookMs, outcome }: Attempt): SavedAttempt {
  const isTaken = outcome.kind === 'taken'
  return {
    callId,
    number,
    startedAt,
    tookMs,
    httpStatus: (isTaken ? outcome.status : outcome.httpStatus) ?? null,
    code: isTaken ? null : outcome.code,
    answer: isTaken ? beginningOf(outcome.text) : null,
  }
}

/** How a body began, without secrets: what the log keeps. A NUL is shown as �, since PostgreSQL takes none in a text. */
export function beginningOf(text: string): string {
  const clean = cleaned(text)
  return clean.length > MOST_KEPT ? `${clean.slice(0, MOST_KEPT).toWellFormed()}…` : clean
}

function cleaned(text: string): string {
  try {
    return JSON.stringify(redactSecrets(JSON.parse(text)))
  } catch {
    return redactText(text).replaceAll('\0', '\ufffd')
  }
}

const MOST_KEPT = 2_000
