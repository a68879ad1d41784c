import { Destination } from '../../shared/destinations.ts'
import { Integration } from '../../shared/integrations.ts'
import { IdParam } from '../../shared/paging.ts'
import { Pausing } from '../../shared/pausing.ts'
import { Purge, Purged, PurgePreview, PurgeQuery, Queue } from '../../shared/queue.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, jsonBody, newRoutes } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { pauseDestination, pauseIntegration, resumeDestination, resumeIntegration } from './pause.ts'
import { previewPurge, purgeBacklog } from './purge.ts'
import { readQueue } from './queue.ts'

/** What waits in line, and the ways to hold it, to let it go on and to drop it. */
export function steeringHttp(ctx: AppContext) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/destinations/{id}/pause',
        tags: ['Destinations'],
        summary: 'Pause a destination',
        description: 'What waits and what comes is held, not lost. Test messages still go out.',
        request: { params: IdParam, body: pausingBody },
        responses: { 200: answer(Destination, 'The destination, paused') },
      }),
      async (c) =>
        c.json(await pauseDestination(ctx, actorOf(c), c.req.valid('param').id, c.req.valid('json') ?? {}), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/destinations/{id}/resume',
        tags: ['Destinations'],
        summary: 'Resume a destination',
        description: 'What was held goes out in its old order, and the incident that paused it is closed.',
        request: { params: IdParam, body: pausingBody },
        responses: { 200: answer(Destination, 'The destination as it now stands') },
      }),
      async (c) =>
        c.json(await resumeDestination(ctx, actorOf(c), c.req.valid('param').id, c.req.valid('json') ?? {}), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/integrations/{id}/pause',
        tags: ['Integrations'],
        summary: 'Pause an integration',
        description:
          'What waits and what comes for any of its destinations is held, not lost. Test messages still go out.',
        request: { params: IdParam, body: pausingBody },
        responses: { 200: answer(Integration, 'The integration, paused') },
      }),
      async (c) =>
        c.json(await pauseIntegration(ctx, actorOf(c), c.req.valid('param').id, c.req.valid('json') ?? {}), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/integrations/{id}/resume',
        tags: ['Integrations'],
        summary: 'Resume an integration',
        description:
          'What was held goes out in its old order, except for destinations that are paused or off themselves; the ' +
          'incident that paused it is closed.',
        request: { params: IdParam, body: pausingBody },
        responses: { 200: answer(Integration, 'The integration as it now stands') },
      }),
      async (c) =>
        c.json(await resumeIntegration(ctx, actorOf(c), c.req.valid('param').id, c.req.valid('json') ?? {}), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/queue',
        tags,
        summary: 'Read what waits',
        description:
          'By state and by destination, with how old it is and when it will have gone out at the pace of Slack.',
        responses: { 200: answer(Queue, 'At most five seconds old') },
      }),
      async (c) => c.json(await readQueue(ctx), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/queue/purge',
        tags,
        summary: 'Count what a purge would drop',
        request: { query: PurgeQuery },
        responses: { 200: answer(PurgePreview, 'Counted now') },
      }),
      async (c) => c.json(await previewPurge(ctx, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/queue/purge',
        tags,
        summary: 'Drop what waits',
        description:
          'Cancels the backlog of a destination, an integration or a type. Refused when more waits than `expected`; what ' +
          'comes meanwhile is kept. They can be replayed.',
        request: { body: jsonBody(Purge) },
        responses: { 200: answer(Purged, 'How many were cancelled') },
      }),
      async (c) => c.json(await purgeBacklog(ctx, actorOf(c), c.req.valid('json')), 200),
    )
}

const tags = ['Queue']

/** The note may be left out, and with it the body. */
const pausingBody = { required: false as const, content: { 'application/json': { schema: Pausing.optional() } } }
