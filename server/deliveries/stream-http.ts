import { DeliveryFilter, DeliveryStreamEvent } from '../../shared/deliveries.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import { createRoute, newRoutes, z } from '../lib/routes.ts'
import { actorOf, sourceOf } from '../users/actor.ts'
import { stillAdmitted } from '../users/guard.ts'
import { makeTail, type Tail } from './tail.ts'

/** Before each it is looked whether who follows still may: a key can be revoked meanwhile, an account disabled. */
const BEAT_EVERY_MS = 15_000
const LONGEST_MS = 15 * 60_000
const COME_BACK_AFTER_MS = 2_000
/** Events that wait for one client; whoever reads more slowly is cut off and catches up when it comes back. */
const MOST_WAITING = 1_000

/** /api/deliveries/stream: the log as it happens. `close` ends every stream, so that the server can stop. */
export function deliveryStreamHttp(ctx: AppContext) {
  const tail = makeTail(ctx)
  const open = new Set<() => void>()
  let isStopping = false
  const routes = newRoutes().openapi(
    createRoute({
      method: 'get',
      path: '/api/deliveries/stream',
      tags: ['Deliveries'],
      summary: 'Follow deliveries as they come and change',
      description:
        'Server-sent events. With `Last-Event-ID` what happened since is told first. It ends after 15 minutes: ask again. At most 12 at a time for each person or API key.',
      request: { query: DeliveryFilter, headers: z.object({ 'last-event-id': LastEventId.optional() }) },
      responses: {
        200: {
          description: 'The `data` of each event is JSON: a delivery, or that the list has to be read again.',
          content: { 'text/event-stream': { schema: DeliveryStreamEvent } },
        },
      },
    }),
    async (c) => {
      if (isStopping) throw new Refusal('unavailable', 'This server is stopping.', { retryAfterSeconds: 2 })
      // Nobody would read what follows the headers, and its place would stay taken to the end.
      if (c.req.method === 'HEAD') return c.body(null, 200, STREAM_HEADERS) as never
      const since = c.req.valid('header')['last-event-id']
      const asked = { who: sourceOf(actorOf(c)), filter: c.req.valid('query'), isAllowed: () => stillAdmitted(c) }
      const body = await streamOf(tail, open, asked, since === undefined ? undefined : Number(since))
      return c.body(body, 200, STREAM_HEADERS) as never // the body is a stream of what the schema says
    },
  )
  const close = async () => {
    isStopping = true
    for (const end of open) end()
    await tail.stop()
  }
  return { routes, close }
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
}

/** The instant of the event, as it was told. */
const LastEventId = z.string().regex(/^\d{1,15}$/, 'This is not the id of an event of this stream.')

async function streamOf(
  tail: Tail,
  open: Set<() => void>,
  { who, filter, isAllowed }: { who: string; filter: DeliveryFilter; isAllowed: () => Promise<boolean> },
  since: number | undefined,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder()
  let into: ReadableStreamDefaultController<Uint8Array> | undefined
  let unfollow = () => {}
  const end = () => {
    unfollow()
    clearInterval(beat)
    clearTimeout(last)
    open.delete(end)
    into?.close()
    into = undefined
  }
  const send = (text: string) => {
    into?.enqueue(encoder.encode(text))
    if ((into?.desiredSize ?? 0) < -MOST_WAITING) end()
  }
  const beat = setInterval(async () => {
    if (await isAllowed()) send(': still here\n\n')
    else end()
  }, BEAT_EVERY_MS)
  const last = setTimeout(end, LONGEST_MS)
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      into = controller
    },
    cancel: () => {
      into = undefined
      end()
    },
  })
  open.add(end)
  send(`retry: ${COME_BACK_AFTER_MS}\n\n`)
  try {
    unfollow = await tail.follow(who, filter, since, (event, at) => {
      send(`id: ${at}\ndata: ${JSON.stringify(event)}\n\n`)
    })
  } catch (error) {
    end()
    throw error
  }
  if (!into) unfollow()
  return stream
}
