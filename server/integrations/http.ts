import type { Context } from 'hono'
import { ConnectionTest, ListConnectionTests, TestDraft, type TestStreamEvent } from '../../shared/connection-tests.ts'
import {
  CatalogueEntry,
  DeleteIntegration,
  Integration,
  IntegrationBelongings,
  IntegrationChange,
  ManifestAnswer,
  ManifestQuery,
  NewIntegration,
} from '../../shared/integrations.ts'
import { IdParam, PageQuery, pageOf } from '../../shared/paging.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, jsonBody, newRoutes, z } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { catalogue } from './catalogue.ts'
import { changeIntegration } from './change-integration.ts'
import { createIntegration } from './create-integration.ts'
import { countBelongings, deleteIntegration } from './delete-integration.ts'
import type { Dependants } from './dependants.ts'
import { getTest, listTests } from './kept-tests.ts'
import { listIntegrations, showIntegration } from './show-integrations.ts'
import { testConnection } from './test-connection.ts'
import type { TestRequest } from './test-subject.ts'
import { writeManifest } from './write-manifest.ts'

const tags = ['Integrations']
const TestParam = IdParam.extend({ testId: z.string().min(1).max(64) })

/** The draft may be left out: then what is saved is tested. */
const draftBody = { required: false as const, content: { 'application/json': { schema: TestDraft.optional() } } }
const testAnswers = {
  200: {
    description:
      'Every step with its result. For `Accept: text/event-stream` each step is sent as it starts and ends, then the run.',
    content: { 'application/json': { schema: ConnectionTest }, 'text/event-stream': { schema: z.string() } },
  },
}

