import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import { retryAfter, slackHeaders } from './envelope.ts'
import type { Fault } from './faults.ts'
import type { Sandbox } from './sandbox.ts'

export type SlackContext = Context<{ Bindings: HttpBindings }>

export type Doors = {
  /** Does the work and answers: what would have happened without the fault. */
  run: () => Promise<Response>
  rateLimited: (seconds: number, headers: Record<string, string>) => Response
  refused: (code: string) => Response
}

const DEFAULT_WAIT_SECONDS = 1
const DEFAULT_DELAY_MS = 5_000
const HTML_503 = '<!DOCTYPE html><html><head><title>Server Error | Slack</title></head><body>Server Error</body></html>'

/** Answers one request as the fault says. */
export async function strike(sandbox: Sandbox, c: SlackContext, fault: Fault, doors: Doors): Promise<Response> {
  const headers = slackHeaders(sandbox)
  switch (fault.kind) {
    case 'rate_limited':
      return doors.rateLimited(seconds(fault), retryAfter(sandbox, seconds(fault)))
    case 'rate_limited_without_header':
      return doors.rateLimited(seconds(fault), {})
    case 'http_500':
      return new Response(fault.body ?? 'Internal Server Error', { status: fault.status ?? 500, headers })
    case 'http_503_html':
      return html(fault, headers)
    case 'redirect':
      return new Response(null, { status: 302, headers: { ...headers, location: `${sandbox.url}/moved` } })
    case 'slow':
      return (await stillWaiting(sandbox, c, fault.delayMs ?? DEFAULT_DELAY_MS)) ? doors.run() : drop(c)
    case 'never_answers':
      await stillWaiting(sandbox, c, undefined)
      return drop(c)
    case 'reset':
      return drop(c)
    case 'error':
      return doors.refused(fault.code ?? 'internal_error')
    case 'webhook_error':
      return plainError(fault, headers)
    case 'truncated_json': {
      const answer = await doors.run()
      const whole = await answer.text()
      return new Response(whole.slice(0, Math.ceil(whole.length / 2)), { status: 200, headers: answer.headers })
    }
    case 'lost_answer':
      await doors.run()
      return drop(c)
    case 'http_500_after_commit':
      await doors.run()
      return new Response('Internal Server Error', { status: 500, headers })
  }
}

function seconds(fault: Fault): number {
  return fault.retryAfterSeconds ?? DEFAULT_WAIT_SECONDS
}

function html(fault: Fault, headers: Record<string, string>): Response {
  const type = { 'content-type': 'text/html; charset=utf-8' }
  return new Response(fault.body ?? HTML_503, { status: fault.status ?? 503, headers: { ...headers, ...type } })
}

function plainError(fault: Fault, headers: Record<string, string>): Response {
  const body = fault.body ?? fault.code ?? 'rollup_error'
  return new Response(body, { status: fault.status ?? 500, headers: { ...headers, 'content-type': 'text/html' } })
}

/** True once the time is over; false when the caller hung up or the simulator stops first. */
async function stillWaiting(sandbox: Sandbox, c: SlackContext, delayMs: number | undefined): Promise<boolean> {
  const gone = new AbortController()
  c.env.incoming.socket.once('close', () => gone.abort())
  const signal = AbortSignal.any([gone.signal, sandbox.stopping])
  const longest = 2 ** 31 - 1
  return wait(delayMs ?? longest, true, { signal }).catch(() => false)
}

/** Breaks the connection in the middle, so that the caller sees a reset and learns nothing. */
function drop(c: SlackContext): Response {
  const socket: Socket = c.env.incoming.socket
  if (!socket.destroyed) socket.resetAndDestroy()
  return RESPONSE_ALREADY_SENT
}
