import { DAY_MS, instantOf, wallClock } from './local-time.ts'

/** When it is quiet: from one time of a day to another, of the same day or the next, on these days of the week. */
export type Weekly = { days: readonly number[]; from: string; to: string; timeZone: string }

/** Whether it is quiet at an instant, and when that changes. */
export type Span = { isQuiet: boolean; until: number }

/**
 * How it stands at an instant. Where clocks are set back, quiet hours begin at the first and end at the last time that
 * the clock shows; where they are set forward over a time, it counts as the moment of the change.
 */
export function spanAt(weekly: Weekly, at: number): Span {
  const known = spans.get(weekly)
  if (known && at >= known.from && at < known.to) return known.span
  const windows = windowsAround(weekly, at)
  const next = Math.min(...windows.map(({ from }) => from).filter((from) => from > at))
  const end = Math.max(...windows.filter(({ from, to }) => from <= at && at < to).map(({ to }) => to))
  const span = Number.isFinite(end) ? { isQuiet: true, until: end } : { isQuiet: false, until: next }
  spans.set(weekly, { from: at, to: Math.min(span.until, next), span })
  return span
}

/** The last answer for each: deciding a thousand events of one minute asks for one. */
const spans = new WeakMap<Weekly, { from: number; to: number; span: Span }>()

/** Each window that may hold the instant, and the next one after it: at the latest a week after one that clocks skip. */
function windowsAround({ days, from, to, timeZone }: Weekly, at: number): { from: number; to: number }[] {
  const today = Math.floor(wallClock(timeZone, at) / DAY_MS)
  const [start, end] = [timeOfDay(from), timeOfDay(to)]
  const windows: { from: number; to: number }[] = []
  for (let day = today - 2; day <= today + 15; day += 1) {
    if (!days.includes(weekdayOf(day))) continue
    const endDay = end > start ? day : day + 1
    const window = {
      from: instantOf(timeZone, day * DAY_MS + start, 'first'),
      to: instantOf(timeZone, endDay * DAY_MS + end, 'last'),
    }
    // Wholly within a time that clocks skip, there is none that day: the next one is another day's.
    if (window.from >= window.to) continue
    windows.push(window)
    if (window.from > at) break
  }
  return windows
}

/** 1 is Monday; the first of January 1970 was a Thursday. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

function timeOfDay(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return (hours * 60 + minutes) * 60_000
}
