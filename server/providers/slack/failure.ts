import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api'
import { isKnownSlackCode, type SlackCode, slackCode } from '../../../shared/slack-codes.ts'
import type { CallFailure } from '../provider.ts'
import { parsedObject } from './client.ts'
import { ConnectionBroke, NotSent, StrangeAnswer } from './request.ts'
import { RoadBlocked } from './road.ts'

/** What a failed call to Slack's Web API means. What is neither Slack's nor the network's is our bug: thrown. */
export function slackFailure(error: unknown): CallFailure {
  if (error instanceof WebAPIRateLimitedError) return failureOf('ratelimited', { waitMs: error.retryAfter * 1000 })
  if (error instanceof WebAPIPlatformError) return refused(error.data)
  if (error instanceof WebAPIHTTPError) return failureOf(codeIn(error.body) ?? `http_${error.statusCode}`)
  if (error instanceof WebAPIRequestError) return networkFailure(error.original)
  throw error
}

/** What became of a request that got no readable answer. What did not come from the network is our bug: thrown. */
export function networkFailure(error: unknown): CallFailure {
  for (const link of chain(error)) {
    if (link instanceof RoadBlocked || link instanceof NotSent) return { kind: 'transient', code: link.reason }
    if (link instanceof StrangeAnswer) return failureOf(link.code)
    if (link.name === 'TimeoutError') return failureOf('timeout')
    if (link.name === 'AbortError') return failureOf('canceled')
    const { code } = link as { code?: unknown }
    if (typeof code === 'string' && slackCode(code).from.includes('network')) return failureOf(code)
  }
  // The connection stood, so a cause we do not know says only that it broke.
  if (error instanceof ConnectionBroke) return failureOf('UND_ERR_SOCKET')
  throw error
}

/** What to keep of a request that got no readable answer: the code, the network's own words, the status if one came. */
export function noAnswer(code: string, error: unknown): { httpStatus?: number; response: unknown } {
  const links = [...chain(error)]
  const strange = links.find((link) => link instanceof StrangeAnswer)
  const reason = links.at(-1)?.message
  return {
    ...(strange && { httpStatus: strange.httpStatus }),
    response: { error: code, ...(reason && { reason: cut(reason) }) },
  }
}

/** What a webhook's answer means; undefined when the message was posted. The body says more than the status. */
export function webhookFailure(httpStatus: number, body: string, waitMs: number): CallFailure | undefined {
  const said = webhookWord(body)
  if (httpStatus === 429) return failureOf('rate_limited', { waitMs })
  if (said !== undefined && slackCode(said).from.includes('webhook')) {
    return onlyHere(failureOf(said, { waitMs, ...detailOf(parsedObject(body) ?? {}) }))
  }
  if (httpStatus >= 200 && httpStatus < 300) return saysOk(body) ? undefined : failureOf('not_json')
  return onlyHere(failureOf(`http_${httpStatus}`, detailOf(body)))
}

/** Reads the one table: what to do about a code. */
export function failureOf(code: string, more: { waitMs?: number; detail?: string } = {}): CallFailure {
  const row = slackCode(code)
  switch (row.retry) {
    case 'after_wait':
      return { kind: 'rate_limited', code, waitMs: Math.max(more.waitMs ?? 0, SHORTEST_WAIT_MS) }
    case 'backoff':
      return { kind: 'transient', code }
    case 'look_first':
      return { kind: 'ambiguous', code }
    case 'hours_later':
      return { kind: 'transient', code, waitMs: Math.max(more.waitMs ?? 0, HOUR_MS) }
    case 'never':
      return { kind: 'permanent', code, stops: stopOf(row), ...(more.detail && { detail: more.detail }) }
  }
}

const SHORTEST_WAIT_MS = 1000
const HOUR_MS = 3_600_000
const LONGEST_DETAIL = 500

function stopOf(row: SlackCode): Extract<CallFailure, { kind: 'permanent' }>['stops'] {
  return row.stops === 'nothing' ? 'message' : row.stops
}

/** A webhook says nothing about the integration's token. */
function onlyHere(failure: CallFailure): CallFailure {
  return failure.kind === 'permanent' && failure.stops === 'credential' ? { ...failure, stops: 'destination' } : failure
}

function refused(answer: WebAPIPlatformError['data']): CallFailure {
  const waitSeconds = answer.response_metadata?.retryAfter
  // Slack's codes are single words; a sentence in their place could hold anything, even what was sent.
  return failureOf(/^[\w.:-]{1,80}$/.test(answer.error) ? answer.error : 'not_json', {
    ...(waitSeconds !== undefined && { waitMs: waitSeconds * 1000 }),
    ...detailOf(answer),
  })
}

/** Where Slack puts the words that name the scope, the block or the argument at fault. */
function detailOf(answer: unknown): { detail?: string } {
  if (typeof answer === 'string') return answer.trim() ? { detail: cut(answer.trim()) } : {}
  const { needed, provided, errors, response_metadata } = answer as Record<string, unknown>
  const messages = (response_metadata as { messages?: unknown } | undefined)?.messages
  const parts = [
    typeof needed === 'string' ? `needed: ${needed}` : '',
    typeof provided === 'string' ? `provided: ${provided}` : '',
    ...sentences(errors),
    ...sentences(messages),
  ].filter(Boolean)
  return parts.length > 0 ? { detail: cut([...new Set(parts)].join('; ')) } : {}
}

function sentences(list: unknown): string[] {
  if (!Array.isArray(list)) return []
  return list.map((item) => {
    if (typeof item === 'string') return item.replace(/^\[(ERROR|WARN)\]\s*/, '')
    const { message, pointer } = (item ?? {}) as { message?: unknown; pointer?: unknown }
    return [message, pointer].filter((part) => typeof part === 'string').join(' at ')
  })
}

/** Without NUL and half characters: PostgreSQL takes neither, and would refuse all that is written along with them. */
function cut(text: string): string {
  const short = text.length > LONGEST_DETAIL ? `${text.slice(0, LONGEST_DETAIL)}…` : text
  return short.replaceAll('\0', '\ufffd').toWellFormed()
}

/** A code in the body of an error status says more than the status. */
function codeIn(body: unknown): string | undefined {
  const { error } = (typeof body === 'object' && body !== null ? body : {}) as { error?: unknown }
  return typeof error === 'string' && isKnownSlackCode(error) ? error : undefined
}

/** `no_service`, once also written `No service`; limits come as JSON. */
function webhookWord(body: string): string | undefined {
  const json = parsedObject(body)
  if (json) return typeof json.error === 'string' ? json.error : undefined
  const word = body.trim().toLowerCase().replaceAll(' ', '_')
  return /^[a-z_]{3,60}$/.test(word) ? word : undefined
}

/** Messages are answered with `ok`, the webhooks of workflows with JSON. */
function saysOk(body: string): boolean {
  const json = parsedObject(body)
  return json ? json.ok === true || json.success === true : body.trim().toLowerCase() === 'ok'
}

/** An error and what caused it; what the network said stands there. */
function* chain(error: unknown): Generator<Error> {
  let link = error
  for (let depth = 0; link instanceof Error && depth < 8; depth += 1) {
    yield link
    link = link.cause
  }
}
