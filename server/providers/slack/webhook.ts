import { isWebhookUrl } from '../../../shared/webhook-url.ts'
import type { AppContext, SlackResponse } from '../../context.ts'
import { redactSecrets, redactText } from '../../lib/redact.ts'
import type { Exchange, SendLimits, SendResult } from '../provider.ts'
import { requestId, shownAnswer } from './call.ts'
import { failureOf, networkFailure, noAnswer, webhookFailure } from './failure.ts'

/** One post to an incoming webhook. The URL is the secret, so what is kept shows it without its last part. */
export async function postToWebhook(
  ctx: AppContext,
  url: string,
  body: Record<string, unknown>,
  options: SendLimits & { known?: string[] } = {},
): Promise<SendResult> {
  const known = [url, lastPart(url), ...(options.known ?? [])]
  const request = { url: shownWebhookUrl(url), body: redactSecrets(body, known) }
  const before = { method: 'webhook', request }
  // Checked at each send: the list of hosts may have changed since the URL was stored.
  if (!isWebhookUrl(url, ctx.slack.webhookHosts)) {
    const response = { error: 'webhook_not_allowed' }
    return { ...failureOf('webhook_not_allowed'), exchange: { ...before, tookMs: 0, response } }
  }

  const startedAt = performance.now()
  const heard = await post(ctx, url, body, options)
  const tookMs = performance.now() - startedAt
  if ('failure' in heard) {
    const { response, ...status } = noAnswer(heard.failure.code, heard.error)
    return { ...heard.failure, exchange: { ...before, ...status, tookMs, response: redactSecrets(response, known) } }
  }
  const { response, text } = heard
  const exchange: Exchange = {
    ...before,
    tookMs,
    httpStatus: response.status,
    ...requestId(response.headers),
    response: shownAnswer(text, known),
  }
  const failure = webhookFailure(response.status, redactText(text, known), waitMs(response.headers))
  return failure ? { ...failure, exchange } : { kind: 'sent', exchange }
}

/** A webhook URL a person can tell from others, and nobody can post to. */
export function shownWebhookUrl(url: string): string {
  if (!URL.canParse(url)) return '[not a web address]'
  const { origin, pathname } = new URL(url)
  const [family = '', team = '', bot = ''] = pathname.split('/').filter(Boolean)
  return `${origin}/${[family, team, bot].filter(Boolean).join('/')}/[removed]`
}

type Heard = { response: SlackResponse; text: string } | { failure: ReturnType<typeof networkFailure>; error: unknown }

async function post(ctx: AppContext, url: string, body: unknown, limits: SendLimits): Promise<Heard> {
  try {
    const response = await ctx.slack.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      ...(limits.signal && { signal: limits.signal }),
      ...(limits.notAfterMs !== undefined && { notAfterMs: limits.notAfterMs }),
    })
    return { response, text: await response.text() }
  } catch (error) {
    return { failure: networkFailure(error), error }
  }
}

function waitMs(headers: SlackResponse['headers']): number {
  const asked = headers.get('retry-after') ?? ''
  return /^\d{1,6}$/.test(asked) ? Number(asked) * 1000 : 0
}

function lastPart(url: string): string {
  return url.split('/').filter(Boolean).at(-1) ?? ''
}
