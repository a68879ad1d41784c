import { windows } from '../../shared/metrics.ts'

/** The widths that figures are rolled up to, each a multiple of the one before: the steps of the pages' windows. */
export const widths: readonly number[] = Object.values(windows).map(({ stepMs }) => stepMs)
export const MINUTE_MS = 60_000

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
  const parts: Part[] = covered({ from, to: closed }, fitting)
  if (closed < to) parts.push({ from: closed, to })
  return parts
}

function covered({ from, to }: Span, narrowToWide: readonly number[]): Part[] {
  const width = narrowToWide.at(-1)
  if (width === undefined || from >= to) return []
  const rest = narrowToWide.slice(0, -1)
  const first = ceilTo(from, width)
  const last = floorTo(to, width)
  if (first >= last) return covered({ from, to }, rest)
  return [
    ...covered({ from, to: first }, rest),
    { from: first, to: last, stepMs: width },
    ...covered({ from: last, to }, rest),
  ]
}
