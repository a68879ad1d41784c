import { ReadableStream } from 'node:stream/web'
import { setTimeout as wait } from 'node:timers/promises'
import type { z } from 'zod'
import { ErrorAnswer } from '../../shared/refusals.ts'
import { isLoopback } from '../../shared/webhook-url.ts'
import { note, plain } from './print.ts'
import { EXIT, Problem, wrongUsage } from './problem.ts'
import { readSecret } from './read-secret.ts'

/** The server that a command talks to. */
export type Server = { url: URL; apiKey: string }

export type ServerOptions = { url?: string; apiKeyFd?: string; json?: boolean }

export type Asked = {
  method?: 'GET' | 'POST'
  /** Without a slash in front. */
  path: string
  query?: Record<string, string | number | undefined>
  body?: unknown
  /** In place of `body`, as it is read. A Problem that it throws ends the command. */
  stream?: AsyncIterable<Uint8Array>
  headers?: Record<string, string>
  /** Most answers come within a second; an upload takes what its size needs. */
  timeoutMs?: number
}

/** No answer came. Where the request may have arrived, it may have been done. */
export class NoAnswer extends Problem {
  readonly mayHaveArrived: boolean

  constructor(mayHaveArrived: boolean, message: string, fix: string) {
    super(EXIT.unreachable, message, fix)
    this.mayHaveArrived = mayHaveArrived
  }
}

/** The server is too busy and named a wait; nothing was done. */
class AskedToWait extends Problem {
  readonly waitMs: number

  constructor(waitMs: number, message: string, fix: string | undefined) {
    super(EXIT.failed, message, fix)
    this.waitMs = waitMs
  }
}

/** The server by `--url` or SWITCHBOARD_URL, and the API key to open it with. */
export async function findServer(options: ServerOptions): Promise<Server> {
  const given = options.url ?? (process.env.SWITCHBOARD_URL || DEFAULT_URL)
  const name = options.url === undefined ? 'SWITCHBOARD_URL' : '--url'
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol)) {
    throw wrongUsage(`${name} is no http or https address.`, `For example ${name} ${DEFAULT_URL}`)
  }
  const url = new URL(given.endsWith('/') ? given : `${given}/`)
  if (url.username || url.password || url.search || url.hash) {
    throw wrongUsage(
      `${name} takes an address without user name, password, ? and #.`,
      'The API key goes apart from it.',
    )
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    note(`Warning: the API key goes to ${url.host} unencrypted. Use its https address.`)
  }
  const what = { what: 'API key', fdOption: '--api-key-fd', fd: options.apiKeyFd, env: 'SWITCHBOARD_API_KEY' }
  const apiKey = await readSecret(what)
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    throw wrongUsage('The API key holds characters that no key has.', 'Copy it again.')
  return { url, apiKey }
}

/** One request; its answer passes the schema. What the server refuses ends the command with its words and its way out. */
export async function ask<Answer>(server: Server, asked: Asked, schema: z.ZodType<Answer>): Promise<Answer> {
  return read(server, asked, await reach(server, asked), schema)
}

/**
 * The same for what may be asked again without being done twice. Where the connection broke, or the server asked to wait
 * a little, it is tried two more times. `isRepeated`: the same was asked before, and this is the answer of then.
 */
export async function askUntilAnswered<Answer>(
  server: Server,
  makeAsked: () => Asked,
  schema: z.ZodType<Answer>,
): Promise<{ answer: Answer; isRepeated: boolean }> {
  for (let tries = 1; ; tries += 1) {
    try {
      const asked = makeAsked()
      const response = await reach(server, asked)
      const isRepeated = tries === 1 && response.headers.get('idempotency-replayed') === 'true'
      return { answer: await read(server, asked, response, schema), isRepeated }
    } catch (error) {
      const waitMs = waitBeforeNext(error, tries)
      if (waitMs === undefined || tries === MOST_TRIES) throw error
      await wait(waitMs)
    }
  }
}

