import type { AppContext } from '../context.ts'
import { answer, createRoute, newRoutes, z } from '../lib/routes.ts'
import { whyNotReady } from './ready.ts'

type HealthOptions = {
  /** Why nothing else is served: the master key does not fit the database. */
  locked: string | undefined
}

/** /healthz: the process runs. /readyz: it can do its work, or why not. */
export function healthHttp(ctx: AppContext, { locked }: HealthOptions) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/healthz',
        tags,
        summary: 'Tell that the process runs',
        responses: { 200: answer(z.object({ state: z.literal('alive') }), 'It does') },
      }),
      (c) => c.json({ state: 'alive' as const }, 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/readyz',
        tags,
        summary: 'Tell whether requests can be served: the store, its tables and the master key',
        responses: {
          200: answer(z.object({ state: z.literal('ready') }), 'They can'),
          503: answer(z.object({ state: z.enum(['locked', 'unavailable']), reason: z.string() }), 'They can not'),
        },
      }),
      async (c) => {
        if (locked) return c.json({ state: 'locked' as const, reason: locked }, 503)
        const reason = await whyNotReady(ctx)
        return reason
          ? c.json({ state: 'unavailable' as const, reason }, 503)
          : c.json({ state: 'ready' as const }, 200)
      },
    )
}

const tags = ['Health']
