import type { ZodType } from 'zod'
import { readEvents } from './event-stream.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Request = {
  body?: unknown
  signal?: AbortSignal | undefined
  accept?: string
  lastEventId?: string | undefined
}
type Following<T> = {
  signal: AbortSignal
  lastEventId: string | undefined
  onOpen: () => void
  onEvent: (event: T, id?: string) => void
}
type Details = {
  status: number
  code: string
  message: string
  field?: string | undefined
  fix?: string | undefined
  requestId?: string | undefined
  retryAfterSeconds?: number | undefined
}

/** What the server refused, or why it could not be asked. `status` is 0 when no answer came. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly field: string | undefined
  readonly fix: string | undefined
  readonly requestId: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(details: Details) {
    super(details.message)
    this.status = details.status
    this.code = details.code
    this.field = details.field
    this.fix = details.fix
    this.requestId = details.requestId
    this.retryAfterSeconds = details.retryAfterSeconds
  }
}

/** Requests to `/api`. Answers pass the schema they are asked with; refusals are thrown as ApiError. */
export const api = {
  get: <T>(path: string, schema: ZodType<T>, signal?: AbortSignal) => send('GET', path, schema, { signal }),
  post: <T>(path: string, body: unknown, schema: ZodType<T>, signal?: AbortSignal) =>
    send('POST', path, schema, { body, signal }),
  put: <T>(path: string, body: unknown, schema: ZodType<T>) => send('PUT', path, schema, { body }),
  patch: <T>(path: string, body: unknown, schema: ZodType<T>) => send('PATCH', path, schema, { body }),
  /** Resolves when the thing is gone; an answer's body is not read. */
  delete: async (path: string, body?: unknown): Promise<void> => {
    await ask('DELETE', path, { body })
  },
  /** Posts and hands on each server-sent event as it arrives; resolves when the server has said all. */
  stream: async <T>(
    path: string,
    body: unknown,
    schema: ZodType<T>,
    onEvent: (event: T) => void,
    signal?: AbortSignal,
  ): Promise<void> => {
    const response = await ask('POST', path, { body, signal, accept: 'text/event-stream' })
    if (!response.body) return
    try {
      for await (const event of readEvents(response.body)) onEvent(parsed(path, response, schema, event.data))
    } catch (error) {
      throw asApiError(error)
    }
  },
  /** Hands on what the server tells from now on, or since an event told before; resolves when the server ends it. */
  follow: async <T>(path: string, schema: ZodType<T>, { signal, lastEventId, onOpen, onEvent }: Following<T>) => {
    const response = await ask('GET', path, { signal, lastEventId, accept: 'text/event-stream' })
    if (!response.body) return
    onOpen()
    try {
      for await (const { data, id } of readEvents(response.body)) onEvent(parsed(path, response, schema, data), id)
    } catch (error) {
      throw asApiError(error)
    }
  },
}

const listeners = new Set<() => void>()

/** Calls back whenever the server says that nobody is signed in. Returns the way to stop. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export type Readiness = { state: string; message: string | undefined; fix: string | undefined }

/** What the server says of itself, whatever its status: `ready`, `locked` and why. Null when it says nothing. */
export async function readiness(signal: AbortSignal): Promise<Readiness | null> {
  const response = await fetch('/readyz', { signal }).catch((error: unknown) => {
    throw asApiError(error)
  })
  const body = readJson(await response.text())
  if (!isRecord(body)) return null
  const told = isRecord(body.error) ? body.error : body
  return {
    state: text(body.state) ?? text(told.code) ?? 'unknown',
    message: text(told.message) ?? text(told.reason),
    fix: text(told.fix),
  }
}

/** A path with its query string; what is undefined, null or empty is left out. */
export function withQuery(path: string, query: Record<string, string | number | boolean | null | undefined>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value))
  }
  return params.size ? `${path}?${params}` : path
}

async function send<T>(method: Method, path: string, schema: ZodType<T>, request: Request): Promise<T> {
  const response = await ask(method, path, request)
  const text = response.status === 204 ? 'null' : await response.text()
  return parsed(path, response, schema, text)
}

async function ask(method: Method, path: string, { body, signal, accept, lastEventId }: Request): Promise<Response> {
  const headers = new Headers({ accept: accept ?? 'application/json' })
  if (lastEventId !== undefined) headers.set('last-event-id', lastEventId)
  if (body !== undefined) headers.set('content-type', 'application/json')
  // A page of another site cannot set this header without our leave, so a write that has it came from here.
  if (method !== 'GET') headers.set('x-switchboard-csrf', '1')
  const init: RequestInit = { method, headers, credentials: 'same-origin' }
  if (body !== undefined) init.body = JSON.stringify(body)
  if (signal) init.signal = signal
  const response = await fetch(`/api${path}`, init).catch((error: unknown) => {
    throw asApiError(error)
  })
  if (response.ok) return response
  if (response.status === 401 && !path.startsWith('/auth/')) for (const listener of listeners) listener()
  throw await refusal(response)
}

function parsed<T>(path: string, response: Response, schema: ZodType<T>, text: string): T {
  const result = schema.safeParse(readJson(text))
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new ApiError({
    status: response.status,
    code: 'unexpected_answer',
    message: `The answer of /api${path} is not what this page expects at “${issue?.path.join('.') || 'its top'}”.`,
    fix: 'Reload the page. The console may be older than the server.',
    requestId: response.headers.get('x-request-id') ?? undefined,
  })
}

/** Reads both our own errors and those of the sign-in library, which puts code and message at the top. */
async function refusal(response: Response): Promise<ApiError> {
  const body = readJson(await response.text().catch(() => ''))
  const outer = isRecord(body) ? body : {}
  const error = isRecord(outer.error) ? outer.error : outer
  const said = text(error.message)
  const wait = Number(response.headers.get('retry-after') ?? response.headers.get('x-retry-after') ?? Number.NaN)
  return new ApiError({
    status: response.status,
    code: text(error.code) ?? `http_${response.status}`,
    field: text(error.field),
    ...(said === undefined ? unexplained(response.status) : { message: said, fix: text(error.fix) }),
    requestId: text(error.requestId) ?? response.headers.get('x-request-id') ?? undefined,
    retryAfterSeconds: Number.isFinite(wait) ? wait : undefined,
  })
}

/** An answer without words of ours: mostly of a proxy before the server, or of a server that is still starting. */
function unexplained(status: number): { message: string; fix: string } {
  if (status === 429) return { message: 'The server is asked too much at once.', fix: 'Wait a moment, then try again.' }
  const message = `The server answered ${status} without saying why.`
  if (status === 502 || status === 503 || status === 504) {
    return {
      message,
      fix: 'It may be starting or busy. Wait a moment, then try again; if it stays, tell whoever runs it.',
    }
  }
  if (status === 413) return { message: 'This is more than the server takes at once.', fix: 'Send less of it.' }
  return { message, fix: 'Reload the page and try again. If it stays, tell whoever runs the server.' }
}

/** A cancelled request stays what it is, so that react-query and callers can tell it from a failure. */
function asApiError(error: unknown): unknown {
  if (error instanceof ApiError || (error instanceof DOMException && error.name === 'AbortError')) return error
  return new ApiError({
    status: 0,
    code: 'unreachable',
    message: 'The server could not be reached.',
    fix: 'Check that it runs and that this computer is on the network, then try again.',
  })
}

function readJson(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
