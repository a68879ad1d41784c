import { AcceptedEvents, NewEvents } from '../../shared/events.ts'
import type { AppContext } from '../context.ts'
import type { GateLimits } from '../deliveries/accept/gate.ts'
import { readKey } from '../deliveries/accept/idempotency.ts'
import { answer, jsonBody, newRoutes, z } from '../lib/routes.ts'
import { actorOf, sourceOf } from '../users/actor.ts'
import { bodyOf } from '../users/body-rules.ts'
import { eventTaker } from './accept-events.ts'
import { readEvents } from './read-events.ts'

/** POST /api/events: what the platform says happened. */
export function eventsHttp(ctx: AppContext, limits?: GateLimits) {
  const take = eventTaker(ctx, limits)
  const routes = newRoutes()
  // Checked by hand: the one schema of both forms can't name the field at fault, and each event is kept as it was sent.
  routes.openAPIRegistry.registerPath({
    method: 'post',
    path: '/api/events',
    tags: ['Events'],
    summary: 'Send an event, or up to 500 at once',
    description:
      'Answers once the events and their deliveries are on disk. Of an array all are taken or none. Sent again with ' +
      'the same Idempotency-Key and body, within seven days, it changes nothing and gets the first answer.',
    request: {
      headers: z.object({ 'Idempotency-Key': z.string().min(1).max(200).optional() }),
      body: jsonBody(NewEvents),
    },
    responses: { 202: answer(AcceptedEvents, 'Kept; one answer for each event of an array, in its order') },
  })
  routes.post('/api/events', async (c) => {
    const actor = actorOf(c)
    const source = sourceOf(actor)
    const { bytes, text, value } = bodyOf(c)
    const requestKey = readKey(c.req.header('idempotency-key'), source, ['POST /api/events\n', bytes])
    const { events, isBatch } = readEvents(value, text)
    const accepted = await take({ actor, source, events, isBatch, requestKey, bytes: bytes.length })
    return c.body(accepted.answer, 202, {
      'content-type': 'application/json',
      ...(accepted.isReplay && { 'idempotency-replayed': 'true' }),
    })
  })
  return routes
}
