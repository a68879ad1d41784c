import { IdParam, PageQuery, pageOf } from '../../shared/paging.ts'
import { CancelReplay, NewReplay, Replay, ReplayPreview, ReplayRequest } from '../../shared/replays.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, jsonBody, newRoutes } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { cancelReplay, pauseReplay, resumeReplay } from './change-replay.ts'
import { createReplay } from './create-replay.ts'
import { previewReplay } from './plan-replay.ts'
import { listReplays, showReplay } from './show-replays.ts'

const tags = ['Replays']

/** /api/replays: sending again what did not arrive, by the thousand, at a pace, and never unseen. */
export function replaysHttp(ctx: AppContext) {
  const routes = newRoutes()
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/replays/preview',
        tags,
        summary: 'Count what a replay would send',
        description: 'Of a filter without `state` what failed, is unconfirmed or was cancelled. Nothing is sent.',
        request: { body: jsonBody(ReplayRequest) },
        responses: { 200: answer(ReplayPreview, 'What would be sent, and what left out') },
      }),
      async (c) => c.json(await previewReplay(ctx, c.req.valid('json')), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/replays',
        tags,
        summary: 'Send again what a filter finds',
        description: '`expected` is the count of the preview; when there is more by now, nothing is sent.',
        request: { body: jsonBody(NewReplay) },
        responses: { 201: answer(Replay, 'It runs') },
      }),
      async (c) => {
        const id = await createReplay(ctx, actorOf(c), c.req.valid('json'))
        return c.json(await showReplay(ctx, id), 201)
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/replays',
        tags,
        summary: 'List replays',
        request: { query: PageQuery },
        responses: { 200: answer(pageOf(Replay), 'One page, newest first') },
      }),
      async (c) => c.json(await listReplays(ctx, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/replays/{id}',
        tags,
        summary: 'Read one replay',
        request: { params: IdParam },
        responses: { 200: answer(Replay, 'As it now stands') },
      }),
      async (c) => c.json(await showReplay(ctx, c.req.valid('param').id), 200),
    )
  return changes(ctx, routes)
}

function changes(ctx: AppContext, routes: ReturnType<typeof newRoutes>) {
  for (const [word, summary, change] of [
    ['pause', 'Make no more for now', pauseReplay],
    ['resume', 'Go on where it stopped', resumeReplay],
  ] as const) {
    routes.openapi(
      createRoute({
        method: 'post',
        path: `/api/replays/{id}/${word}`,
        tags,
        summary,
        request: { params: IdParam },
        responses: { 200: answer(Replay, 'As it now stands') },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        await change(ctx, actorOf(c), id)
        return c.json(await showReplay(ctx, id), 200)
      },
    )
  }
  return routes.openapi(
    createRoute({
      method: 'post',
      path: '/api/replays/{id}/cancel',
      tags,
      summary: 'End a replay',
      request: {
        params: IdParam,
        body: { required: false, content: { 'application/json': { schema: CancelReplay.optional() } } },
      },
      responses: { 200: answer(Replay, 'As it now stands') },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { cancelWaiting } = CancelReplay.parse(c.req.valid('json') ?? {})
      await cancelReplay(ctx, actorOf(c), id, cancelWaiting)
      return c.json(await showReplay(ctx, id), 200)
    },
  )
}
