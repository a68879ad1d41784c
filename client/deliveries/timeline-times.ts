import { formatClock, formatDay, type Instant } from '../lib/format.ts'

/** A time in two parts: what it shares with the one before it, and what is new in it. */
export type ShownTime = { same: string; fresh: string }

/** The time of each entry, told apart by what changed: a second entry in one second is fresh in `.121` only. */
export function shownTimes(instants: readonly Instant[], zone?: string): ShownTime[] {
  return instants.map((at, index) => {
    const before = instants[index - 1]
    const clock = formatClock(at, zone)
    if (before === undefined) return { same: '', fresh: clock }
    const day = formatDay(at, zone)
    if (day !== formatDay(before, zone)) return { same: '', fresh: `${day.replace(/ \d{4}$/, '')} ${clock}` }
    const [second, rest] = [clock.slice(0, 8), clock.slice(8)]
    return second === formatClock(before, zone).slice(0, 8) ? { same: second, fresh: rest } : { same: '', fresh: clock }
  })
}