/** /api/integrations: what is connected, and the doctor that says whether it works. */
export function integrationsHttp(ctx: AppContext, dependants: Dependants) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/integrations',
        tags,
        summary: 'List integrations',
        request: { query: PageQuery },
        responses: { 200: answer(pageOf(Integration), 'One page, in the order they were made.') },
      }),
      async (c) => c.json(await listIntegrations(ctx, c.req.valid('query'), dependants), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/integrations',
        tags,
        summary: 'Connect a Slack app',
        request: { body: jsonBody(NewIntegration) },
        responses: { 201: answer(Integration, 'It is stored, its secrets sealed; test it next.') },
      }),
      async (c) => {
        const { id } = await createIntegration(ctx, actorOf(c), c.req.valid('json'))
        return c.json(await showIntegration(ctx, id, dependants), 201)
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/integrations/catalogue',
        tags,
        summary: 'What can be connected',
        responses: { 200: answer(z.object({ items: z.array(CatalogueEntry) }), 'Each kind, and whether it is built.') },
      }),
      (c) => c.json({ items: catalogue }, 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/integrations/manifest',
        tags,
        summary: 'Write the manifest of a Slack app for this server',
        description: 'Send its `integrationId` along when creating the integration: the addresses name it.',
        request: { query: ManifestQuery },
        responses: { 200: answer(ManifestAnswer, 'As JSON, as YAML, and as a link that opens Slack.') },
      }),
      async (c) => c.json(await writeManifest(ctx, c.req.valid('query'), dependants), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/integrations/test',
        tags,
        summary: 'Test what is on screen before it is saved',
        request: { body: draftBody },
        responses: testAnswers,
      }),
      async (c) => answerTest(ctx, c, { draft: c.req.valid('json') ?? {}, webhooks: [] }),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/integrations/{id}',
        tags,
        summary: 'Read one integration',
        request: { params: IdParam },
        responses: { 200: answer(Integration, 'Everything but its secrets.') },
      }),
      async (c) => c.json(await showIntegration(ctx, c.req.valid('param').id, dependants), 200),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/api/integrations/{id}',
        tags,
        summary: 'Change an integration, replace a secret, switch it on or off',
        request: { params: IdParam, body: jsonBody(IntegrationChange) },
        responses: { 200: answer(Integration, 'As it is now.') },
      }),
      async (c) => {
        const { id } = await changeIntegration(ctx, actorOf(c), c.req.valid('param').id, c.req.valid('json'))
        return c.json(await showIntegration(ctx, id, dependants), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/integrations/{id}/belongings',
        tags,
        summary: 'What a deletion would take along',
        request: { params: IdParam },
        responses: { 200: answer(IntegrationBelongings, 'Counted now.') },
      }),
      async (c) => c.json(await countBelongings(ctx.db, c.req.valid('param').id, dependants), 200),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/api/integrations/{id}',
        tags,
        summary: 'Delete an integration, its secrets and its destinations',
        description: 'Asks for the exact name as `?name=`. Deliveries that have ended stay in the log.',
        request: { params: IdParam, query: DeleteIntegration },
        responses: { 200: answer(IntegrationBelongings, 'What went with it.') },
      }),
      async (c) => {
        const asked = { id: c.req.valid('param').id, name: c.req.valid('query').name }
        return c.json(await deleteIntegration(ctx, actorOf(c), asked, dependants), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/integrations/{id}/test',
        tags,
        summary: 'Test the connection',
        description: 'Of what is on screen only what differs from what is saved has to be sent; nothing is all right.',
        request: { params: IdParam, body: draftBody },
        responses: testAnswers,
      }),
      async (c) => {
        const integrationId = c.req.valid('param').id
        const draft = c.req.valid('json') ?? {}
        const webhooks = draft.webhooks?.length ? [] : await dependants.openWebhooks(ctx, integrationId)
        return answerTest(ctx, c, { integrationId, draft, webhooks })
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/integrations/{id}/tests',
        tags,
        summary: 'List connection tests',
        request: { params: IdParam, query: ListConnectionTests },
        responses: { 200: answer(pageOf(ConnectionTest), 'One page, newest first.') },
      }),
      async (c) => c.json(await listTests(ctx, c.req.valid('param').id, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/integrations/{id}/tests/{testId}',
        tags,
        summary: 'Read one connection test',
        request: { params: TestParam },
        responses: { 200: answer(ConnectionTest, 'Its waiting step turns green once Slack signs a request.') },
      }),
      async (c) => {
        const { id, testId } = c.req.valid('param')
        return c.json(await getTest(ctx, id, testId), 200)
      },
    )
}

/** One JSON answer at the end, or a stream of events. Whoever goes away cancels the test. */
async function answerTest(ctx: AppContext, c: Context, request: TestRequest) {
  const actor = actorOf(c)
  const { signal } = c.req.raw
  if (!c.req.header('accept')?.includes('text/event-stream')) {
    return c.json(await testConnection(ctx, actor, { ...request, report: () => {}, signal }), 200)
  }

  const gone = new AbortController()
  const begun = Promise.withResolvers<void>()
  const waiting: TestStreamEvent[] = []
  let send = (event: TestStreamEvent) => void waiting.push(event)
  const ended = testConnection(ctx, actor, {
    ...request,
    signal: AbortSignal.any([signal, gone.signal]),
    report: (step) => {
      send({ kind: 'step', step })
      begun.resolve()
    },
  })
  // What is refused before the first step is still answered with its own status.
  await Promise.race([begun.promise, ended])

  const encoder = new TextEncoder()
  const events = new ReadableStream<Uint8Array>({
    start: async (stream) => {
      send = (event) => {
        if (!gone.signal.aborted) stream.enqueue(encoder.encode(`data: ${JSON.stringify(event)}\n\n`))
      }
      for (const event of waiting) send(event)
      try {
        send({ kind: 'ended', test: await ended })
        if (!gone.signal.aborted) stream.close()
      } catch (error) {
        ctx.log.error('connection_test.broke', { error })
        stream.error(error)
      }
    },
    cancel: () => gone.abort(),
  })
  return c.body(events, 200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
}
