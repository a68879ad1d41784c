import { useEffect, useState, useSyncExternalStore } from 'react'
import { formatExact, formatRelative, type Instant, toMs } from '../lib/format.ts'

const TICK_MS = 5000
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let now = Date.now()

/** How long ago something was, kept current, with the exact instant in the viewer's zone on hover. */
export function RelativeTime({ at }: { at: Instant }) {
  const current = useNow()
  const ms = toMs(at)
  // The shared clock may be one tick behind, and something that just happened is not in the future.
  const since = ms > current && ms <= current + 2 * TICK_MS ? ms : current
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatExact(at)} style={{ whiteSpace: 'nowrap' }}>
      {formatRelative(at, since)}
    </time>
  )
}

/** When something is to happen, kept current; from its time on that it is due, for nothing of it has happened yet. */
export function DueTime({ at }: { at: Instant }) {
  const current = useNow()
  if (toMs(at) - current >= TICK_MS) return <RelativeTime at={at} />
  return (
    <time dateTime={new Date(toMs(at)).toISOString()} title={formatExact(at)} style={{ whiteSpace: 'nowrap' }}>
      due now
    </time>
  )
}

/** The present to within five seconds; all readers share one timer. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

/** Milliseconds since an instant, or since this was first drawn, counted up every `tickMs`. */
export function useElapsedMs(tickMs: number, since?: Instant): number {
  const [start] = useState(() => Date.now())
  const [current, setCurrent] = useState(start)
  useEffect(() => {
    const ticking = setInterval(() => setCurrent(Date.now()), tickMs)
    return () => clearInterval(ticking)
  }, [tickMs])
  return Math.max(0, current - (since === undefined ? start : toMs(since)))
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now()
    timer = setInterval(tick, TICK_MS)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearInterval(timer)
  }
}

function tick(): void {
  now = Date.now()
  for (const listener of listeners) listener()
}
