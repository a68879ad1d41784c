import { databaseNow } from './engine.ts'
import type { Db } from './schema.ts'

type Clocks = { steadyMs: () => number; read: (db: Db) => Promise<number> }

export type StoreClock = {
  storeNow: (db: Db) => Promise<number>
  /**
   * This machine's clock, put right by as much as it was found to be off: when a message may leave, and which of two came
   * first by their ids, must not depend on the replicas that took them in. Right to the shortest way of an answer.
   */
  now: () => number
}

const CLOCKS: Clocks = { steadyMs: () => performance.now(), read: databaseNow }

/**
 * The database's clock, epoch milliseconds, read once a second and counted on between by a clock that nobody sets: asking
 * each time would cost every transaction a round trip. It may lag the database's by the time that an answer took, a tenth
 * of a second at most, and is ahead of it for a second at most, when the database's is set back. A machine that slept,
 * which the steady clock may not notice, is told by the wall clock.
 */
export function storeClock(wallMs: () => number, { steadyMs, read }: Clocks = CLOCKS): StoreClock {
  let last = { now: 0, steadyMs: Number.NEGATIVE_INFINITY, wallMs: 0 }
  let aheadMs = 0
  const storeNow = async (db: Db): Promise<number> => {
    const passedMs = steadyMs() - last.steadyMs
    const isSure = passedMs < COUNTED_MS && Math.abs(wallMs() - last.wallMs - passedMs) < MOST_APART_MS
    if (isSure) return Math.floor(last.now + passedMs)
    const askedAtMs = steadyMs()
    const askedAtWallMs = wallMs()
    const now = await read(db)
    const answeredAtMs = steadyMs()
    const answeredAtWallMs = wallMs()
    if (answeredAtMs - askedAtMs < MOST_LAG_MS) last = { now, steadyMs: answeredAtMs, wallMs: answeredAtWallMs }
    // It was read somewhere on the way, and its last millisecond had begun: what lies between both ends is left as it was.
    aheadMs = Math.min(Math.max(aheadMs, askedAtWallMs - now - 1), answeredAtWallMs - now)
    return now
  }
  return { storeNow, now: () => Math.floor(wallMs() - aheadMs) }
}

const COUNTED_MS = 1_000
/** How far it may lag. */
export const MOST_LAG_MS = 100
/** Clocks that are kept in time drift by far less within a second. */
const MOST_APART_MS = 20
