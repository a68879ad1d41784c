import { type MetricsQuery, type Overview, type Quantiles, targets } from '../../shared/metrics.ts'
import type { AppContext } from '../context.ts'
import { toInstant } from '../lib/paging.ts'
import { countHeld, countPeople, countUnconfirmed } from './counts-store.ts'
import { type Figure, rateOf, type Series, totalOf } from './figures.ts'
import { readCounts, readFigures } from './read-figures.ts'
import { quantile, type Sketch } from './sketch.ts'
import { ceilTo, floorTo, MINUTE_MS, type Span } from './spans.ts'
import { windowOf } from './window-of.ts'

/** The figures of the Overview page. Each is defined once, in figures.ts and here. */
export async function readOverview(ctx: AppContext, query: MetricsQuery): Promise<Overview> {
  const { integrationId } = query
  const now = ctx.now()
  const window = windowOf(query, now)
  const { from, to, stepMs } = window
  const filter = { integrationId, series: SHOWN }
  const figures = await readFigures(ctx, window, filter)
  const before = await readFigures(ctx, { from: from - (to - from), to: from }, filter)
  const budget = await readCounts(ctx, budgetSpan(now), filter)

  const steps = byStep(figures, window)
  const instants = steps.map((_, place) => toInstant(from + place * stepMs))
  const of = (series: Series) => ofSeries(figures, series)
  const deliveries = totalOf(of('deliveries'))
  const commands = totalOf(of('commands'))
  return {
    from: toInstant(from),
    to: toInstant(to),
    stepMs,
    tiles: {
      deliveryRate: tile(rateTile('deliveries', targets.deliveryRate), figures, before, budget),
      responseP95Ms: tile(responseTile, figures, before, budget),
      commandSuccess: tile(rateTile('commands', targets.commandSuccess), figures, before, budget),
      availability: tile(rateTile('probes', targets.availability), figures, before, budget),
    },
    deliveries: {
      delivered: deliveries.good,
      failed: deliveries.bad,
      // These two have not ended, so no window holds them: how many there are now.
      held: await countHeld(ctx.db, integrationId),
      unconfirmed: await countUnconfirmed(ctx.db, integrationId),
      suppressed: totalOf(of('set_aside').filter(({ label }) => label === 'suppressed')).good,
      cancelled: totalOf(of('set_aside').filter(({ label }) => label === 'cancelled')).good,
      firstTry: deliveries.good === 0 ? null : deliveries.first / deliveries.good,
      points: steps.map((step, place) => {
        const total = totalOf(ofSeries(step, 'deliveries'))
        return { at: instants[place] ?? '', delivered: total.good, failed: total.bad, rate: rateOf(total) }
      }),
    },
    responses: {
      total: quantilesOf(totalOf(of('responses')).sketch),
      points: steps.map((step, place) => ({
        at: instants[place] ?? '',
        ...quantilesOf(totalOf(ofSeries(step, 'responses')).sketch),
      })),
      methods: labelled(of('responses')).map(([method, some]) => ({ method, ...quantilesOf(totalOf(some).sketch) })),
    },
    commands: {
      total: commands.good + commands.bad,
      failed: commands.bad,
      people: await countPeople(ctx.db, window, integrationId),
      byCommand: labelled(of('commands')).map(([command, some]) => {
        const { good, bad } = totalOf(some)
        return { command, count: good + bad, failed: bad }
      }),
      ack: quantilesOf(commands.sketch),
      points: steps.map((step, place) => ({
        at: instants[place] ?? '',
        byCommand: Object.fromEntries(
          labelled(ofSeries(step, 'commands')).map(([command, some]) => {
            const { good, bad } = totalOf(some)
            return [command, good + bad]
          }),
        ),
        failed: totalOf(ofSeries(step, 'commands')).bad,
      })),
    },
  }
}

const SHOWN: readonly Series[] = ['deliveries', 'set_aside', 'responses', 'commands', 'probes']
const BUDGET_MS = 30 * 86_400_000

/** The last 30 days; they begin with a whole half hour, of which figures are kept for good. */
function budgetSpan(now: number): Span {
  const to = ceilTo(now, MINUTE_MS)
  return { from: floorTo(to - BUDGET_MS, 30 * MINUTE_MS), to }
}

/** How one tile reads its figure, when it is met, and what share of the error budget the last 30 days left. */
type TileRule = {
  target: number
  valueOf: (figures: Figure[]) => number | null
  isMet: (value: number) => boolean
  budgetLeftOf: (figures: Figure[]) => number | null
}

/** Error budget left = 1 - (1 - measured) / (1 - target). */
function rateTile(series: Series, target: number): TileRule {
  const measured = (figures: Figure[]) => rateOf(totalOf(ofSeries(figures, series)))
  return {
    target,
    valueOf: measured,
    isMet: (value) => value >= target,
    budgetLeftOf: (figures) => budgetLeft(measured(figures), target),
  }
}

/** A p95 below 200 ms allows 5 % of the requests to be slower: that is its budget. */
const responseTile: TileRule = {
  target: targets.responseP95Ms,
  valueOf: (figures) => quantile(totalOf(ofSeries(figures, 'responses')).sketch, 0.95),
  isMet: (value) => value < targets.responseP95Ms,
  budgetLeftOf: (figures) => budgetLeft(rateOf(totalOf(ofSeries(figures, 'responses'))), 0.95),
}

const budgetLeft = (measured: number | null, target: number): number | null =>
  measured === null ? null : 1 - (1 - measured) / (1 - target)

function tile(rule: TileRule, figures: Figure[], before: Figure[], budget: Figure[]) {
  const value = rule.valueOf(figures)
  return {
    value,
    before: rule.valueOf(before),
    target: rule.target,
    met: value === null ? null : rule.isMet(value),
    budgetLeft: rule.budgetLeftOf(budget),
  }
}

/** The figures of each step, in order; a step in which nothing happened has none. */
function byStep(figures: Figure[], { from, to, stepMs }: { from: number; to: number; stepMs: number }): Figure[][] {
  const steps: Figure[][] = Array.from({ length: (to - from) / stepMs }, () => [])
  for (const figure of figures) steps[Math.floor((figure.at - from) / stepMs)]?.push(figure)
  return steps
}

const ofSeries = (figures: Figure[], series: Series): Figure[] => figures.filter((figure) => figure.series === series)

/** Grouped by label, the most frequent first. */
function labelled(figures: Figure[]): [string, Figure[]][] {
  const groups = new Map<string, Figure[]>()
  for (const figure of figures) {
    const group = groups.get(figure.label)
    if (group) group.push(figure)
    else groups.set(figure.label, [figure])
  }
  const size = (group: Figure[]) => group.reduce((sum, { good, bad }) => sum + good + bad, 0)
  return [...groups].sort(([a, some], [b, others]) => size(others) - size(some) || a.localeCompare(b))
}

const quantilesOf = (sketch: Sketch): Quantiles => ({
  count: sketch.count,
  p50: quantile(sketch, 0.5),
  p95: quantile(sketch, 0.95),
  p99: quantile(sketch, 0.99),
})
