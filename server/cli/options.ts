import { type Command, InvalidArgumentError } from 'commander'

/** The options of every command that talks to a server. */
export function withServer(command: Command): Command {
  return command
    .option('--url <address>', 'the server (else SWITCHBOARD_URL, else http://127.0.0.1:3000)')
    .option('--api-key-fd <number>', 'file descriptor of the API key (else SWITCHBOARD_API_KEY, else a prompt)')
    .option('--json', 'JSON for machines, one value a line')
}

/** For an option that takes a whole number. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`)
  }
}

/** For an option that takes an instant: ISO 8601, or how far it is from now, for example 90s, 30m, 2h or 7d. */
export function instant(direction: 'ago' | 'ahead'): (text: string) => string {
  return (text) => {
    const [, amount, unit] = FROM_NOW.exec(text.trim()) ?? []
    const awayMs = Number(amount) * (UNIT_MS[unit ?? ''] ?? Number.NaN)
    const at = Number.isNaN(awayMs) ? parsed(text) : Date.now() + (direction === 'ago' ? -awayMs : awayMs)
    if (!Number.isNaN(at)) return new Date(at).toISOString()
    throw new InvalidArgumentError(`It takes an instant like 2026-11-26T08:00:00Z, or how far it is from now: 2h, 7d.`)
  }
}

/** Whether it says how far it is from now. */
export const isFromNow = (text: string): boolean => FROM_NOW.test(text.trim())

const FROM_NOW = /^\+?(\d{1,6})([smhd])$/
const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A day alone is its beginning in UTC. A time without its zone could mean two, so it is none. */
function parsed(text: string): number {
  const isWhole = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/.test(text.trim())
  return isWhole ? Date.parse(text.trim()) : Number.NaN
}
