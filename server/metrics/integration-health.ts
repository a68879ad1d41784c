import type { IntegrationHealth } from '../../shared/metrics.ts'
import type { AppContext } from '../context.ts'
import { optional, toInstant } from '../lib/paging.ts'
import { type Figure, rateOf, type Series, totalOf } from './figures.ts'
import { readFigures } from './read-figures.ts'
import { quantile } from './sketch.ts'
import { ceilTo } from './spans.ts'
import { listIntegrationStates, listLastDelivered } from './subjects-store.ts'

/** How each integration did over the last 24 hours, the hour under way included. */
export async function readHealth(ctx: AppContext): Promise<IntegrationHealth[]> {
  const to = ceilTo(ctx.now(), HOUR_MS)
  const from = to - HOURS * HOUR_MS
  const figures = await readFigures(
    ctx,
    { from, to, stepMs: HOUR_MS },
    { series: ['deliveries', 'responses', 'probes'] },
  )
  const lastDelivered = await listLastDelivered(ctx.db)
  const integrations = await listIntegrationStates(ctx.db)
  return integrations.map(({ id }) => {
    const own = figures.filter((figure) => figure.integrationId === id)
    const of = (series: Series) => own.filter((figure) => figure.series === series)
    const deliveries = totalOf(of('deliveries'))
    const last = lastDelivered.get(id)
    return {
      integrationId: id,
      deliveryRate: rateOf(deliveries),
      delivered: deliveries.good,
      failed: deliveries.bad,
      responseP95Ms: quantile(totalOf(of('responses')).sketch, 0.95),
      availability: rateOf(totalOf(of('probes'))),
      ...optional('lastDeliveredAt', last === undefined ? undefined : toInstant(last)),
      hours: hoursOf(of('deliveries'), from),
    }
  })
}

function hoursOf(deliveries: Figure[], from: number): IntegrationHealth['hours'] {
  return Array.from({ length: HOURS }, (_, hour) => {
    const start = from + hour * HOUR_MS
    const { good, bad } = totalOf(deliveries.filter(({ at }) => at >= start && at < start + HOUR_MS))
    return { at: toInstant(start), delivered: good, failed: bad }
  })
}

const HOURS = 24
const HOUR_MS = 3_600_000
