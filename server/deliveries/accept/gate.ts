import type { AppContext } from '../../context.ts'
import { freeBytes } from '../../db/free-space.ts'
import { Refusal } from '../../errors.ts'

/** How much is let in at once and over time, before anything runs out. */
export type GateLimits = {
  /** Of one source: what it may send on end, and how much more after a pause. */
  perSecond: number
  burst: number
  /** Of all that wait to be written. */
  mostWaiting: number
  mostWaitingBytes: number
  /** On the disk of an embedded database: enough to go on sending, which writes too. */
  leastFreeBytes: number
}

export const gateLimits: GateLimits = {
  perSecond: 50_000,
  burst: 100_000,
  mostWaiting: 20_000,
  mostWaitingBytes: 64 * 1024 * 1024,
  leastFreeBytes: 200 * 1024 * 1024,
}

type Entering = { source: string; count: number; bytes: number }

/** Runs work that takes in so many messages, or refuses it with the time to come back: memory and disk stay bounded. */
export type Gate = <Answer>(entering: Entering, work: () => Promise<Answer>) => Promise<Answer>

export function openGate(ctx: AppContext, limits: GateLimits = gateLimits): Gate {
  const fullAt = new Map<string, number>()
  let waiting = 0
  let waitingBytes = 0
  let isFull = false
  let tokensAt = 0
  let lookedAtMs = Number.NEGATIVE_INFINITY

  const takeTokens = ({ source, count }: Entering) => {
    const now = ctx.now()
    // The clock was set back: by it, every bucket would stay empty for as long as that.
    if (now < tokensAt - CLOCK_JITTER_MS) fullAt.clear()
    tokensAt = now
    const startsAt = Math.max(fullAt.get(source) ?? 0, now)
    const endsAt = startsAt + (count * 1_000) / limits.perSecond
    // A request larger than the whole burst waits until the bucket is full.
    const waitMs = Math.min(endsAt - (limits.burst * 1_000) / limits.perSecond, startsAt) - now
    if (waitMs > 0) throw tooMany('This source sends more than it may.', waitMs)
    if (fullAt.size >= MOST_SOURCES) for (const [name, at] of fullAt) if (at <= now) fullAt.delete(name)
    fullAt.set(source, endsAt)
  }

  const lookAtDisk = async () => {
    if (performance.now() - lookedAtMs < LOOK_EVERY_MS) return
    lookedAtMs = performance.now()
    const free = await freeBytes(ctx.db)
    const wasFull = isFull
    isFull = free !== undefined && free < limits.leastFreeBytes
    if (isFull && !wasFull)
      ctx.log.error('disk.nearly_full', { freeBytes: free, leastFreeBytes: limits.leastFreeBytes })
  }

  return async (entering, work) => {
    await lookAtDisk()
    if (isFull) throw nearlyFull(limits)
    if (waiting > 0 && waiting + entering.count > limits.mostWaiting) throw tooMany(QUEUED, 1_000)
    if (waiting > 0 && waitingBytes + entering.bytes > limits.mostWaitingBytes) throw tooMany(QUEUED, 1_000)
    takeTokens(entering)
    waiting += entering.count
    waitingBytes += entering.bytes
    try {
      return await work()
    } finally {
      waiting -= entering.count
      waitingBytes -= entering.bytes
    }
  }
}

const QUEUED = 'More arrives than can be written at the moment.'
const LOOK_EVERY_MS = 1_000
const CLOCK_JITTER_MS = 100
const MOST_SOURCES = 10_000

const tooMany = (message: string, waitMs: number) =>
  new Refusal('too_many', `${message} Nothing of this request was kept.`, {
    fix: 'Send it again after the time in Retry-After. Many events in one request cost far less than one in each.',
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
  })

const nearlyFull = ({ leastFreeBytes }: GateLimits) =>
  new Refusal('unavailable', 'The disk of the database is nearly full, so nothing more is taken in.', {
    fix: `Free some space there, at least ${Math.ceil(leastFreeBytes / 1024 / 1024)} MB, then send it again.`,
    retryAfterSeconds: 30,
  })
