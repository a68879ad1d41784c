import { hex } from './ids.ts'
import type { Sandbox } from './sandbox.ts'

/** A method's refusal: HTTP 200 with `ok: false`, as Slack answers nearly everything. */
export class PlatformError extends Error {
  readonly code: string
  readonly extra: Record<string, unknown>

  constructor(code: string, extra: Record<string, unknown> = {}) {
    super(code)
    this.code = code
    this.extra = extra
  }
}

/** `invalid_arguments` with the human sentence where Slack puts it. */
export function invalidArguments(sentence: string): PlatformError {
  return new PlatformError('invalid_arguments', { response_metadata: { messages: [`[ERROR] ${sentence}`] } })
}

/** A Web API answer with Slack's headers and its escaped slashes. */
export function slackAnswer(
  sandbox: Sandbox,
  body: Record<string, unknown>,
  options: { status?: number; headers?: Record<string, string> } = {},
): Response {
  // Slack escapes slashes; a reader that compares strings instead of parsing must stumble here, not in production.
  const text = JSON.stringify(body).replaceAll('/', '\\/')
  return new Response(text, {
    status: options.status ?? 200,
    headers: { 'content-type': 'application/json; charset=utf-8', ...slackHeaders(sandbox), ...options.headers },
  })
}

/** The headers Slack puts on every answer; Date follows the sandbox's clock and its skew. */
export function slackHeaders(sandbox: Sandbox): Record<string, string> {
  const requestId = hex(32)
  return {
    date: dateText(Math.floor(sandbox.now() / 1000) + sandbox.dateSkewSeconds),
    'x-slack-req-id': requestId,
    'x-slack-unique-id': requestId.slice(0, 27),
    'x-slack-backend': 'r',
    'cache-control': 'private, no-cache, no-store, must-revalidate',
    'access-control-expose-headers': 'x-slack-req-id, retry-after',
  }
}

/** Hundreds of answers share a second, and its text costs more than any other header. */
function dateText(second: number): string {
  if (second !== lastDate.second) lastDate = { second, text: new Date(second * 1000).toUTCString() }
  return lastDate.text
}

let lastDate = { second: Number.NaN, text: '' }

export function retryAfter(sandbox: Sandbox, seconds: number): Record<string, string> {
  return sandbox.retryAfterHeader ? { 'retry-after': String(seconds) } : {}
}
