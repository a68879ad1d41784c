import { windows } from '../../shared/metrics.ts'

/** The widths that figures are rolled up to, each a multiple of the one before: the steps of the pages' windows. */
export const widths: readonly number[] = Object.values(windows).map(({ stepMs }) => stepMs)
export const MINUTE_MS = 60_000
/** How far behind the mark single minutes are kept; what is older is told from wider spans, or from the rows. */
export const MINUTES_KEPT_MS = 2 * 86_400_000
/** They are read for less long, so that none goes away under a reader. */
const MINUTES_READ_MS = 86_400_000

export type Span = { from: number; to: number }
/** A span to be read from the roll-ups of one width, or, without a width, from the rows themselves. */
export type Part = Span & { stepMs?: number }

export const floorTo = (instant: number, stepMs: number): number => Math.floor(instant / stepMs) * stepMs
export const ceilTo = (instant: number, stepMs: number): number => Math.ceil(instant / stepMs) * stepMs

/**
 * How to read a span of whole minutes in the fewest rows: the widest roll-ups that fit, narrower ones at its edges, and
 * rows where nothing is rolled up yet. With `stepMs`, no part reaches over the border of two steps.
 */
export function partsOf({ from, to }: Span, rolledUpTo: number, stepMs?: number): Part[] {
  const fitting = widths.filter((width) => stepMs === undefined || stepMs % width === 0)
  const closed = Math.max(from, Math.min(to, rolledUpTo))
  const parts = covered({ from, to: closed }, fitting, rolledUpTo - MINUTES_READ_MS)
  if (closed < to) parts.push({ from: closed, to })
  return parts
}

function covered({ from, to }: Span, narrowToWide: readonly number[], minutesFrom: number): Part[] {
  if (from >= to) return []
  const width = narrowToWide.at(-1)
  if (width === undefined) return [{ from, to }]
  const rest = narrowToWide.slice(0, -1)
  const first = ceilTo(width === MINUTE_MS ? Math.max(from, minutesFrom) : from, width)
  const last = floorTo(to, width)
  if (first >= last) return covered({ from, to }, rest, minutesFrom)
  return [
    ...covered({ from, to: first }, rest, minutesFrom),
    { from: first, to: last, stepMs: width },
    ...covered({ from: last, to }, rest, minutesFrom),
  ]
}
