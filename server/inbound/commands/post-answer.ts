import type { CommandReply } from '../../../shared/commands.ts'
import type { AppContext } from '../../context.ts'

export type Posted =
  | { kind: 'posted' }
  /** `isMessage`: it is the message that Slack does not take; another one may pass. */
  | { kind: 'refused'; code: string; isMessage: boolean }
  | { kind: 'transient'; code: string; waitMs: number }

/** Gives an answer at a response_url that was checked when it came. No redirect is followed. */
export async function postAnswer(
  ctx: AppContext,
  responseUrl: string,
  { text, blocks, responseType }: CommandReply,
  { replaces = false }: { replaces?: boolean } = {},
): Promise<Posted> {
  const body = {
    response_type: responseType,
    text,
    ...(blocks && { blocks }),
    ...(replaces && { replace_original: true }),
  }
  const response = await ctx.slack
    .fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    // Whatever the network did: nothing but this one request is in it.
    .catch(() => undefined)
  if (!response) return { kind: 'transient', code: 'unreachable_slack', waitMs: 0 }
  return postedOf(response.status, await response.text(), Number(response.headers.get('retry-after') ?? 0))
}

/** What Slack's answer means. It says more in its body than by its status. */
function postedOf(status: number, body: string, retryAfterSeconds: number): Posted {
  if (status === 429 || status >= 500) {
    return { kind: 'transient', code: 'unreachable_slack', waitMs: (retryAfterSeconds || 0) * 1_000 }
  }
  const error = errorIn(body)
  if (status >= 200 && status < 300 && error === undefined) return { kind: 'posted' }
  const code = error ?? (status === 404 ? 'expired_url' : `http_${status}`)
  return { kind: 'refused', code, isMessage: status === 400 || (status >= 200 && status < 300) }
}

function errorIn(body: string): string | undefined {
  try {
    const { ok, error } = JSON.parse(body)
    return ok === false ? (/^\w{1,60}$/.test(error) ? error : 'refused_by_slack') : undefined
  } catch {
    // Slack says `ok` here, and a word in place of an error.
    return /^\w{3,60}$/.test(body.trim()) ? body.trim() : undefined
  }
}

const TIMEOUT_MS = 10_000
