import type { Head, Released } from './lanes/lanes-store.ts'

/** The first of the lowest rank whose time has come. Of a stopped lane only tests go out. */
export function dueHead(heads: readonly Head[], isStopped: boolean, now: number): Head | undefined {
  return heads
    .filter((head) => isDue(head, now) && (!isStopped || head.rank < 0))
    .reduce<Head | undefined>((best, head) => (best && best.rank <= head.rank ? best : head), undefined)
}

/**
 * Its time has come. A clock that was set back says so of nothing that was written before: what was not meant for later
 * goes, and so does what waited for another try.
 */
function isDue({ dueAt, stateAt, state }: Head, now: number): boolean {
  if (dueAt <= now) return true
  if (stateAt === null || stateAt <= now + CLOCKS_APART_MS) return false
  return state === 'retrying' || state === 'unconfirmed' || dueAt <= stateAt
}

/** What two readings of the store's clock may differ by: it is counted on for a second. */
export const CLOCKS_APART_MS = 2_000

/** When a lane is looked at next: at once if something is due, else when the first wait ends. */
export function nextLookAt(
  { destinationId, isStopped }: { destinationId: string; isStopped: boolean },
  heads: readonly Head[],
  now: number,
  notBefore = 0,
): Released {
  const due = dueHead(heads, isStopped, now)
  if (due) return { destinationId, rank: due.rank, nextAt: Math.max(now, notBefore) }
  const waiting = heads.filter((head) => !isStopped || head.rank < 0)
  const soonest = waiting.reduce<Head | undefined>(
    (best, head) => (best && best.dueAt <= head.dueAt ? best : head),
    undefined,
  )
  return soonest
    ? { destinationId, rank: soonest.rank, nextAt: Math.max(soonest.dueAt, notBefore) }
    : { destinationId, rank: 2, nextAt: null }
}
