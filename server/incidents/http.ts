import { Incident, ListIncidents } from '../../shared/incidents.ts'
import { IdParam, pageOf } from '../../shared/paging.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, newRoutes } from '../lib/routes.ts'
import type { Dependants } from './dependants.ts'
import { listIncidents, showIncident } from './show-incidents.ts'

const tags = ['Incidents']

/** /api/incidents: what Switchboard found dead, what waits behind it, and the way out. */
export function incidentsHttp(ctx: AppContext, dependants: Dependants) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/incidents',
        tags,
        summary: 'List incidents',
        description:
          'It closes when its destination or integration is resumed, when the platform takes a call again, or when a schedule runs well.',
        request: { query: ListIncidents },
        responses: { 200: answer(pageOf(Incident), 'One page, newest first') },
      }),
      async (c) => c.json(await listIncidents(ctx, c.req.valid('query'), dependants), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/incidents/{id}',
        tags,
        summary: 'Read an incident',
        request: { params: IdParam },
        responses: { 200: answer(Incident, 'The incident, with its fix and what waits behind it') },
      }),
      async (c) => c.json(await showIncident(ctx, c.req.valid('param').id, dependants), 200),
    )
}
