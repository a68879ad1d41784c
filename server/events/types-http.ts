import { EventTypes, MOST_EVENT_TYPES } from '../../shared/event-types.ts'
import type { AppContext } from '../context.ts'
import { toInstant } from '../lib/paging.ts'
import { answer, createRoute, newRoutes } from '../lib/routes.ts'
import { listEventTypes } from './types-store.ts'

/** GET /api/event-types: what the platform has sent so far, for whoever sets up what becomes of it. */
export function eventTypesHttp(ctx: AppContext) {
  return newRoutes().openapi(
    createRoute({
      method: 'get',
      path: '/api/event-types',
      tags: ['Events'],
      summary: 'List the types of the events that were taken in',
      responses: { 200: answer(EventTypes, 'By name, each with the time of its newest event') },
    }),
    async (c) => {
      const rows = await listEventTypes(ctx.db, MOST_EVENT_TYPES)
      const items = rows.map(({ type, acceptedAt }) => ({ type, lastAt: toInstant(Number(acceptedAt)) }))
      return c.json({ items }, 200)
    },
  )
}
