export type Instant = string | number | Date

const NBSP = '\u00a0'
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const DAY_TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }

/** The whole number with its thousands separated: 12,987. */
export function formatCount(value: number): string {
  return WHOLE.format(value)
}

/** At most four characters of a number: 999, 1.2 k, 13 k, 4.1 M. Never rounds up into the next unit. */
export function formatShort(value: number): string {
  const size = Math.abs(value)
  if (size < 1000) return WHOLE.format(Math.trunc(value))
  const [unit, name] = size < 1e6 ? [1e3, 'k'] : size < 1e9 ? [1e6, 'M'] : [1e9, 'G']
  const scaled = value / unit
  const digits = Math.abs(scaled) < 10 ? 1 : 0
  return `${trimmed(scaled, digits)}${NBSP}${name}`
}

/** A share from 0 to 1 as a percentage without its sign. Cut, not rounded: 99.996 % is never shown as 100. */
export function percentDigits(share: number, digits = 2): string {
  return trimmed(share * 100, digits)
}

/** A share from 0 to 1: `99.62 %`. */
export function formatPercent(share: number, digits = 2): string {
  return `${percentDigits(share, digits)}${NBSP}%`
}

/** A size as files are told: 512 bytes, 20 kB, 1.4 MB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return plural(bytes, 'byte')
  const [unit, name] = bytes < 1e6 ? [1e3, 'kB'] : bytes < 1e9 ? [1e6, 'MB'] : [1e9, 'GB']
  const scaled = bytes / unit
  return `${trimmed(scaled, scaled < 10 ? 1 : 0)}${NBSP}${name}`
}

/** A duration a person reads at a glance: 143 ms, 8.2 s, 2 min 5 s, 3 h 10 min, 4 d 2 h. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `−${formatDuration(-ms)}`
  if (ms > 0 && ms < 1) return `<1${NBSP}ms`
  if (ms < SECOND) return `${Math.trunc(ms)}${NBSP}ms`
  if (ms < 10 * SECOND) return `${trimmed(ms / SECOND, 1)}${NBSP}s`
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)}${NBSP}s`
  if (ms < HOUR) return twoUnits(ms, MINUTE, 'min', SECOND, 's')
  if (ms < DAY) return twoUnits(ms, HOUR, 'h', MINUTE, 'min')
  return twoUnits(ms, DAY, 'd', HOUR, 'h')
}

/** How long ago, or in how long: `40 s ago`, `in 3 min`, `2 d ago`. */
export function formatRelative(at: Instant, now: number): string {
  const distance = now - toMs(at)
  const size = Math.abs(distance)
  if (size < 5 * SECOND) return 'just now'
  const amount =
    size < MINUTE
      ? `${Math.floor(size / SECOND)}${NBSP}s`
      : size < HOUR
        ? `${Math.floor(size / MINUTE)}${NBSP}min`
        : size < DAY
          ? `${Math.floor(size / HOUR)}${NBSP}h`
          : `${Math.floor(size / DAY)}${NBSP}d`
  return distance >= 0 ? `${amount} ago` : `in ${amount}`
}

/** The exact instant in the viewer's zone, with the zone: `24 Nov 2026, 14:05:09.120 Europe/Madrid`. */
export function formatExact(at: Instant, zone = viewerZone()): string {
  return `${formatDay(at, zone)}, ${formatClock(at, zone)} ${zone}`
}

/** The day: `24 Nov 2026`. */
export function formatDay(at: Instant, zone = viewerZone()): string {
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric', timeZone: zone }
  return new Intl.DateTimeFormat('en-GB', options).format(toMs(at))
}

/** The time of day to the millisecond: `14:05:09.120`. */
export function formatClock(at: Instant, zone = viewerZone()): string {
  const options: Intl.DateTimeFormatOptions = {
    ...DAY_TIME,
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZone: zone,
  }
  return new Intl.DateTimeFormat('en-GB', options).format(toMs(at))
}

/** The time of day to the second: `14:05:09`. */
export function formatSecond(at: Instant, zone = viewerZone()): string {
  return new Intl.DateTimeFormat('en-GB', { ...DAY_TIME, second: '2-digit', timeZone: zone }).format(toMs(at))
}

/** The time of day to the minute: `14:05`. */
export function formatTime(at: Instant, zone = viewerZone()): string {
  return new Intl.DateTimeFormat('en-GB', { ...DAY_TIME, timeZone: zone }).format(toMs(at))
}

/** Day and minute without the year: `24 Nov 14:05`. */
export function formatDayTime(at: Instant, zone = viewerZone()): string {
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: zone }).format(toMs(at))
  return `${day} ${formatTime(at, zone)}`
}

/**
 * A stretch of time, open at either end: `24 Nov 10:00–10:30`, `since 24 Nov 10:00`. The day is said again if it is
 * another. What an address gives for an instant and is none is said as it stands.
 */
export function formatRange(from: Instant | undefined, to: Instant | undefined, zone = viewerZone()): string {
  const said = (at: Instant, format: typeof formatTime) => (Number.isNaN(toMs(at)) ? `${at}` : format(at, zone))
  if (from === undefined) return to === undefined ? 'any time' : `before ${said(to, formatDayTime)}`
  const start = said(from, formatDayTime)
  if (to === undefined) return `since ${start}`
  return `${start}–${said(to, said(from, formatDay) === said(to, formatDay) ? formatTime : formatDayTime)}`
}

/** The zone of the person looking, such as Europe/Madrid. */
export function viewerZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** One thing, two things: `plural(1, 'delivery', 'deliveries')` is `1 delivery`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

export function toMs(at: Instant): number {
  return typeof at === 'number' ? at : new Date(at).getTime()
}

function twoUnits(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const whole = Math.floor(ms / big)
  const rest = Math.floor((ms - whole * big) / small)
  return rest ? `${whole}${NBSP}${bigName} ${rest}${NBSP}${smallName}` : `${whole}${NBSP}${bigName}`
}

/** Cuts to so many digits and drops zeros at the end. The nudge undoes 0.9962 * 100 being 99.61999…. */
function trimmed(value: number, digits: number): string {
  const factor = 10 ** digits
  const nudge = Math.sign(value) * Math.abs(value) * 1e-12
  return String(Math.trunc((value + nudge) * factor) / factor)
}
