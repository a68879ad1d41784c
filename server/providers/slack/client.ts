import { AsyncLocalStorage } from 'node:async_hooks'
import { type Logger, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api'
import type { SlackReach, SlackRequest, SlackResponse } from '../../context.ts'
import type { SendLimits } from '../provider.ts'
import { StrangeAnswer } from './request.ts'

/** The fields of an answer, as Slack sent them; whoever reads one checks it. */
export type SlackAnswer = Record<string, unknown>

/** What one call hands to its request, and what the request hears. */
export type Hearing = {
  limits: SendLimits
  /** What of the request does not go through the client: a part of its form, or the whole body in place of that. */
  packed?: string
  isJson?: boolean
  response?: SlackResponse
  text?: string
  body?: SlackAnswer | undefined
}

/** One call through the client of this token. The error it ended with; undefined when Slack said `ok`. */
export async function askThrough(
  slack: SlackReach,
  token: string | undefined,
  method: string,
  args: Record<string, unknown>,
  hearing: Hearing,
): Promise<unknown> {
  const client = clientFor(slack, token)
  const isJson = WRITTEN_AS_JSON.has(method)
  const { plain, packed } = isJson ? { plain: {}, packed: JSON.stringify(args) } : parted(args)
  Object.assign(hearing, { packed, isJson })
  try {
    await underWay.run(hearing, () => client.apiCall(method, plain))
    return undefined
  } catch (error) {
    return error
  }
}

export function parsedObject(text: string): SlackAnswer | undefined {
  // A webhook says `ok`, and finding that out through an error would cost more than the rest of the reading.
  if (!/^\s*\{/.test(text)) return undefined
  try {
    // What begins with a brace and can be read is an object.
    return JSON.parse(text) as SlackAnswer
  } catch {
    return undefined
  }
}

/** Tells parallel calls of one client apart: each request finds the call that it belongs to. */
const underWay = new AsyncLocalStorage<Hearing>()

const MOST_CLIENTS = 200
const clientsOf = new WeakMap<SlackReach, Map<string, WebClient>>()

function clientFor(slack: SlackReach, token = ''): WebClient {
  const clients = clientsOf.get(slack) ?? new Map<string, WebClient>()
  clientsOf.set(slack, clients)
  const known = clients.get(token)
  if (known) return known
  const [oldest] = clients.keys()
  if (oldest !== undefined && clients.size >= MOST_CLIENTS) clients.delete(oldest)
  const client = newClient(slack, token)
  clients.set(token, client)
  return client
}

function newClient(slack: SlackReach, token: string): WebClient {
  return new WebClient(token || undefined, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    // How much goes out at once is the queue's decision, and one that waited here would find another call's limits.
    maxRequestConcurrency: Number.POSITIVE_INFINITY,
    logger: silent,
    fetch: asFetch((url, init) => hear(slack, url, init)),
  })
}

async function hear(slack: SlackReach, url: string, init: SentByClient): Promise<SlackResponse> {
  const hearing = underWay.getStore()
  if (!hearing) throw new Error('A request of the Slack client belongs to no call.')
  const { limits, packed = '', isJson = false } = hearing
  const request: SlackRequest = {
    headers: headersOf(url, init.headers, isJson),
    body: isJson ? packed : init.body + packed,
    ...(limits.signal && { signal: limits.signal }),
    ...(limits.notAfterMs !== undefined && { notAfterMs: limits.notAfterMs }),
  }
  // Outside of the call's context: a connection that opens inside would hold on to what this call hears for as long as
  // it stays open.
  const response = await underWay.exit(() => slack.fetch(url, request))
  const text = await response.text()
  const body = parsedObject(text)
  hearing.response = response
  hearing.text = text
  hearing.body = body
  if (response.status !== 200) return response.status === 429 ? withWait(response) : response
  if (!body) throw notJson(text)
  return body.ok === true ? shortened(response) : response
}

function headersOf(url: string, given: SentByClient['headers'], isJson: boolean): SentByClient['headers'] {
  if (isJson) return { ...given, 'Content-Type': 'application/json; charset=utf-8' }
  // Only lists are long enough to be worth packing.
  return url.endsWith('.list') ? { ...given, 'Accept-Encoding': 'gzip' } : given
}

/** The answer was read here already, and the client would read, copy and measure all of it again. */
function shortened(response: SlackResponse): SlackResponse {
  return { ...response, headers: { get: () => null, entries: () => [] }, text: saysOk }
}
const saysOk = () => Promise.resolve('{"ok":true}')

/**
 * What carries whole messages, of methods that take JSON (https://docs.slack.dev/apis/web-api/#basics). Blocks in a form
 * are escaped twice, which makes them half as long again and costs both sides a seventh of all that a message costs.
 */
const WRITTEN_AS_JSON: ReadonlySet<string> = new Set(['chat.postMessage', 'chat.update'])

/**
 * The client walks through whatever is nested several times and writes all of it once more, for a log that nobody keeps,
 * before it makes a form of it. So it gets what is plain; what is nested is written here, and joins on the way out.
 */
function parted(args: Record<string, unknown>): { plain: Record<string, unknown>; packed: string } {
  const plain: Record<string, unknown> = {}
  let packed = ''
  for (const [name, value] of Object.entries(args)) {
    if (typeof value === 'object' && value !== null) packed += `&${name}=${encodeURIComponent(JSON.stringify(value))}`
    else plain[name] = value
  }
  return { plain, packed }
}

/** Without a wait the client gives a bare Error instead of one that says what happened. */
function withWait(response: SlackResponse): SlackResponse {
  const asked = response.headers.get('retry-after')
  if (asked !== null && /^\d{1,6}$/.test(asked)) return response
  const get = (name: string) => (name === 'retry-after' ? '1' : response.headers.get(name))
  return { ...response, headers: { ...response.headers, get } }
}

function notJson(text: string): StrangeAnswer {
  return new StrangeAnswer('not_json', 200, `the answer begins with ${JSON.stringify(text.slice(0, 20))}`)
}

type SentByClient = { headers: Record<string, string>; body: string }

/** The client sends forms as text, and of an answer it reads the status, the headers and the text. */
function asFetch(
  reach: (url: string, init: SentByClient) => Promise<SlackResponse>,
): NonNullable<WebClientOptions['fetch']> {
  return reach as unknown as NonNullable<WebClientOptions['fetch']>
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
