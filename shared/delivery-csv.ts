import type { DeliverySummary } from './deliveries.ts'

/** The first line of the log as a spreadsheet reads it. */
export function csvHead(): string {
  return record(COLUMNS.map(([name]) => name))
}

/** One delivery, its cells in the order of the head. */
export function csvLine(delivery: DeliverySummary): string {
  return record(COLUMNS.map(([, of]) => of(delivery)))
}

const COLUMNS: readonly [name: string, of: (delivery: DeliverySummary) => string | number | undefined][] = [
  ['id', ({ id }) => id],
  ['createdAt', ({ createdAt }) => createdAt],
  ['endedAt', ({ endedAt }) => endedAt],
  ['deliveredAt', ({ deliveredAt }) => deliveredAt],
  ['dueAt', ({ dueAt }) => dueAt],
  ['state', ({ state }) => state],
  ['code', ({ code }) => code],
  ['mark', ({ mark }) => mark],
  ['tries', ({ tries }) => tries],
  ['tookMs', ({ tookMs }) => tookMs],
  ['priority', ({ priority }) => priority],
  ['action', ({ action }) => action],
  ['title', ({ title }) => title],
  ['type', ({ type }) => type],
  ['recipient', ({ recipient }) => recipient],
  ['eventId', ({ eventId }) => eventId],
  ['origin', ({ origin }) => origin],
  ['destinationId', ({ destination }) => destination.id],
  ['destinationKind', ({ destination }) => destination.kind],
  ['destinationName', ({ destination }) => destination.name],
  ['integrationId', ({ integrationId }) => integrationId],
  ['integrationName', ({ integrationName }) => integrationName],
  ['permalink', ({ permalink }) => permalink],
]

/** One line of RFC 4180. */
function record(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

/** A spreadsheet would run what begins like a formula, some in wide signs too, and what others wrote stands here. */
function cell(value: string | number | undefined): string {
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@＝＋－＠\t\r\n]/.test(value ?? '') ? `'${value}` : (value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
