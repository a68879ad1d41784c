import { isLoopback } from '../../shared/webhook-url.ts'
import type { AppContext } from '../context.ts'

/** Puts a confirmation in place of the test message whose button was clicked, so that it can't be clicked again. */
export async function confirmTestMessage(ctx: AppContext, responseUrl: string, userId: string): Promise<void> {
  if (!isResponseUrl(responseUrl, ctx.slack.webhookHosts)) {
    ctx.log.warn('interaction.response_url_refused', {})
    return
  }
  const who = /^[UW][A-Z0-9]+$/.test(userId) ? ` by <@${userId}>` : ''
  const text = `Confirmed: Switchboard received this click${who}, and its signature was Slack’s.`
  const response = await ctx.slack.fetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({
      replace_original: true,
      text,
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }],
    }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  await response.body?.cancel()
  if (!response.ok) ctx.log.warn('interaction.not_confirmed', { status: response.status })
}

/** True for addresses at the hosts that Slack answers from, compared as a whole: the address came in a request. */
export function isResponseUrl(value: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(value)) return false
  const url = new URL(value)
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  return isSafe && !url.username && !url.password && hosts.includes(url.host)
}

const TIMEOUT_MS = 10_000
