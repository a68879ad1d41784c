import { Readable } from 'node:stream'
import type { Agent, Dispatcher } from 'undici'
import type { SlackRequest, SlackResponse } from '../../context.ts'
import { unpacked } from '../../lib/unpack.ts'
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
    const { method = 'POST', headers = {}, body = null, signal, stallMs } = init
    const { notAfterMs = Number.POSITIVE_INFINITY } = init
    const sent = body === null || typeof body === 'string' ? body : Readable.from(body, { objectMode: false })
    const answer = newAnswer(place.url)
    let controller: Dispatcher.DispatchController | undefined
    let isOver = false

    const settle = () => {
      isOver = true
      clearTimeout(timer)
      stopHearing?.()
    }
    const fail = (error: Error) => {
      if (isOver) return
      settle()
      reject(error)
      controller?.abort(error)
      // undici looks into a stream before it begins, and closes only what it has begun.
      if (sent instanceof Readable) sent.destroy()
    }
    const giveUp = (error: Error) => fail(controller ? error : unsent(error))
    const onAbort = () => giveUp(reasonOf(signal?.reason))
    // Node keeps timers of one length in one list, so this is far cheaper than a signal that times out.
    const timer = setTimeout(() => giveUp(timedOut()), stallMs ?? requestMs)
    const moved = () => void (stallMs !== undefined && timer.refresh())
    const stopHearing = signal && hearAbort(signal, onAbort)
    if (signal?.aborted) return onAbort()

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        // Thrown rather than aborted, which would also close the connection that the next request can use.
        if (isOver) throw new NotSent('canceled')
        if (performance.now() > notAfterMs) throw new NotSent('claim_lost')
        controller = started
      },
      onBodySent: moved,
      onResponseStart(_controller, status, responseHeaders, statusText) {
        const strange = answer.begin(status, responseHeaders, statusText)
        if (strange) fail(strange)
      },
      onResponseData(_controller, chunk) {
        moved()
        const strange = answer.add(chunk)
        if (strange) fail(strange)
      },
      onResponseEnd() {
        if (isOver) return
        settle()
        answer.whole().then(resolve, reject)
      },
      onResponseError(_controller, error) {
        fail(meaningOf(error, controller !== undefined))
      },
    }
    try {
      agent.dispatch({ origin: place.origin, path: place.path, method, headers, body: sent }, handler)
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)))
    }
  })
}

/** One signal calls off all that a worker has under way: a listener for each request costs more than a set of them. */
function hearAbort(signal: AbortSignal, act: () => void): () => void {
  const known = calledOff.get(signal)
  const acts = known ?? new Set<() => void>()
  if (!known) {
    calledOff.set(signal, acts)
    signal.addEventListener('abort', () => {
      for (const each of [...acts]) each()
    })
  }
  acts.add(act)
  return () => acts.delete(act)
}

const calledOff = new WeakMap<AbortSignal, Set<() => void>>()

/** A page of 500 channels with long topics comes to about 2 MB. */
const LONGEST_ANSWER_BYTES = 4 * 1024 * 1024

type AnswerHeaders = Record<string, string | string[] | undefined>

/** An answer while it comes in. `begin` and `add` say when it is one that must not be read on. */
function newAnswer(url: string) {
  let status = 0
  let statusText = ''
  let headers: AnswerHeaders = {}
  let bytes = 0
  const chunks: Buffer[] = []
  return {
    begin(code: number, given: AnswerHeaders, text = ''): StrangeAnswer | undefined {
      status = code
      headers = given
      statusText = text
      if (code < 300 || code >= 400) return undefined
      return new StrangeAnswer('redirected', code, `sent on to ${hostIn(given.location)}`)
    },
    add(chunk: Buffer): StrangeAnswer | undefined {
      chunks.push(chunk)
      bytes += chunk.length
      return bytes > LONGEST_ANSWER_BYTES ? tooLong(status) : undefined
    },
    async whole(): Promise<SlackResponse> {
      const encoding = headers['content-encoding']
      const text =
        encoding === undefined ? textOf(chunks) : await unpackedText(String(encoding), Buffer.concat(chunks), status)
      const ok = status >= 200 && status < 300
      return { url, status, statusText, ok, headers: asked(headers), body: null, text: () => Promise.resolve(text) }
    },
  }
}

/** Names come in lower case from undici, and are asked for so. */
function asked(headers: AnswerHeaders): SlackResponse['headers'] {
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

async function unpackedText(encoding: string, packed: Buffer, status: number): Promise<string> {
  const bytes = await unpacked(encoding, packed, LONGEST_ANSWER_BYTES)
  if (bytes === 'too_large') throw tooLong(status)
  if (bytes === 'broken') throw new StrangeAnswer('not_json', status, `the answer can't be unpacked as ${encoding}`)
  return bytes.toString('utf8')
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
