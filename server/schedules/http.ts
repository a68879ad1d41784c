import { IdParam, PageQuery, pageOf } from '../../shared/paging.ts'
import {
  Schedule,
  ScheduleChange,
  SchedulePreview,
  SchedulePreviewRequest,
  ScheduleRun,
} from '../../shared/schedules.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, jsonBody, newRoutes } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { createSchedule, deleteSchedule, replaceSchedule, runNow } from './change-schedule.ts'
import { checkTiming, describe } from './cron.ts'
import { listRuns, listSchedules, showSchedule } from './show-schedules.ts'

const tags = ['Schedules']

/** /api/schedules: what is sent at which times, and how each of these went. */
export function schedulesHttp(ctx: AppContext) {
  const routes = newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/schedules',
        tags,
        summary: 'List schedules',
        request: { query: PageQuery },
        responses: { 200: answer(pageOf(Schedule), 'One page, oldest first') },
      }),
      async (c) => c.json(await listSchedules(ctx, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/schedules',
        tags,
        summary: 'Add a schedule',
        request: { body: jsonBody(ScheduleChange) },
        responses: { 201: answer(Schedule, 'With its next runs') },
      }),
      async (c) => c.json(await createSchedule(ctx, actorOf(c), c.req.valid('json')), 201),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/schedules/preview',
        tags,
        summary: 'Say what a cron text means',
        request: { body: jsonBody(SchedulePreviewRequest) },
        responses: { 200: answer(SchedulePreview, 'In words, and the next ten runs with changes of clocks') },
      }),
      (c) => {
        const { cron, timeZone = 'UTC' } = c.req.valid('json')
        checkTiming({ cron, timeZone }, ctx.now())
        return c.json(describe({ cron, timeZone }, ctx.now()), 200)
      },
    )
  return oneSchedule(ctx, routes)
}

function oneSchedule(ctx: AppContext, routes: ReturnType<typeof newRoutes>) {
  return routes
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/schedules/{id}',
        tags,
        summary: 'Read a schedule',
        request: { params: IdParam },
        responses: { 200: answer(Schedule, 'With its next runs and its last one') },
      }),
      async (c) => c.json(await showSchedule(ctx, c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/api/schedules/{id}',
        tags,
        summary: 'Change a schedule',
        description: 'Sets all of it; `enabled`, `missedRuns` and `overlap` stay as they are when left out.',
        request: { params: IdParam, body: jsonBody(ScheduleChange) },
        responses: { 200: answer(Schedule, 'As it is now') },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        return c.json(await replaceSchedule(ctx, actorOf(c), id, c.req.valid('json')), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/api/schedules/{id}',
        tags,
        summary: 'Delete a schedule and the log of its runs',
        request: { params: IdParam },
        responses: { 204: { description: 'It is gone; events that it brought stay.' } },
      }),
      async (c) => {
        await deleteSchedule(ctx, actorOf(c), c.req.valid('param').id)
        return c.body(null, 204)
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/schedules/{id}/runs',
        tags,
        summary: 'List the runs of a schedule',
        request: { params: IdParam, query: PageQuery },
        responses: { 200: answer(pageOf(ScheduleRun), 'One page, newest first') },
      }),
      async (c) => c.json(await listRuns(ctx, c.req.valid('param').id, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/schedules/{id}/run',
        tags,
        summary: 'Run a schedule now',
        description:
          'It runs within a second; look for how it went among its runs. A run that waits to be tried again is tried now.',
        request: { params: IdParam },
        responses: { 202: answer(ScheduleRun, 'It waits for its turn') },
      }),
      async (c) => c.json(await runNow(ctx, actorOf(c), c.req.valid('param').id), 202),
    )
}
