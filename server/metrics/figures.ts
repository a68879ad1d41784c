import { targets } from '../../shared/metrics.ts'
import type { AttemptsTable, DeliveriesTable, InvocationsTable } from '../db/schema.ts'
import { addSketch, addValue, emptySketch, type Sketch } from './sketch.ts'

/*
 * The one definition of every number on the dashboards. What is counted, by the instant that decides where it belongs:
 *
 * series      instant      label               good                     bad                    sketch
 * deliveries  ended        -                   delivered                failed                 -
 *             `first`: delivered on the first attempt
 * set_aside   ended        suppressed,         how many                 -                      -
 *                          cancelled
 * responses   ended        method              answered within 200 ms   slower                 took, milliseconds
 *             every request to Slack for a delivery, whatever came back
 * outcomes    ended        method outcome      how many                 -                      -
 * commands    received     command             answered                 failed                 acknowledged, milliseconds
 * probes      probed       -                   succeeded                failed                 -
 *
 * delivery rate = good / (good + bad) of deliveries; command success and availability likewise; first-try rate = first /
 * good. A rate of nothing is null. Percentiles are told from sketches, within 1 %.
 */

export type Series = 'deliveries' | 'set_aside' | 'responses' | 'outcomes' | 'commands' | 'probes'

/** What was counted in one span of time, for one integration and label. */
export type Figure = {
  at: number
  integrationId: string
  series: Series
  label: string
  good: number
  bad: number
  first: number
  sketch: Sketch
}

/** The rows that figures are made from, as far as they are looked at. Grouped ones say the minute and how many. */
export type Rows = {
  deliveries: { at: number; integrationId: string; state: DeliveriesTable['state']; isFirst: boolean; count: number }[]
  attempts: Pick<AttemptsTable, 'endedAt' | 'integrationId' | 'method' | 'outcome' | 'tookMs'>[]
  invocations: (Pick<InvocationsTable, 'integrationId' | 'command' | 'outcome' | 'ackMs'> & { at: number })[]
  probes: { at: number; integrationId: string; isOk: boolean; count: number }[]
}

/** Counts rows into spans of this width. */
export function figuresOf(rows: Rows, stepMs: number): Figure[] {
  const figures = collector(stepMs)
  for (const { at, integrationId, state, isFirst, count } of rows.deliveries) {
    if (state === 'delivered' || state === 'failed') {
      const figure = figures.of(at, integrationId, 'deliveries', '')
      if (state === 'failed') figure.bad += count
      else figure.good += count
      if (state === 'delivered' && isFirst) figure.first += count
    } else if (state === 'suppressed' || state === 'cancelled') {
      figures.of(at, integrationId, 'set_aside', state).good += count
    }
  }
  for (const { endedAt, integrationId, method, outcome, tookMs } of rows.attempts) {
    const figure = figures.of(endedAt, integrationId, 'responses', method)
    if (tookMs <= targets.responseP95Ms) figure.good += 1
    else figure.bad += 1
    addValue(figure.sketch, tookMs)
    figures.of(endedAt, integrationId, 'outcomes', `${method} ${outcome}`).good += 1
  }
  for (const { at, integrationId, command, outcome, ackMs } of rows.invocations) {
    const figure = figures.of(at, integrationId, 'commands', command)
    if (outcome === 'answered') figure.good += 1
    else figure.bad += 1
    addValue(figure.sketch, ackMs)
  }
  for (const { at, integrationId, isOk, count } of rows.probes) {
    const figure = figures.of(at, integrationId, 'probes', '')
    if (isOk) figure.good += count
    else figure.bad += count
  }
  return figures.all()
}

/** The same figures in wider spans. */
export function widened(figures: Figure[], stepMs: number): Figure[] {
  const wide = collector(stepMs)
  for (const figure of figures) addFigure(wide.of(figure.at, figure.integrationId, figure.series, figure.label), figure)
  return wide.all()
}

/** All of them in one. */
export function totalOf(figures: Figure[]): Pick<Figure, 'good' | 'bad' | 'first' | 'sketch'> {
  const total = { good: 0, bad: 0, first: 0, sketch: emptySketch() }
  for (const figure of figures) addFigure(total, figure)
  return total
}

/** null: nothing was measured, which is neither 0 % nor 100 %. */
export function rateOf({ good, bad }: { good: number; bad: number }): number | null {
  return good + bad === 0 ? null : good / (good + bad)
}

function addFigure(sum: Pick<Figure, 'good' | 'bad' | 'first' | 'sketch'>, figure: Figure): void {
  sum.good += figure.good
  sum.bad += figure.bad
  sum.first += figure.first
  addSketch(sum.sketch, figure.sketch)
}

function collector(stepMs: number) {
  const figures = new Map<string, Figure>()
  return {
    of: (instant: number, integrationId: string, series: Series, label: string): Figure => {
      const at = Math.floor(instant / stepMs) * stepMs
      const key = `${at} ${integrationId} ${series} ${label}`
      const known = figures.get(key)
      if (known) return known
      const fresh = { at, integrationId, series, label, good: 0, bad: 0, first: 0, sketch: emptySketch() }
      figures.set(key, fresh)
      return fresh
    },
    all: () => [...figures.values()],
  }
}
