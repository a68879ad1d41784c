import type { Context, MiddlewareHandler } from 'hono'
import { Refusal } from '../errors.ts'
import { type ArrivingBody, openArrivals } from '../lib/arrivals.ts'
import type { NoBody } from '../lib/read-body.ts'
import { refuseIfEnded, SLOW_BODY_MS } from './guard.ts'

const MOST_BYTES = 1024 * 1024
/** Whoever asks these is not known yet. */
const MOST_BYTES_UNKNOWN = 16 * 1024
/** Many events come in one body. */
export const MOST_BYTES_EVENTS = 5 * 1024 * 1024
/** Far more than any message to Slack has, and far below where code that walks a value runs out of stack. */
const MOST_NESTING = 64
const MOST_NESTING_EVENTS = 20

/** A body that was read and found to be JSON. */
export type JsonBody = { bytes: Uint8Array; text: string; value: unknown }

/**
 * A body is JSON, of a sane size and readable, or it is refused before any route looks at it. Runs behind the guard: a
 * stranger's body is not read at all, but where the address is open to strangers.
 */
export function bodyRules(): MiddlewareHandler {
  const arrive = openArrivals()
  return async (c, next) => {
    // A file is read by its route, piece by piece.
    if (c.req.path === '/api/messages' && isMultipart(c)) return next()
    const isEvents = c.req.path === '/api/events'
    const startedAt = performance.now()
    const bytes = await readBytes(c.req.raw, isEvents ? MOST_BYTES_EVENTS : mostBytesAt(c.req.path), arrive())
    if (performance.now() - startedAt > SLOW_BODY_MS) await refuseIfEnded(c)
    let body: JsonBody = { bytes, text: '', value: undefined }
    if (bytes.length > 0) {
      requireJson(c.req.header('content-type'))
      body = { bytes, ...parsed(bytes, isEvents ? MOST_NESTING_EVENTS : MOST_NESTING) }
    }
    keepForRoute(c, bytes)
    c.set('jsonBody', body)
    await next()
  }
}

/** The same for the body of a request to /api/events that came past the app. */
export function readEventsBody(bytes: Uint8Array | NoBody, contentType: string | undefined): JsonBody {
  if (bytes === 'too_large') throw tooLarge(MOST_BYTES_EVENTS)
  if (bytes === 'too_many') throw tooMany()
  if (bytes === 'aborted') throw endedEarly()
  if (bytes.length === 0) return { bytes, text: '', value: undefined }
  requireJson(contentType)
  return { bytes, ...parsed(bytes, MOST_NESTING_EVENTS) }
}

function requireJson(contentType = ''): void {
  if (/^application\/json(\s*;.*)?$/i.test(contentType)) return
  throw new Refusal('wrong_type', 'The body has to be JSON.', {
    field: 'body',
    fix: 'Send the header content-type: application/json.',
  })
}

/** What came, for a route that checks it by hand; nothing else has to read or parse it again. */
export function bodyOf(c: Context): JsonBody {
  return c.get('jsonBody') as JsonBody
}

export const isMultipart = (c: Context): boolean =>
  /^multipart\/form-data\s*;/i.test(c.req.header('content-type') ?? '')

function mostBytesAt(path: string): number {
  return path.startsWith('/api/auth/') || path === '/api/setup' ? MOST_BYTES_UNKNOWN : MOST_BYTES
}

/** The stream is read to its end: the route finds the bytes where Hono keeps what was read. It keeps promises there. */
function keepForRoute(c: Context, bytes: Uint8Array<ArrayBuffer>): void {
  const kept: Record<string, unknown> = c.req.bodyCache
  kept.arrayBuffer = Promise.resolve(bytes.buffer)
}

/** Stops at the limit, whether or not the caller said how much there is. */
async function readBytes(
  request: Request,
  mostBytes: number,
  arriving: ArrivingBody,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) throw tooLarge(mostBytes)
  let parts: Uint8Array[] | undefined = []
  let size = 0
  try {
    for await (const part of untilCut(request.body)) {
      size += part.length
      if (size > mostBytes) throw tooLarge(mostBytes)
      // The rest is read all the same: a caller who is still writing would not hear the answer.
      if (parts && !arriving.keeps(part.length)) parts = undefined
      parts?.push(part)
    }
  } finally {
    arriving.leave()
  }
  if (!parts) throw tooMany()
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** The parts of a body. A caller who hangs up in the middle is no bug of ours, and must not be able to log one. */
async function* untilCut(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  try {
    yield* body ?? []
  } catch {
    throw endedEarly()
  }
}

const endedEarly = () => new Refusal('malformed', 'The body ended before it was whole.', { field: 'body' })

const tooMany = () =>
  new Refusal('too_many', 'More arrives than memory is set aside for. Nothing of this request was kept.', {
    fix: 'Send it again after the time in Retry-After, and fewer large requests at once.',
    retryAfterSeconds: 1,
  })

const tooLarge = (mostBytes: number) =>
  new Refusal('too_large', `The body is larger than ${mostBytes / 1024} kB.`, { field: 'body' })

/** Refuses what is not UTF-8, not JSON, nested beyond sense, or holds what no database can keep. */
export function readJson(bytes: Uint8Array): unknown {
  return parsed(bytes, MOST_NESTING).value
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

function parsed(bytes: Uint8Array, mostNesting: number): { text: string; value: unknown } {
  let text: string
  try {
    text = UTF8.decode(bytes)
  } catch {
    throw new Refusal('malformed', 'The body is not valid UTF-8.', { field: 'body' })
  }
  // Where hardly anything opens, nothing is deep, and that is seen far sooner.
  if (opensIn(text) > mostNesting && nestingOf(bytes) > mostNesting) {
    throw new Refusal('malformed', `The body is nested deeper than ${mostNesting} levels.`, { field: 'body' })
  }
  if (text === '') return { text, value: undefined }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal('malformed', 'The body is not valid JSON.', { field: 'body' })
  }
  const path = SUSPECT.test(text) ? pathOfUnkeepable(value) : undefined
  if (path !== undefined) {
    throw new Refusal('malformed', `${path || 'The body'} holds a NUL or half a character, which can't be kept.`, {
      field: path || 'body',
    })
  }
  return { text, value }
}

const opensIn = (text: string): number => text.split('{').length + text.split('[').length - 2

/** How deep lists and objects stand in each other, counted in the bytes: building the value first would be the attack. */
function nestingOf(bytes: Uint8Array): number {
  let depth = 0
  let deepest = 0
  let isText = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) isText = !isText
    else if (isText) {
      if (byte === BACKSLASH) at++
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) deepest = Math.max(deepest, ++depth)
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--
  }
  return deepest
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = new TextEncoder().encode('"\\[]{}')

/** How half a character can come in valid UTF-8: spelled out. */
const SUSPECT = /\\u(0000|d[89a-f])/i

/** Half a character would be stored as another one, and what is read back would not be what was sent. */
const isUnkeepable = (text: string) => text.includes('\u0000') || !text.isWellFormed()

function pathOfUnkeepable(value: unknown): string | undefined {
  const waiting: { path: string; part: unknown }[] = [{ path: '', part: value }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path, part } = next
    if (typeof part === 'string' && isUnkeepable(part)) return path
    if (typeof part !== 'object' || part === null) continue
    for (const [key, item] of Object.entries(part)) {
      if (isUnkeepable(key)) return path
      waiting.push({ path: path ? `${path}.${key}` : key, part: item })
    }
  }
  return undefined
}