/** The answer itself, once it is known to be a success. */
export async function reach(server: Server, asked: Asked): Promise<Response> {
  const { method = 'GET', path, body, stream, headers, timeoutMs = 30_000 } = asked
  const url = new URL(path, server.url)
  for (const [name, value] of Object.entries(asked.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  let response: Response
  try {
    response = await fetch(url, {
      method,
      // Whoever is sent elsewhere would take the API key along.
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${server.apiKey}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(stream && { body: ReadableStream.from(stream) as BodyInit, duplex: 'half' }),
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (error) {
    throw noAnswer(server, error)
  }
  if (!response.ok) throw await refused(server, response)
  return response
}

/** Where `npm start` listens. */
const DEFAULT_URL = 'http://127.0.0.1:3000'
const MOST_TRIES = 3
/** Ports of other services are bad ones to fetch, which does not even try them. */
const NEVER_ARRIVED =
  /^(bad port|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT|SIGNATURE/

const LONGEST_WAIT_MS = 30_000

function waitBeforeNext(error: unknown, tries: number): number | undefined {
  if (error instanceof AskedToWait && error.waitMs <= LONGEST_WAIT_MS) return error.waitMs
  return error instanceof NoAnswer && error.mayHaveArrived ? tries * 500 : undefined
}

async function read<Answer>(
  server: Server,
  { path }: Asked,
  response: Response,
  schema: z.ZodType<Answer>,
): Promise<Answer> {
  const answer = schema.safeParse(await readJson(server, response))
  if (answer.success) return answer.data
  const at = answer.error.issues[0]?.path.join('.') || 'the answer'
  throw new Problem(
    EXIT.failed,
    `The server answered ${path} with something this command does not understand (${at}).`,
    'Run the same version of Switchboard here and there.',
  )
}

async function readJson(server: Server, response: Response): Promise<unknown> {
  let text: string
  try {
    text = await response.text()
  } catch (error) {
    throw noAnswer(server, error)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new NoAnswer(
      false,
      `What answers at ${server.url.href} is no Switchboard.`,
      'Check --url or SWITCHBOARD_URL.',
    )
  }
}

function noAnswer(server: Server, error: unknown): NoAnswer {
  if (!(error instanceof Error)) throw error
  if (error.cause instanceof Problem) throw error.cause
  const { cause } = error as { cause?: { code?: unknown; message?: unknown; errors?: { code?: unknown }[] } }
  const code = String(cause?.code ?? cause?.errors?.[0]?.code ?? cause?.message ?? error.name)
  if (error.name !== 'TimeoutError' && !cause) throw error
  const isUnheard = NEVER_ARRIVED.test(code)
  return new NoAnswer(
    !isUnheard,
    isUnheard
      ? `The server at ${server.url.href} can't be reached (${code}).`
      : `The connection to ${server.url.href} broke before the answer came (${code}), so it may or may not have been done.`,
    isUnheard
      ? 'Start it, or name the right address by --url or SWITCHBOARD_URL.'
      : 'Run the command again once the server answers.',
  )
}

async function refused(server: Server, response: Response): Promise<Problem> {
  const { status } = response
  if (status < 400) {
    const fix = `Name the address it is really at by --url or SWITCHBOARD_URL.`
    return new NoAnswer(false, `${server.url.href} sends on to another address (${status}).`, fix)
  }
  const read = ErrorAnswer.safeParse(await response.json().catch(() => undefined))
  if (!read.success) {
    const fix = 'Check --url or SWITCHBOARD_URL, and the proxy in front of the server.'
    return new NoAnswer(status >= 500, `What answers at ${server.url.href} is no Switchboard (HTTP ${status}).`, fix)
  }
  const { code, field, requestId, ...words } = read.data.error
  // They may quote what others wrote: a name that somebody gave in the console, for example.
  const [message, fix] = [plain(words.message), words.fix && plain(words.fix)]
  const about = [code, field && `field ${field}`, requestId && `request ${requestId}`].filter(Boolean).join(', ')
  const waitS = Number(response.headers.get('retry-after') || Number.NaN)
  if (status === 429 || (status === 503 && waitS > 0)) {
    return new AskedToWait((Number.isNaN(waitS) ? 1 : waitS) * 1_000, `${message} (${about})`, fix)
  }
  return new Problem(EXIT.failed, `${message} (${about})`, fix)
}
