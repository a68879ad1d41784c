import type { IncomingMessage, ServerResponse } from 'node:http'
import { AcceptedEvents, NewEvents } from '../../shared/events.ts'
import { answerError } from '../answer-error.ts'
import type { AppContext } from '../context.ts'
import { openArrivals } from '../lib/arrivals.ts'
import { readBody } from '../lib/read-body.ts'
import { answer, createRoute, jsonBody, newRoutes, z } from '../lib/routes.ts'
import { accessOf } from '../users/access.ts'
import { type Actor, actorOf } from '../users/actor.ts'
import { bodyOf, type JsonBody, MOST_BYTES_EVENTS, readEventsBody } from '../users/body-rules.ts'
import { admitKey, bearerIn, SLOW_BODY_MS } from '../users/guard.ts'
import { dataHeaders, hostCheck, requestIdOf } from '../users/request-security.ts'
import { eventTaker } from './accept-events.ts'
import { readEvents } from './read-events.ts'

const PATH = '/api/events'

/** POST /api/events: what the platform says happened. */
export function eventsHttp(ctx: AppContext) {
  const takeEvents = eventTaker(ctx)
  const arrive = openArrivals()
  const access = accessOf('POST', PATH)
  const checkHost = hostCheck(ctx)
  const always = { ...dataHeaders(ctx), 'content-type': 'application/json' }

  const accept = (actor: Actor, idempotencyKey: string | undefined, { bytes, text, value }: JsonBody) =>
    takeEvents({ actor, ...readEvents(value, text), idempotencyKey, body: bytes })

  const receive = async (incoming: IncomingMessage, outgoing: ServerResponse, key: string): Promise<void> => {
    const { headers } = incoming
    const startedAt = ctx.now()
    const requestId = requestIdOf(ctx, one(headers['x-request-id']))
    const shared = { ...always, 'x-request-id': requestId }
    let status = 202
    try {
      checkHost(headers.host ?? '')
      const actor = await admitKey(ctx, access, key)
      const arrivesSince = performance.now()
      const bytes = await readBody(incoming, MOST_BYTES_EVENTS, arrive())
      if (performance.now() - arrivesSince > SLOW_BODY_MS) await admitKey(ctx, access, key)
      const body = readEventsBody(bytes, headers['content-type'])
      const { answer, isReplay } = await accept(actor, one(headers['idempotency-key']), body)
      write(outgoing, status, answer, isReplay ? { ...shared, ...REPLAYED } : shared)
    } catch (error) {
      const told = answerError(ctx, error, { requestId, method: 'POST', path: PATH })
      status = told.status
      write(outgoing, status, JSON.stringify(told.body), {
        ...shared,
        ...(told.retryAfterSeconds && { 'retry-after': String(told.retryAfterSeconds) }),
        ...(status === 401 && { 'www-authenticate': 'Bearer' }),
        // What was not read to its end must not be taken for the next request.
        ...(!incoming.complete && { connection: 'close' }),
      })
    }
    ctx.log.debug('request.answered', { requestId, method: 'POST', path: PATH, status, tookMs: ctx.now() - startedAt })
  }

  /**
   * Answers a program's request straight from the socket; false for any other. The layers of the app, which people's
   * browsers need, would take several times as long as all that an event needs.
   */
  const take = (incoming: IncomingMessage, outgoing: ServerResponse): boolean => {
    if (incoming.method !== 'POST' || incoming.url !== PATH) return false
    const key = bearerIn(incoming.headers.authorization)
    if (key === undefined) return false
    receive(incoming, outgoing, key)
    return true
  }

  const routes = newRoutes()
  // Checked by hand: the one schema of both forms can't name the field at fault, and each event is kept as it was sent.
  routes.openAPIRegistry.registerPath(postEvents)
  routes.post(PATH, async (c) => {
    const { answer, isReplay } = await accept(actorOf(c), c.req.header('idempotency-key'), bodyOf(c))
    return c.body(answer, 202, { 'content-type': 'application/json', ...(isReplay && REPLAYED) })
  })
  return { take, routes }
}

const REPLAYED = { 'idempotency-replayed': 'true' }

function write(outgoing: ServerResponse, status: number, body: string, headers: Record<string, string>): void {
  outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
}

const one = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header)

const postEvents = createRoute({
  method: 'post',
  path: PATH,
  tags: ['Events'],
  summary: 'Send an event, or up to 500 at once',
  description:
    'Answers once the events and their deliveries are on disk. Of an array all are taken or none. One that goes nowhere ' +
    'is kept all the same; GET /api/events/{id}/explanation says why. Sent again with ' +
    'the same Idempotency-Key and body, within seven days, it changes nothing and gets the first answer.',
  request: {
    headers: z.object({ 'Idempotency-Key': z.string().min(1).max(200).optional() }),
    body: jsonBody(NewEvents),
  },
  responses: { 202: answer(AcceptedEvents, 'Kept; one answer for each event of an array, in its order') },
})
