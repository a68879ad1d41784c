import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector, type Dispatcher, ProxyAgent, request } from 'undici'
import type { PlatformAnswer, PlatformReach, PlatformRequest } from '../context.ts'
import { unpacked } from '../lib/unpack.ts'
import { isForbiddenAddress } from './addresses.ts'
import { hostOf, isNamedHost, nameIt, urlProblem } from './check-url.ts'
import { AnswerTooLong, ForbiddenAddress, failureOf } from './failure.ts'

type ReachParts = {
  /** Hosts, or hosts and ports, that may be of a private network and be spoken to over plain http. */
  hosts: string[]
  proxyUrl: string | undefined
  lookup?: LookupFunction
}

export const LONGEST_ANSWER_BYTES = 1024 * 1024

/**
 * The one way out to addresses that people typed in. Where a name points is looked at as the connection is made, so that
 * a name that changes its mind gains nothing; no redirect is followed; time and length of an answer are bounded.
 */
export function makePlatformReach(parts: ReachParts): PlatformReach & { close: () => Promise<void> } {
  const { hosts, proxyUrl, lookup = systemLookup as LookupFunction } = parts
  const open = buildConnector({ allowH2: false, autoSelectFamily: true })
  const guarded = buildConnector({ allowH2: false, autoSelectFamily: true, lookup: guardedLookup(lookup) })
  const direct = new Agent({
    ...POOL,
    connect: (options, done) => {
      const url = new URL(`${options.protocol}//${bracketed(options.hostname)}${options.port && `:${options.port}`}`)
      if (isNamedHost(url, hosts)) return open(options, done)
      // A bare address is never looked up.
      if (isIP(hostOf(url)) && isForbiddenAddress(hostOf(url))) {
        return done(new ForbiddenAddress(hostOf(url)), null)
      }
      return guarded(options, done)
    },
  })
  const proxied = proxyUrl === undefined ? undefined : new ProxyAgent({ ...POOL, uri: proxyUrl, allowH2: false })

  const ask = async (address: string, asked: PlatformRequest): Promise<PlatformAnswer> => {
    const url = new URL(address)
    const wrong = urlProblem(url, hosts)
    if (wrong) return { kind: 'failed', code: 'address_forbidden', detail: `${wrong.message} ${wrong.fix}` }
    const seen: { status?: number } = {}
    try {
      const signal = AbortSignal.timeout(asked.deadlineMs)
      const isDirect = !proxied || isNamedHost(url, hosts)
      if (!isDirect) await checkName(url, lookup, signal)
      return await exchange(
        isDirect ? direct : proxied,
        url,
        { headers: asked.headers, body: asked.body, signal },
        seen,
      )
    } catch (error) {
      return failureOf(error, { httpStatus: seen.status, deadlineMs: asked.deadlineMs, hint: nameIt(url) })
    }
  }
  return { hosts, ask, close: async () => void (await Promise.all([direct.destroy(), proxied?.destroy()])) }
}

/** One timer bounds the whole call; headers are limited by Node itself, to 16 kB. */
const POOL = { connections: 32, headersTimeout: 0, bodyTimeout: 0, allowH2: false }

/** One request, its answer read whole. `seen` tells the status even when the rest of the answer is no good. */
async function exchange(
  dispatcher: Dispatcher,
  url: URL,
  sent: { headers: Record<string, string>; body: string; signal: AbortSignal },
  seen: { status?: number },
): Promise<PlatformAnswer> {
  const headers = { ...sent.headers, 'content-type': 'application/json', 'accept-encoding': 'identity' }
  const answer = await request(url, { dispatcher, method: 'POST', ...sent, headers })
  seen.status = answer.statusCode
  const packed = await readBounded(answer.body)
  const encoding = answer.headers['content-encoding']
  const bytes = encoding === undefined ? packed : await unpacked(String(encoding), packed, LONGEST_ANSWER_BYTES)
  if (bytes === 'too_large') throw new AnswerTooLong()
  const retryAfter = Number(answer.headers['retry-after'] ?? Number.NaN)
  return {
    kind: 'answered',
    status: answer.statusCode,
    text: bytes === 'broken' ? '' : bytes.toString('utf8'),
    ...(retryAfter >= 0 && { retryAfterMs: retryAfter * 1_000 }),
  }
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.length
    // Leaving the loop closes the connection.
    if (bytes > LONGEST_ANSWER_BYTES) throw new AnswerTooLong()
  }
  return Buffer.concat(chunks)
}

/** Answers with what a name points at, unless any of it is not on the open internet. */
export function guardedLookup(lookup: LookupFunction): LookupFunction {
  return (name, options, done) =>
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error) return done(error, '', 0)
      const addresses = found as LookupAddress[] // `all` was asked for
      const forbidden = addresses.find(({ address }) => isForbiddenAddress(address))
      const [first] = addresses
      if (forbidden || !first) return done(new ForbiddenAddress(forbidden?.address ?? 'nothing'), '', 0)
      if (options.all) return done(null, addresses)
      return done(null, first.address, first.family)
    })
}

/** Behind a proxy the last look-up is the proxy's own; what this machine can find out is refused before. */
async function checkName(url: URL, lookup: LookupFunction, signal: AbortSignal): Promise<void> {
  if (isIP(hostOf(url)) !== 0) return
  const looked = new Promise<void>((resolve, reject) => {
    guardedLookup(lookup)(hostOf(url), { all: true }, (error) => {
      if (error instanceof ForbiddenAddress) reject(error)
      else resolve()
    })
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  await looked
}

const bracketed = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host)
