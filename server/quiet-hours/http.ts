import { IdParam, PageQuery, pageOf } from '../../shared/paging.ts'
import { ListMutes, Mute, NewMute, QuietHours, QuietHoursChange } from '../../shared/quiet-hours.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, jsonBody, newRoutes } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { createMute, endMute } from './change-mutes.ts'
import { type Counting, createQuietHours, removeQuietHours, replaceQuietHours } from './change-quiet-hours.ts'
import { showMutesPage, showQuietHours, showQuietHoursPage } from './show-quiet.ts'

const tags = ['Quiet hours']

/** /api/quiet-hours and /api/mutes: when messages wait, week by week or for once. */
export function quietHoursHttp(ctx: AppContext, counting: Counting) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/quiet-hours',
        tags,
        summary: 'List quiet hours',
        request: { query: PageQuery },
        responses: { 200: answer(pageOf(QuietHours), 'One page, oldest first, each with whether it is quiet now') },
      }),
      async (c) => c.json(await showQuietHoursPage(ctx, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/quiet-hours',
        tags,
        summary: 'Set quiet hours',
        description: 'Messages accepted while it is quiet wait for the end. What is in line already goes out.',
        request: { body: jsonBody(QuietHoursChange) },
        responses: { 201: answer(QuietHours, 'As they now stand') },
      }),
      async (c) => c.json(await createQuietHours(ctx, actorOf(c), c.req.valid('json'), counting), 201),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/quiet-hours/{id}',
        tags,
        summary: 'Read quiet hours',
        request: { params: IdParam },
        responses: { 200: answer(QuietHours, 'As they now stand') },
      }),
      async (c) => c.json(await showQuietHours(ctx, c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/api/quiet-hours/{id}',
        tags,
        summary: 'Change quiet hours',
        description: 'Sets all of them. Whether what they hold has to wait on is decided anew at once.',
        request: { params: IdParam, body: jsonBody(QuietHoursChange) },
        responses: { 200: answer(QuietHours, 'As they now stand') },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        return c.json(await replaceQuietHours(ctx, actorOf(c), id, c.req.valid('json'), counting), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/api/quiet-hours/{id}',
        tags,
        summary: 'Delete quiet hours',
        description: 'What they hold comes to its end at once, unless something else holds it too.',
        request: { params: IdParam },
        responses: { 204: { description: 'They are no more' } },
      }),
      async (c) => {
        await removeQuietHours(ctx, actorOf(c), c.req.valid('param').id, counting)
        return c.body(null, 204)
      },
    )
    .route('/', mutesHttp(ctx, counting))
}

function mutesHttp(ctx: AppContext, counting: Counting) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/mutes',
        tags,
        summary: 'List mutes',
        request: { query: ListMutes },
        responses: { 200: answer(pageOf(Mute), 'One page, newest first') },
      }),
      async (c) => c.json(await showMutesPage(ctx, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/mutes',
        tags,
        summary: 'Mute something for a time',
        description:
          'What is accepted meanwhile waits for the end. What is in line already goes out. At most 92 days; muting everything, or dropping at the end, for more than 24 hours needs an admin.',
        request: { body: jsonBody(NewMute) },
        responses: { 201: answer(Mute, 'It runs') },
      }),
      async (c) => c.json(await createMute(ctx, actorOf(c), c.req.valid('json'), counting), 201),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/mutes/{id}/end',
        tags,
        summary: 'End a mute',
        description: 'What it held goes the way it would have at its end. One that is over stays as it is.',
        request: { params: IdParam },
        responses: { 200: answer(Mute, 'As it now stands') },
      }),
      async (c) => c.json(await endMute(ctx, actorOf(c), c.req.valid('param').id, counting), 200),
    )
}
