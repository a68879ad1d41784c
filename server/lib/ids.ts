/** What ids begin with, so that a pasted id says what it is. */
export type IdPrefix =
  | 'int'
  | 'crd'
  | 'dst'
  | 'dlv'
  | 'att'
  | 'tst'
  | 'inv'
  | 'itr'
  | 'key'
  | 'dek'
  | 'aud'
  | 'prb'
  | 'usr'
  | 'ses'
  | 'req'
  | 'evt'
  | 'fil'
  | 'inc'
  | 'rpl'
  | 'rul'
  | 'sch'
  | 'run'
  | 'qth'
  | 'mut'
  | 'pep'
  | 'pcl'
  | 'chg'
  | 'swp'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_CHARS = 10
const RANDOM_CHARS = 12
/** Every two digits, in order. */
const PAIRS = [...ALPHABET].flatMap((first) => [...ALPHABET].map((second) => first + second))

/** Time-ordered ids: 50 bits of milliseconds, then 60 of randomness that count up inside one millisecond. */
export function makeNewId(
  now: () => number,
  randomBytes: (length: number) => Uint8Array,
): (prefix: IdPrefix) => string {
  let lastMs = 0
  let tail: number[] = []
  /** All but the prefix and the last two digits, which alone change from one id to the next. */
  let stem = ''
  let last = 0
  const begin = (ms: number, digits: number[]) => {
    lastMs = ms
    tail = digits
    last = (digits.at(-2) ?? 0) * 32 + (digits.at(-1) ?? 0)
    stem = `_${encodedTime(ms)}${digits
      .slice(0, -2)
      .map((digit) => ALPHABET[digit])
      .join('')}`
  }
  return (prefix) => {
    const ms = Math.max(now(), lastMs)
    if (ms !== lastMs || stem === '') begin(ms, freshTail(randomBytes(RANDOM_CHARS)))
    else if (last === PAIRS.length - 1) begin(ms, [...countedUp(tail.slice(0, -2)), 0, 0])
    else last += 1
    return prefix + stem + PAIRS[last]
  }
}

/** Random bytes drawn some thousands at a time: twelve by twelve they cost ten times as much. For ids, not for secrets. */
export function drawAhead(randomBytes: (length: number) => Uint8Array): (length: number) => Uint8Array {
  let drawn = new Uint8Array()
  let at = 0
  return (length) => {
    if (at + length > drawn.length) {
      drawn = Uint8Array.from(randomBytes(Math.max(length, DRAWN_BYTES)))
      at = 0
    }
    at += length
    return drawn.subarray(at - length, at)
  }
}

const DRAWN_BYTES = 4_096

/** Where ids of this instant begin: a page of a span of time is found by its ids alone. */
export const firstIdAt = (prefix: IdPrefix, epochMs: number): string => `${prefix}_${encodedTime(epochMs)}`

/** The first digit stays in its lower half, so that counting up never runs over. */
const freshTail = (bytes: Uint8Array): number[] => [...bytes].map((byte, place) => byte & (place === 0 ? 15 : 31))

function encodedTime(ms: number): string {
  let rest = ms
  let text = ''
  for (let char = 0; char < TIME_CHARS; char += 1) {
    text = `${ALPHABET[rest % 32]}${text}`
    rest = Math.floor(rest / 32)
  }
  return text
}

function countedUp(digits: number[]): number[] {
  const next = [...digits]
  for (let place = next.length - 1; place >= 0; place -= 1) {
    const digit = next[place] ?? 0
    next[place] = (digit + 1) % 32
    if (digit < 31) return next
  }
  return next
}
