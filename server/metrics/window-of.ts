import { type MetricsQuery, windows } from '../../shared/metrics.ts'
import { Refusal } from '../errors.ts'
import { ceilTo, floorTo, MINUTE_MS, type Span } from './spans.ts'

/** The span that is asked for and the width of one point, snapped outward to whole steps. */
export function windowOf(query: MetricsQuery, now: number): Span & { stepMs: number } {
  const window = windows[query.window]
  if (query.from === undefined && query.to === undefined && query.step === undefined) {
    // It ends with the step that is under way, so that the latest point is there and the number of points stays.
    const to = ceilTo(now, window.stepMs)
    return { from: to - window.ms, to, stepMs: window.stepMs }
  }
  const to = query.to === undefined ? now : Date.parse(query.to)
  const from = query.from === undefined ? to - window.ms : Date.parse(query.from)
  if (from >= to) throw new Refusal('invalid', 'from has to lie before to.', { field: 'from' })
  const stepMs = query.step ?? stepFor(to - from)
  if (stepMs % MINUTE_MS !== 0) {
    throw new Refusal('invalid', 'step has to be whole minutes, in milliseconds.', { field: 'step' })
  }
  const span = { from: floorTo(from, stepMs), to: ceilTo(to, stepMs), stepMs }
  if ((span.to - span.from) / stepMs > MOST_POINTS) {
    throw new Refusal('invalid', `That would be more than ${MOST_POINTS} points.`, {
      field: 'step',
      fix: 'Ask for a wider step or a shorter time.',
    })
  }
  return span
}

function stepFor(lengthMs: number): number {
  const step = STEPS.find((minutes) => lengthMs / (minutes * MINUTE_MS) <= AIMED_POINTS)
  return (step ?? DAY_MINUTES) * MINUTE_MS
}

const DAY_MINUTES = 1_440
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, DAY_MINUTES]
const AIMED_POINTS = 60
const MOST_POINTS = 2_000
