import {
  Delivery,
  DeliveryCounts,
  DeliveryFilter,
  DeliveryNeighbours,
  DeliveryPage,
  ExportDeliveries,
  ListDeliveries,
  ReplayOne,
  SendElsewhere,
  TestSend,
} from '../../shared/deliveries.ts'
import { IdParam } from '../../shared/paging.ts'
import type { AppContext } from '../context.ts'
import { optional, toInstant } from '../lib/paging.ts'
import { answer, createRoute, jsonBody, newRoutes, z } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { stillAdmitted } from '../users/guard.ts'
import { cancelDelivery, deleteWithBacklog } from './cancel-delivery.ts'
import { exportDeliveries } from './export.ts'
import { countByState, findNeighbours, getDelivery, listDeliveryRows } from './list-store.ts'
import { readWhole, type Tellers } from './read-delivery.ts'
import { replayDelivery } from './replay-delivery.ts'
import { sendElsewhere } from './send-elsewhere.ts'
import { testSend } from './test-send.ts'
import { toCounts, toSummary } from './to-answer.ts'

const tags = ['Deliveries']

/** /api/deliveries: what was sent, what waits, why, and a way to send again; and what a destination's end takes along. */
export function deliveriesHttp(ctx: AppContext, tellers: Tellers) {
  const { pausedTypes } = tellers
  const read = (id: string) => readWhole(ctx, id, tellers)
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/deliveries',
        tags,
        summary: 'List deliveries',
        description:
          '`by` says which instant from and to speak of: accepted, ended, or the end of any of its requests to Slack. ' +
          'With `by=attempted`, code and method speak of those requests too.',
        request: { query: ListDeliveries },
        responses: { 200: answer(DeliveryPage, 'One page, newest first') },
      }),
      async (c) => {
        const { rows, next, searchedTo } = await listDeliveryRows(ctx.db, c.req.valid('query'))
        const end = searchedTo === undefined ? {} : { searchedTo: toInstant(searchedTo) }
        return c.json({ items: rows.map(toSummary), ...optional('next', next), ...end }, 200)
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/deliveries/counts',
        tags,
        summary: 'Count deliveries by state',
        description:
          'Above ten thousand of one kind they are not counted to the end: `atLeast` says so, and `statesAtLeast` of which.',
        request: { query: DeliveryFilter },
        responses: { 200: answer(DeliveryCounts, 'Counts of what the same filters would list') },
      }),
      async (c) => c.json(toCounts(await countByState(ctx.db, c.req.valid('query'))), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/deliveries/export',
        tags,
        summary: 'Export the list as CSV or JSON lines',
        description: 'Everything that the filters list, newest first, streamed as it is read. Each export is audited.',
        request: { query: ExportDeliveries },
        responses: {
          200: {
            description: 'A file',
            content: { 'text/csv': { schema: z.string() }, 'application/jsonl': { schema: z.string() } },
          },
        },
      }),
      async (c) => {
        const who = { actor: actorOf(c), isAllowed: () => stillAdmitted(c) }
        const { name, type, body } = await exportDeliveries(ctx, who, c.req.valid('query'))
        const headers = { 'content-type': type, 'content-disposition': `attachment; filename="${name}"` }
        return c.body(body, 200, { ...headers, 'cache-control': 'no-store' })
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/deliveries/{id}',
        tags,
        summary: 'Read a delivery with its attempts and time line',
        request: { params: IdParam },
        responses: { 200: answer(Delivery, 'The delivery') },
      }),
      async (c) => c.json(await read(c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/deliveries/{id}/neighbours',
        tags,
        summary: 'Find the deliveries beside one in a filtered list',
        request: { params: IdParam, query: DeliveryFilter },
        responses: { 200: answer(DeliveryNeighbours, 'Their ids') },
      }),
      async (c) => {
        const delivery = await getDelivery(ctx.db, c.req.valid('param').id)
        return c.json(await findNeighbours(ctx.db, delivery, c.req.valid('query')), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/deliveries/{id}/replay',
        tags,
        summary: 'Send again what did not arrive',
        description:
          'Makes a new delivery of the same message to the same destination. It is held while that, or the type of its ' +
          'event, is paused.',
        request: {
          params: IdParam,
          body: { required: false, content: { 'application/json': { schema: ReplayOne.optional() } } },
        },
        responses: { 201: answer(Delivery, 'The new delivery') },
      }),
      async (c) => {
        const options = { ...ReplayOne.parse(c.req.valid('json') ?? {}), pausedTypes }
        const id = await replayDelivery(ctx, actorOf(c), c.req.valid('param').id, options)
        return c.json(await read(id), 201)
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/deliveries/{id}/send-elsewhere',
        tags,
        summary: 'Send the same message to another destination',
        request: { params: IdParam, body: jsonBody(SendElsewhere) },
        responses: { 201: answer(Delivery, 'The new delivery; the old one stays as it is') },
      }),
      async (c) => {
        const { destinationId } = c.req.valid('json')
        const id = await sendElsewhere(ctx, actorOf(c), c.req.valid('param').id, { destinationId, pausedTypes })
        return c.json(await read(id), 201)
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/deliveries/{id}/cancel',
        tags,
        summary: 'Take back a delivery that still waits',
        request: { params: IdParam },
        responses: { 200: answer(Delivery, 'The delivery, cancelled') },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        await cancelDelivery(ctx, actorOf(c), id)
        return c.json(await read(id), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/destinations/{id}/test',
        tags: ['Destinations'],
        summary: 'Send a test message',
        description:
          'A delivery like any other. The answer waits up to 12 seconds for its outcome and tells how it then stands: a ' +
          'message that Slack refused is an answer too.',
        request: { params: IdParam, body: jsonBody(TestSend) },
        responses: { 200: answer(Delivery, 'The delivery as it now stands') },
      }),
      async (c) => {
        const { message } = c.req.valid('json')
        const id = await testSend(ctx, actorOf(c), c.req.valid('param').id, message, c.req.raw.signal)
        return c.json(await read(id), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/api/destinations/{id}',
        tags: ['Destinations'],
        summary: 'Delete a destination',
        description: 'What still waits for it is cancelled; what was sent stays in the log.',
        request: { params: IdParam },
        responses: { 204: { description: 'It is gone' } },
      }),
      async (c) => {
        await deleteWithBacklog(ctx, actorOf(c), c.req.valid('param').id)
        return c.body(null, 204)
      },
    )
}
