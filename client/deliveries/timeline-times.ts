import { formatClock, formatDay, type Instant } from '../lib/format.ts'

/** The time of each entry, less what did not change since the one before: `12:00:01.040`, `.121`, `21 Nov 00:00:04.000`. */
export function shownTimes(instants: readonly Instant[], zone?: string): string[] {
  return instants.map((at, index) => {
    const before = instants[index - 1]
    const clock = formatClock(at, zone)
    if (before === undefined) return clock
    const day = formatDay(at, zone)
    if (day !== formatDay(before, zone)) return `${day.replace(/ \d{4}$/, '')} ${clock}`
    const [second, rest] = [clock.slice(0, 8), clock.slice(8)]
    return second === formatClock(before, zone).slice(0, 8) ? rest : clock
  })
}
