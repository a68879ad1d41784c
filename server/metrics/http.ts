import { Attention, IntegrationHealth, MetricsQuery, Overview } from '../../shared/metrics.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, newRoutes, z } from '../lib/routes.ts'
import { readAttention } from './attention.ts'
import { exposeMetrics } from './expose.ts'
import { readHealth } from './integration-health.ts'
import { readOverview } from './overview.ts'
import type { Dependants } from './queue-now.ts'

/** /api/metrics: the figures of the dashboards. /metrics: the same for a Prometheus that scrapes. */
export function metricsHttp(ctx: AppContext, dependants: Dependants) {
  const scrape = exposeMetrics(ctx, dependants)
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/metrics/overview',
        tags,
        summary: 'Read delivery rate, response time, command usage and availability over a window',
        request: { query: MetricsQuery },
        responses: { 200: answer(Overview, 'The figures, their targets and their points') },
      }),
      async (c) => c.json(await readOverview(ctx, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/metrics/health',
        tags,
        summary: 'Read how each integration did over the last 24 hours',
        responses: { 200: answer(z.object({ items: z.array(IntegrationHealth) }), 'Every integration') },
      }),
      async (c) => c.json({ items: await readHealth(ctx) }, 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/metrics/attention',
        tags,
        summary: 'List what asks for a person',
        responses: { 200: answer(z.object({ items: z.array(Attention) }), 'Worst first') },
      }),
      async (c) => c.json({ items: await readAttention(ctx) }, 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/metrics',
        tags,
        summary: 'Read the figures as Prometheus text',
        responses: { 200: { description: 'Prometheus text', content: { 'text/plain': { schema: z.string() } } } },
      }),
      async (c) => {
        const { text, contentType } = await scrape()
        return c.text(text, 200, { 'content-type': contentType })
      },
    )
}

const tags = ['Metrics']
