const UNITS = { min: 60_000, h: 3_600_000, d: 86_400_000 } as const
const AGO = /^(\d{1,5})(min|h|d)$/
const DAY_OR_MINUTE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/

/** What one may write behind `since:`, for the suggestions. */
export const sinceExamples = ['30min', '1h', '24h', '7d', '30d'] as const

/** The instant that `2h`, `2026-11-24` or `2026-11-24T10:00` means, in the viewer's zone; undefined for other words. */
export function instantSince(text: string, now: number): string | undefined {
  const [, amount, unit] = AGO.exec(text) ?? []
  if (unit === 'min' || unit === 'h' || unit === 'd') return new Date(now - Number(amount) * UNITS[unit]).toISOString()
  if (!DAY_OR_MINUTE.test(text)) return undefined
  const at = new Date(text.includes('T') ? text : `${text}T00:00`)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

/** Tells what is wrong with what stands behind `since:`. */
export const sinceProblem = (text: string): string | undefined =>
  instantSince(text, 0) === undefined ? `“${text}” is no time. Write 2h, 7d or 2026-11-24, for example.` : undefined
