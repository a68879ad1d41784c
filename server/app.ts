import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context, MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { answerError } from './answer-error.ts'
import { auditHttp } from './audit/http.ts'
import { configurationHttp } from './configuration/http.ts'
import { consoleHttp } from './console/http.ts'
import type { AppContext } from './context.ts'
import { cancelWaitingOf, sweepWaitingOf } from './deliveries/cancel-delivery.ts'
import { deliveriesHttp } from './deliveries/http.ts'
import { countHeldBehind, queueFigures } from './deliveries/queue.ts'
import { readDelivery } from './deliveries/read-delivery.ts'
import { steeringHttp } from './deliveries/steering-http.ts'
import { deliveryStreamHttp } from './deliveries/stream-http.ts'
import { testSend } from './deliveries/test-send.ts'
import { countWaiting } from './deliveries/waiting-store.ts'
import { destinationsHttp } from './destinations/http.ts'
import { openWebhooks } from './destinations/open-target.ts'
import { countDestinations } from './destinations/store.ts'
import { docsHttp } from './docs/http.ts'
import { Refusal } from './errors.ts'
import { decidedEntries } from './events/explain/decided-entries.ts'
import { explainHttp } from './events/explain/http.ts'
import { eventsHttp } from './events/http.ts'
import { getEvent } from './events/store.ts'
import { eventTypesHttp } from './events/types-http.ts'
import { healthHttp } from './health/http.ts'
import { listDeclared } from './inbound/commands/declare-command.ts'
import { commandsHttp } from './inbound/commands-http.ts'
import { inboundHttp } from './inbound/http.ts'
import { incidentsHttp } from './incidents/http.ts'
import { integrationsHttp } from './integrations/http.ts'
import { listAppIds, lockIntegration } from './integrations/store.ts'
import { newRoutes } from './lib/routes.ts'
import { mentionsHttp } from './mentions/http.ts'
import { messagesHttp } from './messages/http.ts'
import { metricsHttp } from './metrics/http.ts'
import { platformHttp } from './platform/http.ts'
import { quietHoursHttp } from './quiet-hours/http.ts'
import { replaysHttp } from './replays/http.ts'
import { routingHttp } from './routing/http.ts'
import { readySweeps } from './routing/ready-sweeps.ts'
import { rulesHttp } from './routing/rules-http.ts'
import { countRevision, findPausedTypes } from './routing/store.ts'
import { listTypesUsing } from './routing/template-types-store.ts'
import { readTypeLook } from './routing/type-look.ts'
import { schedulesHttp } from './schedules/http.ts'
import { templatesHttp } from './templates/http.ts'
import { bodyRules } from './users/body-rules.ts'
import { guard } from './users/guard.ts'
import { usersHttp } from './users/http.ts'
import { addressRule, hostRule, requestIds, securityHeaders } from './users/request-security.ts'

export type AppOptions = {
  /** Makes the first admin; absent once there is one. */
  setupToken: string | undefined
  /** Why nothing but the health checks is served: the master key does not fit the database. */
  locked: string | undefined
  /** This process has the role `api`; without it nothing but health and figures is served. */
  servesApi: boolean
  /** GET /metrics answers without an API key. */
  metricsOpen: boolean
  /** How many reverse proxies stand in front: how deep X-Forwarded-For is believed. */
  proxyHops: number
  /** The built console. */
  clientDir: string
}

/** The whole HTTP surface: every slice's routes behind one guard, and the console. */
export function createApp(ctx: AppContext, options: AppOptions) {
  const inbound = inboundHttp(ctx)
  const events = eventsHttp(ctx)
  const deliveryStream = deliveryStreamHttp(ctx)
  const app = newRoutes()
  app.onError((error, c) => toAnswer(ctx, error, c))
  app.use(requestIds(ctx), securityHeaders(ctx), hostRule(ctx), addressRule())
  app.route('/', healthHttp(ctx, options))
  if (!options.servesApi) app.use(refuseAllBut('/metrics'))
  if (options.locked) {
    app.use('/api/*', () => {
      throw new Refusal('locked', options.locked ?? '')
    })
  }
  // Slack's requests are proven by their signature, over the raw bytes, so they go past the guard and its body rules.
  app.route('/', inbound.routes)
  app.use('/api/*', guard(ctx, options), bodyRules())
  app.use('/metrics', guard(ctx, options))
  app.route('/', usersHttp(ctx, options))
  app.route('/', auditHttp(ctx))
  app.route(
    '/',
    integrationsHttp(ctx, {
      countDestinations,
      openWebhooks,
      countWaiting,
      cancelWaiting: cancelWaitingOf,
      sweepWaiting: sweepWaitingOf,
      listDeclared,
    }),
  )
  app.route('/', platformHttp(ctx, { lockIntegration }))
  app.route('/', destinationsHttp(ctx))
  app.route('/', mentionsHttp(ctx))
  app.route('/', events.routes)
  app.route('/', explainHttp(ctx))
  app.route('/', eventTypesHttp(ctx))
  app.route('/', messagesHttp(ctx))
  app.route('/', routingHttp(ctx))
  app.route(
    '/',
    templatesHttp(ctx, {
      countRevision,
      typesUsing: listTypesUsing,
      getEvent,
      readTypeLook,
      sendTest: async (...sent) => readDelivery(ctx, await testSend(...sent)),
    }),
  )
  app.route('/', quietHoursHttp(ctx, { countRevision, readySweeps }))
  app.route('/', rulesHttp(ctx))
  app.route('/', schedulesHttp(ctx))
  // Before the routes that take its last word for an id.
  app.route('/', deliveryStream.routes)
  app.route('/', deliveriesHttp(ctx, { decidedEntries, pausedTypes: findPausedTypes }))
  app.route('/', replaysHttp(ctx))
  app.route('/', steeringHttp(ctx))
  app.route('/', incidentsHttp(ctx, { countHeld: countHeldBehind, listAppIds }))
  app.route('/', commandsHttp(ctx))
  app.route('/', inbound.reads)
  app.route('/', configurationHttp(ctx))
  app.route('/', metricsHttp(ctx, { queueFigures }))
  app.route('/', docsHttp(ctx, app))
  app.route('/', consoleHttp(options.clientDir))
  const close = async () => {
    await deliveryStream.close()
    await inbound.close()
  }
  const take = (incoming: IncomingMessage, outgoing: ServerResponse): boolean =>
    options.servesApi && (inbound.take(incoming, outgoing) || (!options.locked && events.take(incoming, outgoing)))
  return { app, fetch: app.fetch, take, endStreams: deliveryStream.close, close }
}

const refuseAllBut =
  (path: string): MiddlewareHandler =>
  async (c, next) => {
    if (c.req.path === path) return next()
    throw new Refusal('unavailable', 'This process only sends: it has not the role "api".', {
      fix: 'Ask one that has it in SWITCHBOARD_ROLES; this one answers /healthz, /readyz and /metrics.',
    })
  }

function toAnswer(ctx: AppContext, error: Error, c: Context): Response {
  const requestId = c.get('requestId') as string | undefined
  const asked = { requestId, method: c.req.method, path: c.req.path }
  const { status, body, retryAfterSeconds } = answerError(ctx, refusalFromHono(error) ?? error, asked)
  if (retryAfterSeconds) c.header('retry-after', String(retryAfterSeconds))
  return c.json(body, status as 400)
}

function refusalFromHono(error: Error): Refusal | undefined {
  if (!(error instanceof HTTPException)) return undefined
  if (error.status === 400) return new Refusal('malformed', 'The body is not valid JSON.', { field: 'body' })
  return undefined
}
