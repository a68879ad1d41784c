/** What the clocks of a time zone show at an instant, written as if it were UTC. */
export function wallClock(timeZone: string, at: number): number {
  return at + offsetAt(timeZone, at)
}

/**
 * The instant at which the clocks of a time zone show this. Shown twice, where clocks are set back: the first or the
 * last of them. Never shown, where they are set forward: the moment of the change.
 */
export function instantOf(timeZone: string, wall: number, which: 'first' | 'last'): number {
  const before = offsetAt(timeZone, wall - DAY_MS)
  const after = offsetAt(timeZone, wall + DAY_MS)
  const shown = [wall - before, wall - after].filter((at) => wallClock(timeZone, at) === wall)
  if (shown.length > 0) return which === 'first' ? Math.min(...shown) : Math.max(...shown)
  return changeBetween(timeZone, wall - Math.max(before, after), wall - Math.min(before, after))
}

/** Whether it names a zone of the tz database, as this runtime knows it. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name)
    return true
  } catch {
    return false
  }
}

export const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** The first minute after a change of the offset that lies between two instants. */
function changeBetween(timeZone: string, from: number, to: number): number {
  const offset = offsetAt(timeZone, from)
  let [low, high] = [Math.floor(from / MINUTE_MS), Math.ceil(to / MINUTE_MS)]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(timeZone, middle * MINUTE_MS) === offset) low = middle
    else high = middle
  }
  return high * MINUTE_MS
}

function offsetAt(timeZone: string, at: number): number {
  const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) shown[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000
}

/** Making one costs a hundred times what using it does. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(timeZone, made)
  return made
}
