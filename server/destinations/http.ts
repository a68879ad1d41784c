import {
  ChannelList,
  Destination,
  DestinationChange,
  FindPerson,
  ListChannels,
  ListDestinations,
  NewDestination,
  Person,
} from '../../shared/destinations.ts'
import { IdParam, pageOf } from '../../shared/paging.ts'
import type { AppContext } from '../context.ts'
import { toPage } from '../lib/paging.ts'
import { answer, createRoute, jsonBody, newRoutes } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { changeDestination } from './change-destination.ts'
import { createDestination } from './create-destination.ts'
import { findPerson, pickChannels, refreshOnDemand } from './pick-channels.ts'
import { getDestination, listDestinationRows } from './store.ts'
import { toDestination } from './to-answer.ts'

const tags = ['Destinations']

/** /api/destinations: channels, people and webhooks that messages go to; and the pickers to find them with. */
export function destinationsHttp(ctx: AppContext) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/destinations',
        tags,
        summary: 'List destinations',
        request: { query: ListDestinations },
        responses: { 200: answer(pageOf(Destination), 'One page, newest first') },
      }),
      async (c) => {
        const query = c.req.valid('query')
        return c.json(toPage(await listDestinationRows(ctx.db, query), query.limit, toDestination), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/destinations',
        tags,
        summary: 'Add a channel, a person or a webhook',
        description: 'A channel is taken by id, #name or link, a person by e-mail address or member ID.',
        request: { body: jsonBody(NewDestination) },
        responses: { 201: answer(Destination, 'The destination; a code says what stands in its way') },
      }),
      async (c) => c.json(toDestination(await createDestination(ctx, actorOf(c), c.req.valid('json'))), 201),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/destinations/{id}',
        tags,
        summary: 'Read a destination',
        request: { params: IdParam },
        responses: { 200: answer(Destination, 'The destination') },
      }),
      async (c) => c.json(toDestination(await getDestination(ctx.db, c.req.valid('param').id)), 200),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/api/destinations/{id}',
        tags,
        summary: 'Change a destination',
        description: 'A new webhook address takes the place of the old one; enabling releases what was held.',
        request: { params: IdParam, body: jsonBody(DestinationChange) },
        responses: { 200: answer(Destination, 'The destination as it now stands') },
      }),
      async (c) => {
        const changed = await changeDestination(ctx, actorOf(c), c.req.valid('param').id, c.req.valid('json'))
        return c.json(toDestination(changed), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/integrations/{id}/channels',
        tags,
        summary: 'Find a channel',
        description: 'Answers from the cached directory of the workspace, and says how fresh and complete it is.',
        request: { params: IdParam, query: ListChannels },
        responses: { 200: answer(ChannelList, 'The best matches, names that begin with the query first') },
      }),
      async (c) => c.json(await pickChannels(ctx, c.req.valid('param').id, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/integrations/{id}/channels/refresh',
        tags,
        summary: 'Read the channels again',
        request: { params: IdParam },
        responses: { 202: answer(ChannelList.shape.refresh, 'How far the reading is') },
      }),
      async (c) => c.json(await refreshOnDemand(ctx, actorOf(c), c.req.valid('param').id), 202),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/integrations/{id}/people',
        tags,
        summary: 'Find a person by e-mail address',
        request: { params: IdParam, query: FindPerson },
        responses: { 200: answer(Person, 'The person') },
      }),
      async (c) => c.json(await findPerson(ctx, c.req.valid('param').id, c.req.valid('query').email), 200),
    )
}
