import { randomBytes, randomInt } from 'node:crypto'
import { drawAhead } from '../lib/ids.ts'

/** Each answer has an id, and what a simulator calls secret protects nothing. */
const draw = drawAhead(randomBytes)

/** Counters behind everything that must rise within a workspace. */
export type Numbers = { lastMicros: number; lastId: number }

export function newNumbers(): Numbers {
  return { lastMicros: 0, lastId: 0 }
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const ALNUM = `${UPPER}abcdefghijklmnopqrstuvwxyz`

/** The next message ts: seconds.micros, unique and rising across the workspace. */
export function nextTs(numbers: Numbers, nowMs: number): string {
  numbers.lastMicros = Math.max(Math.floor(nowMs * 1000), numbers.lastMicros + 1)
  const seconds = Math.floor(numbers.lastMicros / 1_000_000)
  const micros = numbers.lastMicros % 1_000_000
  return `${String(seconds).padStart(10, '0')}.${String(micros).padStart(6, '0')}`
}

/** An id as Slack writes them: a letter for the kind, then ten upper alphanumerics. */
export function slackId(prefix: string): string {
  return `${prefix}0${pick(UPPER, 9)}`
}

export function alphanumeric(length: number): string {
  return pick(ALNUM, length)
}

export function digits(length: number): string {
  return `1${pick('0123456789', length - 1)}`
}

/** Cut from a long text, as every answer needs one. */
export function hex(length: number): string {
  if (hexAt + length > drawnHex.length) {
    drawnHex = randomBytes(Math.max(length, DRAWN_BYTES)).toString('hex')
    hexAt = 0
  }
  hexAt += length
  return drawnHex.slice(hexAt - length, hexAt)
}

const DRAWN_BYTES = 4_096
let drawnHex = ''
let hexAt = 0

/** True in about `probability` of all calls. */
export function chance(probability: number): boolean {
  return probability >= 1 || randomInt(1_000_000) < probability * 1_000_000
}

function pick(alphabet: string, length: number): string {
  return Array.from(draw(length), (byte) => alphabet[byte % alphabet.length]).join('')
}
