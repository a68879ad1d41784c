import { NotificationType, NotificationTypeChange, TypeParam } from '../../shared/notification-types.ts'
import { PageQuery, pageOf } from '../../shared/paging.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, jsonBody, newRoutes } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { changeType, pauseType, readType, resumeType } from './change-type.ts'
import { showTypes } from './show-types.ts'
import { listTypes } from './store.ts'

const tags = ['Notification types']

/** /api/notification-types: how deliveries of each type of event are treated. */
export function routingHttp(ctx: AppContext) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/notification-types',
        tags,
        summary: 'List notification types',
        description: 'Those that somebody has set anything for; every other type is treated as the defaults say.',
        request: { query: PageQuery },
        responses: { 200: answer(pageOf(NotificationType), 'One page, in the order of their names') },
      }),
      async (c) => {
        const { cursor, limit } = c.req.valid('query')
        const rows = await listTypes(ctx.db, { cursor, limit })
        const items = await showTypes(ctx.db, rows.slice(0, limit))
        const next = rows.length > limit ? items.at(-1)?.type : undefined
        return c.json({ items, ...(next !== undefined && { next }) }, 200)
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/notification-types/{type}',
        tags,
        summary: 'Read a notification type',
        request: { params: TypeParam },
        responses: { 200: answer(NotificationType, 'Its settings, or the defaults') },
      }),
      async (c) => c.json(await readType(ctx, c.req.valid('param').type), 200),
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/api/notification-types/{type}',
        tags,
        summary: 'Set all of a notification type',
        description: 'What is left out goes back to its default. Deliveries that are there already stay as they are.',
        request: { params: TypeParam, body: jsonBody(NotificationTypeChange) },
        responses: { 200: answer(NotificationType, 'As it now stands') },
      }),
      async (c) => {
        const { type } = c.req.valid('param')
        return c.json(await changeType(ctx, actorOf(c), type, c.req.valid('json'), { whole: true }), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/api/notification-types/{type}',
        tags,
        summary: 'Change a notification type',
        description: 'What is left out stays. Deliveries that are there already stay as they are.',
        request: { params: TypeParam, body: jsonBody(NotificationTypeChange) },
        responses: { 200: answer(NotificationType, 'As it now stands') },
      }),
      async (c) => {
        const { type } = c.req.valid('param')
        return c.json(await changeType(ctx, actorOf(c), type, c.req.valid('json'), { whole: false }), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/notification-types/{type}/pause',
        tags,
        summary: 'Pause a notification type',
        description: 'Its deliveries are kept and wait until it is resumed.',
        request: { params: TypeParam },
        responses: { 200: answer(NotificationType, 'As it now stands') },
      }),
      async (c) => c.json(await pauseType(ctx, actorOf(c), c.req.valid('param').type), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/notification-types/{type}/resume',
        tags,
        summary: 'Resume a notification type',
        description: 'What waited goes out in its old order.',
        request: { params: TypeParam },
        responses: { 200: answer(NotificationType, 'As it now stands') },
      }),
      async (c) => c.json(await resumeType(ctx, actorOf(c), c.req.valid('param').type), 200),
    )
}
