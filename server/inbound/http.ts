import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { Invocation, ListInvocations, ListRefusedRequests, RefusalCount } from '../../shared/commands.ts'
import { pageOf } from '../../shared/paging.ts'
import type { AppContext } from '../context.ts'
import { openArrivals } from '../lib/arrivals.ts'
import { readBody } from '../lib/read-body.ts'
import { answer, createRoute, newRoutes, z } from '../lib/routes.ts'
import { openDoor, type Reply, type Surface, type VerifiedCall } from './door.ts'
import { listInvocations, listRefused } from './list-invocations.ts'
import { commandTaker } from './take-command.ts'
import { interactionTaker } from './take-interaction.ts'

/** What Slack says to us, under /slack; what came of it, under /api; and the way to let what waits be written. */
export function inboundHttp(ctx: AppContext) {
  const door = openDoor(ctx)
  const arrive = openArrivals()
  const takers: Record<Surface, (call: VerifiedCall) => Promise<Reply>> = {
    commands: commandTaker(ctx, door),
    interactions: interactionTaker(ctx, door),
  }

  const receive = async (incoming: IncomingMessage, integrationId: string, surface: Surface): Promise<Reply> => {
    const startedMs = performance.now()
    const { headers } = incoming
    const length = headers['content-length']
    const checked = await door.check({
      integrationId,
      surface,
      body: await readBody(incoming, MOST_BYTES, arrive()),
      signature: one(headers['x-slack-signature']),
      timestamp: one(headers['x-slack-request-timestamp']),
      declaredBytes: length === undefined ? undefined : Number(length),
      contentEncoding: headers['content-encoding'],
      startedMs,
    })
    return checked.kind === 'answered' ? checked.reply : takers[surface](checked.call)
  }

  /**
   * Answers a request to one of Slack's addresses straight from the socket; false for any other. The same routes in the
   * app take twice the time, and what its layers guard against (cookies, other origins) means nothing to Slack.
   */
  const take = (incoming: IncomingMessage, outgoing: ServerResponse): boolean => {
    const [, integrationId, surface] = (incoming.method === 'POST' && ADDRESS.exec(incoming.url ?? '')) || []
    if (integrationId === undefined || (surface !== 'commands' && surface !== 'interactions')) return false
    receive(incoming, integrationId, surface).then(
      (reply) => write(outgoing, reply),
      (error: unknown) => {
        ctx.log.error('inbound.broke', { integrationId, surface, error })
        write(outgoing, { status: 500 })
      },
    )
    return true
  }

  const answerIn = async (c: Context, integrationId: string, surface: Surface): Promise<Response> => {
    const { status, body } = await receive((c.env as HttpBindings).incoming, integrationId, surface)
    if (status === 413) c.header('connection', 'close')
    return body ? c.json(body, status) : c.body(null, status)
  }
  const routes = newRoutes()
    .openapi(fromSlack('commands', 'A slash command that Slack signed'), (c) =>
      answerIn(c, c.req.valid('param').integrationId, 'commands'),
    )
    .openapi(fromSlack('interactions', 'A click or a modal that Slack signed'), (c) =>
      answerIn(c, c.req.valid('param').integrationId, 'interactions'),
    )

  const reads = newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/invocations',
        tags,
        summary: 'List uses of slash commands',
        request: { query: ListInvocations },
        responses: { 200: answer(pageOf(Invocation), 'One page, newest first') },
      }),
      async (c) => c.json(await listInvocations(ctx, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/refused-requests',
        tags,
        summary: 'Count requests that were refused, by why',
        description: 'Over the last 24 hours unless from and to say otherwise.',
        request: { query: ListRefusedRequests },
        responses: { 200: answer(z.object({ items: z.array(RefusalCount) }), 'The latest first') },
      }),
      async (c) => {
        await door.flush()
        return c.json({ items: await listRefused(ctx, c.req.valid('query')) }, 200)
      },
    )

  return { take, routes, reads, close: door.close }
}

const tags = ['Commands']
/** Slack's largest request is a fraction of it. */
const MOST_BYTES = 64 * 1_024

const ADDRESS = /^\/slack\/([^/?#]{1,64})\/(commands|interactions)$/

function write(outgoing: ServerResponse, { status, body }: Reply): void {
  const text = body ? JSON.stringify(body) : ''
  outgoing
    .writeHead(status, {
      ...(body && { 'content-type': 'application/json; charset=utf-8' }),
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // What was not read to its end must not be taken for the next request.
      ...(status === 413 && { connection: 'close' }),
    })
    .end(text)
}

const fromSlack = (surface: Surface, summary: string) =>
  createRoute({
    method: 'post',
    path: `/slack/{integrationId}/${surface}`,
    tags,
    summary,
    description: 'Called by Slack. Verified over the raw bytes, kept, then answered.',
    request: { params: z.object({ integrationId: z.string() }) },
    responses: {
      200: { description: 'Taken; a command is answered with a message' },
      400: { description: 'Signed, and not what Slack sends here' },
      401: { description: 'Not signed as Slack signs, too old, or seen before' },
      413: { description: 'Larger than anything Slack sends' },
      503: {
        description:
          'Bodies that were begun and never ended hold the memory for it, or the signing secret can not be read',
      },
    },
  })

const one = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header)
