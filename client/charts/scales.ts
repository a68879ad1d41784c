const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 8, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 7, 14, 28].map((days) => days * DAY),
]

export type TimeTicks = { ticks: number[]; isDays: boolean }

/** Round instants of the viewer's own clock between two others, at most `most` of them. */
export function timeTicks(from: number, to: number, most: number): TimeTicks {
  const step = STEPS.find((candidate) => (to - from) / candidate <= most) ?? 28 * DAY
  const start = new Date(from)
  start.setHours(0, 0, 0, 0)
  const ticks: number[] = []
  // Days are walked by the calendar and hours within each day, so that a change of clocks leaves the ticks round.
  for (let day = 0; day < 800; day += Math.max(1, step / DAY)) {
    const midnight = new Date(start.getFullYear(), start.getMonth(), start.getDate() + day)
    if (midnight.getTime() > to) break
    if (step >= DAY) ticks.push(midnight.getTime())
    else for (let at = 0; at < DAY; at += step) ticks.push(clockTime(midnight, at))
  }
  return { ticks: [...new Set(ticks)].filter((tick) => tick >= from && tick <= to), isDays: step >= DAY }
}

function clockTime(midnight: Date, ms: number): number {
  return new Date(midnight.getFullYear(), midnight.getMonth(), midnight.getDate(), 0, ms / MINUTE).getTime()
}

/** Round values from 0 to at least `max`, about `count` of them. */
export function countTicks(max: number, count = 4): number[] {
  const step = Math.max(1, niceStep(Math.max(max, 1) / count))
  return range(0, Math.ceil(Math.max(max, 1) / step), step)
}

/** Round shares from below `min` up to 1; all is told apart near the top, where the targets are. */
export function shareTicks(min: number): number[] {
  const step = niceStep(Math.max(1 - min, 0.004) / 4)
  const below = Math.min(Math.ceil((1 - min) / step - 1e-9), Math.round(1 / step))
  return range(-Math.max(below, 2), 0, step).map((value) => Math.max(0, round(1 + value)))
}

function range(first: number, last: number, step: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => round((first + index) * step))
}

/** 1, 2, 2.5 or 5 times a power of ten, the next one up. */
function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw))
  const digit = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= raw * 0.999) ?? 10
  return digit * power
}

function round(value: number): number {
  return Number(value.toPrecision(12))
}
