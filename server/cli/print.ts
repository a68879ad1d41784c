import { redactText } from '../lib/redact.ts'

/** One line of the answer, on standard output. */
export function print(line: string): void {
  printWhole(redactText(line))
}

/** A file, on standard output: to be applied again it has to come out as it is, whatever in it looks like a secret. */
export function printWhole(text: string): void {
  if (isRead()) process.stdout.write(`${text}\n`)
}

/** Whether somebody still reads what is printed: `switchboard … | head` stops early. */
export const isRead = (): boolean => process.stdout.errored === null

/** One line about how it goes, on standard error, so that the answer can be piped on. */
export function note(line: string): void {
  process.stderr.write(`${redactText(line)}\n`)
}

/** One JSON value on one line. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value))
}

/** Words of others for a terminal: on one line, and without what would move the cursor or turn the text around. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu, ' ').trim()
}

/** At most this many letters, the last an ellipsis when some were cut. */
export function cut(text: string, most: number): string {
  const letters = [...text]
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text
}

/** Columns under their heads, as wide as what is in them. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((_, column) =>
    [head, ...rows].reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0),
  )
  for (const row of [head, ...rows]) {
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
}

/** An instant as people read it, in UTC. */
export function shownInstant(instant: string): string {
  return new Date(instant)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')
}

/** 84 ms, 1.2 s, 3 min */
export function shownDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return ms < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`
}
