import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { slackCode } from '../../../shared/slack-codes.ts'
import { isLoopback } from '../../../shared/webhook-url.ts'

/** The parts of the road to Slack, in the order they are walked; `proxy` only where one stands in between. */
export type LegName = 'dns' | 'tcp' | 'proxy' | 'tls'
export type Leg = { name: LegName; tookMs: number; note?: string }

/** The connection never opened, so nothing was sent: whatever it was for may be tried again. */
export class RoadBlocked extends Error {
  readonly leg: LegName
  /** A code of the table. Not named `code`, which undici reads and, for some values, answers with endless retries. */
  readonly reason: string
  readonly tookMs: number

  constructor(leg: LegName, cause: unknown, tookMs: number) {
    super(`${leg}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.name = 'RoadBlocked'
    this.leg = leg
    this.reason = reasonFor(leg, cause)
    this.tookMs = tookMs
  }
}

export type RoadOptions = {
  proxyUrl?: string | undefined
  /** For the whole road, not for each leg. */
  connectMs: number
  signal?: AbortSignal
  onLeg?: (leg: Leg) => void
}

/**
 * Opens a connection to where the URL points, through the proxy when one is given. The pool and the connection test
 * both come through here, so that what the test says is true for the messages.
 */
export async function openRoad(url: URL, options: RoadOptions): Promise<Socket> {
  const { connectMs, onLeg } = options
  const signal = AbortSignal.any([AbortSignal.timeout(connectMs), ...(options.signal ? [options.signal] : [])])
  const proxy = options.proxyUrl === undefined ? undefined : new URL(options.proxyUrl)
  const first = proxy ?? url
  let socket: Socket | undefined
  const leg = async <Result>(name: LegName, walk: () => Promise<Result>, note?: (result: Result) => string) => {
    const startedAt = performance.now()
    try {
      const result = await walk()
      onLeg?.({ name, tookMs: performance.now() - startedAt, ...(note && { note: note(result) }) })
      return result
    } catch (error) {
      socket?.destroy()
      throw new RoadBlocked(name, error, performance.now() - startedAt)
    }
  }

  const addresses = await leg('dns', () => findAddresses(first, signal), describeAddresses)
  socket = await leg('tcp', () => openTcp(first, addresses, signal))
  const raw = socket
  if (proxy)
    socket = await leg(
      'proxy',
      () => passProxy(raw, proxy, url, signal),
      () => proxy.host,
    )
  const tunnel = socket
  if (url.protocol === 'https:') socket = await leg('tls', () => startTls(tunnel, url, signal))
  return socket
}

/** The proxy for this address: as usual, HTTPS_PROXY is for https, and never for this very machine. */
export function proxyFor(url: URL, proxyUrl: string | undefined): string | undefined {
  return url.protocol === 'https:' && !isLoopback(url.hostname) ? proxyUrl : undefined
}

type Address = { address: string; family: number }

async function findAddresses(url: URL, signal: AbortSignal): Promise<Address[]> {
  const host = hostOf(url)
  const family = isIP(host)
  if (family !== 0) return [{ address: host, family }]
  // A lookup can't be taken back; a late answer is dropped.
  return Promise.race([lookup(host, { all: true }), gone(signal)])
}

function describeAddresses(addresses: Address[]): string {
  return addresses.map(({ address }) => address).join(', ')
}

async function openTcp(url: URL, addresses: Address[], signal: AbortSignal): Promise<Socket> {
  const socket = connectTcp({
    host: hostOf(url),
    port: portOf(url),
    lookup: (_host, { all }, done) => {
      const [first] = addresses
      if (all || !first) done(null, addresses)
      else done(null, first.address, first.family)
    },
    autoSelectFamily: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  })
  return opened(socket, 'connect', signal)
}

async function passProxy(socket: Socket, proxy: URL, to: URL, signal: AbortSignal): Promise<Socket> {
  const link = proxy.protocol === 'https:' ? await startTls(socket, proxy, signal) : socket
  const target = `${to.hostname}:${portOf(to)}`
  const { username, password } = proxy
  const login = Buffer.from(`${plain(username)}:${plain(password)}`).toString('base64')
  const asking = request({
    method: 'CONNECT',
    path: target,
    headers: { host: target, ...(username && { 'proxy-authorization': `Basic ${login}` }) },
    createConnection: () => link,
  })
  asking.end()
  const [answer] = await once(asking, 'connect', { signal })
  if (answer.statusCode !== 200) throw new ProxyRefused(answer.statusCode)
  return link
}

/** As it was meant: a % that begins no escape is one, since passwords are often put into addresses as they are. */
function plain(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped)
    } catch {
      return escaped
    }
  })
}

async function startTls(socket: Socket, url: URL, signal: AbortSignal): Promise<Socket> {
  const host = hostOf(url)
  // HTTP/1.1 alone: one request on a connection at a time, so that a broken one puts one message in doubt, not many.
  const secure = connectTls({
    socket,
    host,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(host) === 0 && { servername: host }),
  })
  return opened(secure, 'secureConnect', signal)
}

async function opened<Opening extends Socket>(socket: Opening, event: string, signal: AbortSignal): Promise<Opening> {
  // An error after the one we wait for belongs to whoever uses the socket, and must not end the process before that.
  socket.on('error', () => {})
  try {
    await once(socket, event, { signal })
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}

function gone(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '')
const portOf = (url: URL) => Number(url.port) || (url.protocol === 'https:' ? 443 : 80)

class ProxyRefused extends Error {
  readonly code: string

  constructor(status: number) {
    super(`the proxy answered ${status}`)
    this.name = 'ProxyRefused'
    this.code = status === 407 ? 'proxy_auth_required' : 'proxy_refused'
  }
}

/** The code whose row says that nothing was sent; a row that leaves it open would be wrong here. */
function reasonFor(leg: LegName, cause: unknown): string {
  const { code, name } = cause as { code?: unknown; name?: unknown }
  if (name === 'AbortError' || name === 'TimeoutError') return leg === 'dns' ? 'EAI_AGAIN' : 'UND_ERR_CONNECT_TIMEOUT'
  if (code === 'ETIMEDOUT') return 'UND_ERR_CONNECT_TIMEOUT'
  if (typeof code === 'string' && slackCode(code).retry === 'backoff') return code
  if (leg === 'tls') return /CERT|ISSUER|SIGNATURE/.test(String(code)) ? 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' : 'EPROTO'
  return { dns: 'ENOTFOUND', tcp: 'network_error', proxy: 'proxy_refused' }[leg]
}
