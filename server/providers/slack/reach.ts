import { Agent, fetch as undiciFetch } from 'undici'
import type { SlackReach } from '../../context.ts'
import { openRoad, proxyFor } from './road.ts'

export type ReachParts = Omit<SlackReach, 'fetch'>
export type ReachTimes = { requestMs: number; connectMs: number }

/** Long enough for a slow Slack, short enough for a person who waits for the connection test. */
export const REACH_TIMES: ReachTimes = { requestMs: 10_000, connectMs: 5_000 }

/** Whoever answered does not speak as Slack does. `code` is a row of the table. */
export class StrangeAnswer extends Error {
  readonly code: 'redirected' | 'not_json'
  readonly httpStatus: number

  constructor(code: 'redirected' | 'not_json', httpStatus: number, message: string) {
    super(message)
    this.name = 'StrangeAnswer'
    this.code = code
    this.httpStatus = httpStatus
  }
}

/**
 * The one way out to Slack: connections are kept open, no redirect is followed, every request ends within `requestMs`,
 * and an answer is read whole, up to a limit, before it is handed on.
 */
export function makeSlackReach(parts: ReachParts, times = REACH_TIMES): SlackReach & { close: () => Promise<void> } {
  const proxyUrl = checkedProxy(parts.proxyUrl)
  const agent = new Agent({
    connect: ({ protocol, hostname, port }, done) => {
      const host = hostname.includes(':') ? `[${hostname}]` : hostname
      const url = new URL(`${protocol}//${host}${port ? `:${port}` : ''}`)
      openRoad(url, { proxyUrl: proxyFor(url, proxyUrl), connectMs: times.connectMs }).then(
        (socket) => done(null, socket),
        (error: Error) => done(error, null),
      )
    },
    connections: MOST_CONNECTIONS,
    // The signal below bounds the whole request, and says `timeout` whatever it waited for.
    headersTimeout: 0,
    bodyTimeout: 0,
  })

  const reach = async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const signal = AbortSignal.any([AbortSignal.timeout(times.requestMs), ...(init.signal ? [init.signal] : [])])
    const response = await undiciFetch(input, { ...asUndici(init), redirect: 'manual', signal, dispatcher: agent })
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      throw new StrangeAnswer('redirected', response.status, `sent on to ${hostIn(response.headers.get('location'))}`)
    }
    return new Response((await readBounded(response)) || null, {
      status: response.status,
      statusText: response.statusText,
      headers: [...response.headers].filter(([name]) => !BODY_HEADERS.includes(name)),
    })
  }
  return { ...parts, proxyUrl, fetch: asFetch(reach), close: () => agent.destroy() }
}

const MOST_CONNECTIONS = 64
/** A page of 500 channels with long topics comes to about 2 MB. */
const LONGEST_ANSWER_BYTES = 4 * 1024 * 1024
/** They describe the body as it was on the wire. */
const BODY_HEADERS = ['content-encoding', 'content-length', 'transfer-encoding']

type UndiciResponse = Awaited<ReturnType<typeof undiciFetch>>

async function readBounded(response: UndiciResponse): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > LONGEST_ANSWER_BYTES) {
      throw new StrangeAnswer('not_json', response.status, `the answer is longer than ${LONGEST_ANSWER_BYTES} bytes`)
    }
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function hostIn(location: string | null): string {
  return location && URL.canParse(location) ? new URL(location).host : 'another address'
}

function checkedProxy(proxyUrl: string | undefined): string | undefined {
  if (proxyUrl === undefined) return undefined
  const full = proxyUrl.includes('://') ? proxyUrl : `http://${proxyUrl}`
  // The value may carry a password, so it is not quoted.
  if (!URL.canParse(full) || !/^https?:$/.test(new URL(full).protocol)) {
    throw new Error('HTTPS_PROXY is no http or https address. It takes, for example, http://proxy.example.com:3128.')
  }
  return full
}

/** Slack's client and our own calls pass strings and plain headers, which both kinds of fetch read the same way. */
function asUndici(init: RequestInit): NonNullable<Parameters<typeof undiciFetch>[1]> {
  return init as NonNullable<Parameters<typeof undiciFetch>[1]>
}

/** The global type also takes a `Request`, which nobody here makes. */
function asFetch(reach: (input: string | URL, init?: RequestInit) => Promise<Response>): typeof globalThis.fetch {
  return reach as typeof globalThis.fetch
}
