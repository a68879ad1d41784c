import type { AppContext, SlackResponse } from '../../context.ts'
import { redactSecrets, redactText } from '../../lib/redact.ts'
import type { CallFailure, CallResult, Connection, Exchange, SendLimits } from '../provider.ts'
import { askThrough, type Hearing, parsedObject, type SlackAnswer } from './client.ts'
import { failureOf, noAnswer, slackFailure } from './failure.ts'

/** What an answer says beside its body. */
export type Heard = { scopes?: string[]; at?: number }
export type Called = CallResult<SlackAnswer> & { headers?: SlackResponse['headers']; error?: SlackAnswer }

export type CallOptions = SendLimits & {
  /** What must not be shown, beside the token. */
  known?: string[]
  /** Of a read nothing can be in doubt: what may have happened twice changes nothing. */
  changes?: boolean
  /** A field of the answer that only repeats what was sent: it is not kept, since the request stands beside it. */
  echo?: string
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
  const heard: Hearing = { limits: options }
  const startedAt = performance.now()
  const error = await askThrough(ctx.slack, token, method, args, heard)
  const tookMs = performance.now() - startedAt
  const request = redactSecrets(args, known)
  const { response, text = '', body } = heard
  if (error === undefined && response && body) {
    const exchange: Exchange = {
      method,
      tookMs,
      httpStatus: response.status,
      ...requestId(response.headers),
      request,
      response: options.echo === undefined ? shownJson(body, text, known) : shown(without(body, options.echo), known),
    }
    return { kind: 'answered', answer: body, exchange, headers: response.headers }
  }
  const failure = withoutSecrets(failureFrom(error, options), known)
  const none = noAnswer(failure.code, error)
  const exchange: Exchange = {
    method,
    tookMs,
    ...none,
    ...(response && { httpStatus: response.status, ...requestId(response.headers) }),
    request,
    response: shown(body ?? (response ? text : none.response), known),
  }
  return {
    kind: 'failed',
    failure,
    exchange,
    ...(body && { error: body }),
    ...(response && { headers: response.headers }),
  }
}

/** The same with the bot token of a connection; without one nothing is sent. */
export async function callAsBot(
  ctx: AppContext,
  connection: Connection,
  method: string,
  args: Record<string, unknown>,
  options: CallOptions = {},
): Promise<Called> {
  const known = [...Object.values(connection.secrets), ...(options.known ?? [])]
  const token = connection.secrets.botToken
  if (token) return callSlack(ctx, token, method, args, { ...options, known })
  return unsent(method, redactSecrets(args, known), 'not_authed')
}

/** A text answer for the record: read as JSON when it is some, without secrets, and no longer than a person reads. */
export function shownAnswer(text: string, known: string[]): unknown {
  return shown(parsedObject(text) ?? text, known)
}

export function requestId(headers: SlackResponse['headers']): { requestId?: string } {
  const id = headers.get('x-slack-req-id')
  return id ? { requestId: id.slice(0, 100) } : {}
}

function unsent(method: string, request: unknown, code: string): Called {
  const exchange = { method, tookMs: 0, request, response: { error: code } }
  return { kind: 'failed', failure: failureOf(code), exchange }
}

const LONGEST_SHOWN = 8_000

/** The same for an answer whose text was read as JSON: the text is looked over once, and nothing written anew. */
function shownJson(answer: SlackAnswer, text: string, known: string[]): unknown {
  if (text.length > LONGEST_SHOWN) return shown(answer, known)
  return redactSecrets(answer, known, text.includes('\\u') ? JSON.stringify(answer) : text.replaceAll('\\/', '/'))
}

function without(answer: SlackAnswer, field: string): SlackAnswer {
  const { [field]: _, ...rest } = answer
  return rest
}

function shown(answer: unknown, known: string[]): unknown {
  const clean = redactSecrets(answer, known)
  const text = typeof clean === 'string' ? clean : JSON.stringify(clean)
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : clean
}

function failureFrom(error: unknown, { changes }: CallOptions): CallFailure {
  const failure = slackFailure(error)
  return failure.kind === 'ambiguous' && !changes ? { kind: 'transient', code: failure.code } : failure
}

/** What Slack adds in its own words may quote what it was sent. */
function withoutSecrets(failure: CallFailure, known: string[]): CallFailure {
  if (failure.kind !== 'permanent' || failure.detail === undefined) return failure
  return { ...failure, detail: redactText(failure.detail, known) }
}

/** What the headers of an answer tell; a caller who wants it asks, since most don't. */
export function heardIn({ headers }: Called): Heard {
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
