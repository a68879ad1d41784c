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
  const digits = String(numbers.lastMicros).padStart(16, '0')
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`
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

export function hex(length: number): string {
  return Buffer.from(draw(Math.ceil(length / 2)))
    .toString('hex')
    .slice(0, length)
}

/** True in about `probability` of all calls. */
export function chance(probability: number): boolean {
  return probability >= 1 || randomInt(1_000_000) < probability * 1_000_000
}

function pick(alphabet: string, length: number): string {
  return Array.from(draw(length), (byte) => alphabet[byte % alphabet.length]).join('')
}
