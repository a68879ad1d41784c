/**
 * Whether two values are the same. A number and a text that is written like one meet as numbers; two texts that are
 * dates meet as dates; lists are the same when each of their values is. Everything else is the same only as it stands.
 */
export function same(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, at) => sameScalar(item, right[at]))
  }
  return sameScalar(left, right)
}

function sameScalar(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left === 'number' || typeof right === 'number') return order(left, right) === 0
  const [one, other] = [momentOf(left), momentOf(right)]
  return one !== undefined && other !== undefined && between(one, other) === 0
}

/** Below 0 when the left one comes first, above 0 when it comes last; `undefined` when the two have no order. */
export function order(left: unknown, right: unknown): number | undefined {
  const [low, high] = [numberOf(left), numberOf(right)]
  if (low !== undefined && high !== undefined) return low - high
  const [early, late] = [momentOf(left), momentOf(right)]
  return early && late ? between(early, late) : undefined
}

/** Whether there are values that this one stands before or after. */
export function hasOrder(value: unknown): boolean {
  return numberOf(value) !== undefined || momentOf(value) !== undefined
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.length > LONGEST_NUMBER || !NUMBER.test(value)) return undefined
  return Number(value)
}

/** A day is a whole one, so an instant is within it, not after it. */
type Moment = { ms: number; isDay: boolean }

function between(early: Moment, late: Moment): number {
  const unit = early.isDay || late.isDay ? DAY_MS : 1
  return Math.floor(early.ms / unit) - Math.floor(late.ms / unit)
}

function momentOf(value: unknown): Moment | undefined {
  if (typeof value !== 'string' || value.length < SHORTEST_MOMENT || value.length > LONGEST_MOMENT) return undefined
  const found = MOMENT.exec(value)
  if (!found) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((each) => Number(each ?? 0))
  const midnight = new Date(Date.UTC(year, month - 1, day))
  const isReal = year >= 100 && midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day
  if (!isReal || hour > 23 || minute > 59 || second > 59) return undefined
  const [fraction, zone] = [found[7], found[8]]
  const ms = midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1_000 + Number(`0.${fraction ?? 0}`) * 1_000
  return { ms: Math.floor(ms) - offsetMs(zone), isDay: found[4] === undefined }
}

/** Without a zone it is UTC. */
function offsetMs(zone = 'Z'): number {
  if (zone === 'Z') return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))]
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

const DAY_MS = 86_400_000
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/
const LONGEST_NUMBER = 40
const MOMENT = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/
const SHORTEST_MOMENT = 10
const LONGEST_MOMENT = 35
