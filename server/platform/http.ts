import { IdParam, PageQuery, pageOf } from '../../shared/paging.ts'
import {
  PlatformCall,
  PlatformEndpoint,
  PlatformEndpointChange,
  PlatformEndpointMade,
  PlatformTest,
  RollSecret,
} from '../../shared/platform.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, jsonBody, newRoutes, z } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { deleteEndpoint, putEndpoint, rollEndpointSecret } from './change-endpoint.ts'
import type { Dependants } from './dependants.ts'
import { listCalls, readEndpoint, showCall } from './show-platform.ts'
import { testEndpoint } from './test-endpoint.ts'

const tags = ['Platform endpoint']
const PATH = '/api/integrations/{id}/platform'

/** /api/integrations/{id}/platform: where the customer's own service is, and what was said to it. */
export function platformHttp(ctx: AppContext, dependants: Dependants) {
  const routes = newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: PATH,
        tags,
        summary: 'Read the platform endpoint of an integration',
        request: { params: IdParam },
        responses: { 200: answer(PlatformEndpoint, 'Everything but its secret') },
      }),
      async (c) => c.json(await readEndpoint(ctx, actorOf(c), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'put',
        path: PATH,
        tags,
        summary: 'Set the platform endpoint, switch it on or off',
        description: 'The first time it gets a secret, which this answer alone carries as `newSecret`.',
        request: { params: IdParam, body: jsonBody(PlatformEndpointChange) },
        responses: { 200: answer(PlatformEndpointMade, 'As it is now') },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        return c.json(await putEndpoint(ctx, actorOf(c), id, c.req.valid('json'), dependants), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: PATH,
        tags,
        summary: 'Delete the platform endpoint and its secrets',
        request: { params: IdParam },
        responses: { 204: { description: 'It is gone; what waited for it has ended.' } },
      }),
      async (c) => {
        await deleteEndpoint(ctx, actorOf(c), c.req.valid('param').id, dependants)
        return c.body(null, 204)
      },
    )
  return acts(ctx, routes, dependants)
}

function acts(ctx: AppContext, routes: ReturnType<typeof newRoutes>, dependants: Dependants) {
  return routes
    .openapi(
      createRoute({
        method: 'post',
        path: `${PATH}/roll-secret`,
        tags,
        summary: 'Make a new secret',
        description: 'Until the overlap ends, calls carry a signature of the new secret and of the one before.',
        request: {
          params: IdParam,
          body: { required: false, content: { 'application/json': { schema: RollSecret.optional() } } },
        },
        responses: { 200: answer(PlatformEndpointMade, 'With the new secret, this once') },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        const wanted = RollSecret.parse(c.req.valid('json') ?? {})
        return c.json(await rollEndpointSecret(ctx, actorOf(c), id, wanted, dependants), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${PATH}/test`,
        tags,
        summary: 'Send the platform a signed ping',
        description: 'When it is taken, a second one with a wrong signature follows, which the platform has to refuse.',
        request: { params: IdParam },
        responses: { 200: answer(PlatformTest, 'What it answered, how fast, and what to do when it did not') },
      }),
      async (c) => c.json(await testEndpoint(ctx, actorOf(c), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${PATH}/calls`,
        tags,
        summary: 'List what the platform was asked and told',
        request: { params: IdParam, query: PageQuery },
        responses: { 200: answer(pageOf(PlatformCall), 'One page, newest first') },
      }),
      async (c) => c.json(await listCalls(ctx, c.req.valid('param').id, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${PATH}/calls/{callId}`,
        tags,
        summary: 'Read one call to the platform',
        request: { params: IdParam.extend({ callId: z.string().min(1).max(64) }) },
        responses: { 200: answer(PlatformCall, 'What was sent and answered, without secrets') },
      }),
      async (c) => {
        const { id, callId } = c.req.valid('param')
        return c.json(await showCall(ctx, id, callId), 200)
      },
    )
}
