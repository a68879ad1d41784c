import type { ReadableStream } from 'node:stream/web'
import type { Context } from 'hono'
import { AcceptedMessage, MessageChange, NewMessage } from '../../shared/messages.ts'
import { IdParam } from '../../shared/paging.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, jsonBody, newRoutes, refusalOf, z } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { bodyOf, isMultipart, readJson } from '../users/body-rules.ts'
import { refuseIfEnded } from '../users/guard.ts'
import { type AcceptedRequest, messageTaker } from './accept-message.ts'
import { changeMessage, deleteMessage } from './change-message.ts'
import { readMultipart } from './read-multipart.ts'
import { takeWithFile } from './take-with-file.ts'

const tags = ['Messages']
const headers = z.object({ 'Idempotency-Key': z.string().min(1).max(200).optional() })
const responses = { 202: answer(AcceptedMessage, 'Kept; what became of it so far') }

/** /api/messages: one message straight to a destination, and what it shall say later. */
export function messagesHttp(ctx: AppContext) {
  const taker = messageTaker(ctx)
  const routes = newRoutes()
  // Two forms of body: the one with a file is read as it arrives.
  routes.openAPIRegistry.registerPath(postMessages)
  routes.post('/api/messages', async (c) => {
    const request = { actor: actorOf(c), idempotencyKey: c.req.header('idempotency-key') }
    if (!isMultipart(c)) {
      const { bytes, value } = bodyOf(c)
      const checked = await taker.check({ ...request, message: parsed(NewMessage, value), body: [bytes] }, false)
      return accepted(c, await taker.take(checked))
    }
    const contentType = c.req.header('content-type') ?? ''
    const body = c.req.raw.body as ReadableStream<Uint8Array> | null // the same class, declared twice
    const taken = await readMultipart({ contentType, body }, async (bytes, file) => {
      const message = parsed(NewMessage, readJson(bytes))
      return takeWithFile(ctx, taker, { ...request, message, body: [bytes] }, file, () => refuseIfEnded(c))
    })
    return accepted(c, taken)
  })
  return routes
    .openapi(
      createRoute({
        method: 'patch',
        path: '/api/messages/{id}',
        tags,
        summary: 'Change a message',
        description:
          'By its delivery. While it waits it is changed in place; else the answer is the delivery that changes it.',
        request: { params: IdParam, headers, body: jsonBody(MessageChange) },
        responses,
      }),
      async (c) => {
        const change = { ...changeIn(c, c.req.valid('param').id), content: c.req.valid('json') }
        return accepted(c, await changeMessage(ctx, change)) as never // JSON already, which the route's type can't tell
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/api/messages/{id}',
        tags,
        summary: 'Delete a message',
        description:
          'By its delivery. While it waits it is cancelled; else the answer is the delivery that deletes it.',
        request: { params: IdParam, headers },
        responses,
      }),
      async (c) => {
        return accepted(c, await deleteMessage(ctx, changeIn(c, c.req.valid('param').id))) as never // as above
      },
    )
}

const changeIn = (c: Context, id: string) => ({
  actor: actorOf(c),
  id,
  idempotencyKey: c.req.header('idempotency-key'),
  body: [`${c.req.method} /api/messages/${id}\n`, bodyOf(c).bytes],
})

function parsed<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const result = schema.safeParse(value)
  if (!result.success) throw refusalOf(result.error)
  return result.data
}

function accepted(c: Context, { answer, isReplay }: AcceptedRequest): Response {
  return c.body(answer, 202, {
    'content-type': 'application/json',
    ...(isReplay && { 'idempotency-replayed': 'true' }),
  })
}

const postMessages = createRoute({
  method: 'post',
  path: '/api/messages',
  tags,
  summary: 'Send a message',
  description:
    'Answers once the message is on disk. What is longer than Slack takes becomes several messages in one thread, or ' +
    'a file. Sent again with the same Idempotency-Key and body, within seven days, it gets the first answer.',
  request: {
    headers,
    body: {
      required: true,
      content: {
        'application/json': { schema: NewMessage },
        'multipart/form-data': {
          schema: z.object({ message: NewMessage, file: z.string().describe('The file, up to 100 MB') }),
        },
      },
    },
  },
  responses,
})
