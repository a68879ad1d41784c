import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import type { Agent, Dispatcher } from 'undici'
import type { SlackRequest, SlackResponse } from '../../context.ts'
import { RoadBlocked } from './road.ts'

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

/** The request ended before its first byte left: whatever it was for did not happen. `reason` is a row of the table. */
export class NotSent extends Error {
  readonly reason: 'claim_lost' | 'canceled' | 'network_error' | 'UND_ERR_CONNECT_TIMEOUT'

  constructor(reason: NotSent['reason'], cause?: unknown) {
    super(`nothing was sent: ${reason}`, { cause })
    this.name = 'NotSent'
    this.reason = reason
  }
}

/** The connection stood and broke, so what it carried is in doubt. */
export class ConnectionBroke extends Error {
  constructor(cause: unknown) {
    super('the connection broke', { cause })
    this.name = 'ConnectionBroke'
  }
}

/**
 * One request over the pool, its answer read whole. It takes undici's own `dispatch`: a `fetch` costs several times as
 * much, and only a dispatch handler is told just before the first byte is written, where the fence has to stand.
 */
export function ask(
  agent: Agent,
  place: { origin: string; path: string; url: string },
  init: SlackRequest,
  requestMs: number,
): Promise<SlackResponse> {
  return new Promise((resolve, reject) => {
    const { signal, notAfterMs = Number.POSITIVE_INFINITY, stallMs } = init
    let controller: Dispatcher.DispatchController | undefined
    let isOver = false
    let answer = { status: 0, statusText: '', headers: NO_HEADERS }
    const chunks: Buffer[] = []
    let bytes = 0

    const settle = () => {
      isOver = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
    const fail = (error: Error) => {
      if (isOver) return
      settle()
      reject(error)
      controller?.abort(error)
    }
    const giveUp = (error: Error) => fail(controller ? error : unsent(error))
    const onAbort = () => giveUp(reasonOf(signal?.reason))
    // Node keeps timers of one length in one list, so this is far cheaper than a signal that times out.
    const timer = setTimeout(() => giveUp(timedOut()), stallMs ?? requestMs)
    const moved = () => void (stallMs !== undefined && timer.refresh())
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) return onAbort()

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        // Thrown rather than aborted, which would also close the connection that the next request can use.
        if (isOver) throw new NotSent('canceled')
        if (performance.now() > notAfterMs) throw new NotSent('claim_lost')
        controller = started
      },
      onBodySent: moved,
      onResponseStart(_controller, status, headers, statusText = '') {
        if (status < 200) return
        if (status >= 300 && status < 400) {
          fail(new StrangeAnswer('redirected', status, `sent on to ${hostIn(headers.location)}`))
        }
        answer = { status, statusText, headers: answerHeaders(headers) }
      },
      onResponseData(_controller, chunk) {
        moved()
        chunks.push(chunk)
        bytes += chunk.length
        if (bytes > LONGEST_ANSWER_BYTES) fail(tooLong(answer.status))
      },
      onResponseEnd() {
        if (isOver) return
        settle()
        const give = (text: string) => resolve(responseOf(place.url, answer, text))
        const encoding = answer.headers.get('content-encoding')
        if (encoding === null) give(textOf(chunks))
        else unpacked(encoding, Buffer.concat(chunks), answer.status).then(give, reject)
      },
      onResponseError(_controller, error) {
        fail(meaningOf(error, controller !== undefined))
      },
    }
    const { method = 'POST', headers = {}, body = null } = init
    const sent = body === null || typeof body === 'string' ? body : Readable.from(body, { objectMode: false })
    try {
      agent.dispatch({ origin: place.origin, path: place.path, method, headers, body: sent }, handler)
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)))
    }
  })
}

/** A page of 500 channels with long topics comes to about 2 MB. */
const LONGEST_ANSWER_BYTES = 4 * 1024 * 1024

const NO_HEADERS: SlackResponse['headers'] = { get: () => null, entries: () => [] }

type Answered = Pick<SlackResponse, 'status' | 'statusText' | 'headers'>

function responseOf(url: string, { status, statusText, headers }: Answered, text: string): SlackResponse {
  return {
    url,
    status,
    statusText,
    ok: status >= 200 && status < 300,
    headers,
    body: null,
    text: () => Promise.resolve(text),
  }
}

/** Names come in lower case from undici, and are asked for so. */
function answerHeaders(headers: Record<string, string | string[] | undefined>): SlackResponse['headers'] {
  const get = (name: string) => {
    const value = headers[name]
    return value === undefined ? null : String(value)
  }
  return { get, entries: () => Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]) }
}

function textOf(chunks: Buffer[]): string {
  const [first] = chunks
  if (!first) return ''
  return (chunks.length === 1 ? first : Buffer.concat(chunks)).toString('utf8')
}

const UNPACK: Record<string, (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

async function unpacked(encoding: string, packed: Buffer, status: number): Promise<string> {
  const unpack = UNPACK[encoding.trim().toLowerCase()]
  if (!unpack) return packed.toString('utf8')
  try {
    return (await unpack(packed, { maxOutputLength: LONGEST_ANSWER_BYTES })).toString('utf8')
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLong(status)
    throw new StrangeAnswer('not_json', status, `the answer can't be unpacked as ${encoding}`)
  }
}

function tooLong(status: number): StrangeAnswer {
  return new StrangeAnswer('not_json', status, `the answer is longer than ${LONGEST_ANSWER_BYTES} bytes`)
}

function timedOut(): Error {
  return new DOMException('The request took too long.', 'TimeoutError')
}

function reasonOf(reason: unknown): Error {
  const isTimeout = reason instanceof Error && reason.name === 'TimeoutError'
  return isTimeout ? timedOut() : new DOMException('The request was called off.', 'AbortError')
}

function unsent(error: Error): NotSent {
  return new NotSent(error.name === 'TimeoutError' ? 'UND_ERR_CONNECT_TIMEOUT' : 'canceled', error)
}

function meaningOf(error: Error, hasBegun: boolean): Error {
  if (error instanceof RoadBlocked || error instanceof NotSent) return error
  return hasBegun ? new ConnectionBroke(error) : new NotSent('network_error', error)
}

function hostIn(location: string | string[] | undefined): string {
  const address = String(location ?? '')
  return URL.canParse(address) ? new URL(address).host : 'another address'
}
