import { type Logger, LogLevel, WebClient } from '@slack/web-api'
import type { AppContext } from '../../context.ts'
import { redactSecrets, redactText } from '../../lib/redact.ts'
import type { CallFailure, CallResult, Connection, Exchange } from '../provider.ts'
import { failureOf, noAnswer, slackFailure } from './failure.ts'
import { StrangeAnswer } from './reach.ts'

/** The fields of an answer, as Slack sent them; whoever reads one checks it. */
export type SlackAnswer = Record<string, unknown>

/** What an answer says beside its body. */
export type Heard = { scopes?: string[]; at?: number }
export type Called = CallResult<SlackAnswer> & { heard: Heard; error?: SlackAnswer }

export type CallOptions = {
  signal?: AbortSignal
  /** What must not be shown, beside the token. */
  known?: string[]
  /** Of a read nothing can be in doubt: what may have happened twice changes nothing. */
  changes?: boolean
}

/** One request to a Web API method. Never tries again by itself; a failure is a value. */
export async function callSlack(
  ctx: AppContext,
  token: string | undefined,
  method: string,
  args: Record<string, unknown>,
  options: CallOptions = {},
): Promise<Called> {
  const known = [...(token ? [token] : []), ...(options.known ?? [])]
  // A token with other characters, such as the dots of one copied while hidden, does not even fit into a request.
  if (token && !/^[\x21-\x7e]+$/.test(token)) return unsent(method, redactSecrets(args, known), 'not_bearer_token')
  const heard: { status?: number; headers?: Headers; text?: string; body?: SlackAnswer | undefined } = {}
  const client = new WebClient(token, {
    slackApiUrl: ctx.slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: silent,
    fetch: async (url, init) => {
      const response = await ctx.slack.fetch(url, { ...init, ...(options.signal && { signal: options.signal }) })
      heard.status = response.status
      heard.headers = response.headers
      heard.text = await response.text()
      heard.body = parsedObject(heard.text)
      if (heard.status === 200 && !heard.body) throw notJson(heard.text)
      return new Response(heard.text || null, { status: heard.status, headers: withWait(response) })
    },
  })

  const startedAt = performance.now()
  const called = await client.apiCall(method, args).then(
    (answer): { answer: SlackAnswer } => ({ answer: { ...answer } }),
    (error: unknown) => ({ failure: withoutSecrets(failureFrom(error, options), known), error }),
  )
  const none = 'failure' in called ? noAnswer(called.failure.code, called.error) : undefined
  const exchange: Exchange = {
    method,
    tookMs: performance.now() - startedAt,
    ...none,
    ...(heard.status !== undefined && { httpStatus: heard.status }),
    ...requestId(heard.headers),
    request: redactSecrets(args, known),
    response: shown(heard.body ?? heard.text ?? none?.response, known),
  }
  const more = { exchange, heard: heardIn(heard.headers) }
  if ('answer' in called) return { kind: 'answered', answer: called.answer, ...more }
  return { kind: 'failed', failure: called.failure, ...(heard.body && { error: heard.body }), ...more }
}

/** The same with the bot token of a connection; without one nothing is sent. */
export async function callAsBot(
  ctx: AppContext,
  connection: Connection,
  method: string,
  args: Record<string, unknown>,
  options: CallOptions = {},
): Promise<Called> {
  const known = Object.values(connection.secrets)
  const token = connection.secrets.botToken
  if (token) return callSlack(ctx, token, method, args, { ...options, known })
  return unsent(method, redactSecrets(args, known), 'not_authed')
}

/** A text answer for the record: read as JSON when it is some, without secrets, and no longer than a person reads. */
export function shownAnswer(text: string, known: string[]): unknown {
  return shown(parsedObject(text) ?? text, known)
}

export function requestId(headers: Headers | undefined): { requestId?: string } {
  const id = headers?.get('x-slack-req-id')
  return id ? { requestId: id.slice(0, 100) } : {}
}

function unsent(method: string, request: unknown, code: string): Called {
  const exchange = { method, tookMs: 0, request, response: { error: code } }
  return { kind: 'failed', failure: failureOf(code), exchange, heard: {} }
}

const LONGEST_SHOWN = 8_000

function shown(answer: unknown, known: string[]): unknown {
  const clean = redactSecrets(answer, known)
  const text = typeof clean === 'string' ? clean : JSON.stringify(clean)
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : clean
}

/** The client writes warnings, and some of them with what was sent. */
const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
}

function failureFrom(error: unknown, { signal, changes }: CallOptions): CallFailure {
  const failure = signal?.aborted && !timedOut(signal) ? failureOf('canceled') : slackFailure(error)
  return failure.kind === 'ambiguous' && !changes ? { kind: 'transient', code: failure.code } : failure
}

/** What Slack adds in its own words may quote what it was sent. */
function withoutSecrets(failure: CallFailure, known: string[]): CallFailure {
  if (failure.kind !== 'permanent' || failure.detail === undefined) return failure
  return { ...failure, detail: redactText(failure.detail, known) }
}

function timedOut(signal: AbortSignal): boolean {
  return signal.reason instanceof Error && signal.reason.name === 'TimeoutError'
}

/** Without a wait the client gives a bare Error instead of one that says what happened. */
function withWait({ status, headers }: Response): Headers {
  const asked = headers.get('retry-after')
  if (status !== 429 || (asked !== null && /^\d{1,6}$/.test(asked))) return headers
  const waiting = new Headers(headers)
  waiting.set('retry-after', '1')
  return waiting
}

function notJson(text: string): StrangeAnswer {
  return new StrangeAnswer('not_json', 200, `the answer begins with ${JSON.stringify(text.slice(0, 20))}`)
}

function heardIn(headers: Headers | undefined): Heard {
  const scopes = headers?.get('x-oauth-scopes')
  const at = Date.parse(headers?.get('date') ?? '')
  return {
    ...(typeof scopes === 'string' && {
      scopes: scopes
        .split(',')
        .map((scope) => scope.trim())
        .filter(Boolean),
    }),
    ...(Number.isFinite(at) && { at }),
  }
}

function parsedObject(text: string): SlackAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SlackAnswer) : undefined
  } catch {
    return undefined
  }
}
