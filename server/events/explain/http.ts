import { EventDetail, EventPage, ListEvents } from '../../../shared/events.ts'
import { IdParam } from '../../../shared/paging.ts'
import { Explanation } from '../../../shared/routing-rules.ts'
import { TriedEvent, TryEvent, WhatIf, WhatIfAnswer } from '../../../shared/routing-trials.ts'
import type { AppContext } from '../../context.ts'
import { answer, createRoute, jsonBody, newRoutes } from '../../lib/routes.ts'
import { actorOf } from '../../users/actor.ts'
import { explainEvent } from './explain-event.ts'
import { showEvent, showEvents } from './list-events.ts'
import { tryEvent } from './try-event.ts'
import { whatIf } from './what-if.ts'

const tags = ['Events']

/** What was accepted, and why it went where it went. */
export function explainHttp(ctx: AppContext) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/events',
        tags,
        summary: 'List accepted events',
        description:
          'A search finds only what the type of an event allows to be shown. Where one page would look at too many events ' +
          'it ends early and says so in searchedTo; next goes on from there.',
        request: { query: ListEvents },
        responses: { 200: answer(EventPage, 'One page, newest first') },
      }),
      async (c) => c.json(await showEvents(ctx, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/events/{id}',
        tags,
        summary: 'Read an accepted event',
        description: 'What its notification type does not allow to be shown is not in it.',
        request: { params: IdParam },
        responses: { 200: answer(EventDetail, 'The event') },
      }),
      async (c) => c.json(await showEvent(ctx, c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/events/{id}/explanation',
        tags,
        summary: 'Explain where an event went',
        description: 'Each rule that was tried, each part of its condition, and what came of each destination.',
        request: { params: IdParam },
        responses: { 200: answer(Explanation, 'Everything that was weighed') },
      }),
      async (c) => c.json(await explainEvent(ctx, c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/routing/try',
        tags: ['Routing rules'],
        summary: 'Try an event',
        description: 'Tells what would become of it if it came now, and each message. Nothing is sent or kept.',
        request: { body: jsonBody(TryEvent) },
        responses: { 200: answer(TriedEvent, 'What would become of it') },
      }),
      async (c) => c.json(await tryEvent(ctx, actorOf(c), c.req.valid('json')), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/routing/what-if',
        tags: ['Routing rules'],
        summary: 'Decide the latest events by a draft',
        description:
          'What would appear and vanish if the rule or type were so. Nothing is sent or kept. It shows events, so an API ' +
          'key needs `deliveries:read` besides.',
        request: { body: jsonBody(WhatIf) },
        responses: { 200: answer(WhatIfAnswer, 'Newest first; at most 200 of those that match or change are listed') },
      }),
      async (c) => c.json(await whatIf(ctx, actorOf(c), c.req.valid('json')), 200),
    )
}
