import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ErrorAnswer } from '../shared/refusals.ts'
import { auditHttp } from './audit/http.ts'
import { consoleHttp } from './console/http.ts'
import type { AppContext } from './context.ts'
import { refusalOfTrouble } from './db/trouble.ts'
import { cancelWaitingOf } from './deliveries/cancel-delivery.ts'
import { deliveriesHttp } from './deliveries/http.ts'
import { countHeldBehind, queueFigures } from './deliveries/queue.ts'
import { steeringHttp } from './deliveries/steering-http.ts'
import { countWaiting } from './deliveries/store.ts'
import { deliveryStreamHttp } from './deliveries/stream-http.ts'
import { destinationsHttp } from './destinations/http.ts'
import { openWebhooks } from './destinations/open-target.ts'
import { countDestinations } from './destinations/store.ts'
import { docsHttp } from './docs/http.ts'
import { Refusal } from './errors.ts'
import { eventsHttp } from './events/http.ts'
import { healthHttp } from './health/http.ts'
import { inboundHttp } from './inbound/http.ts'
import { incidentsHttp } from './incidents/http.ts'
import { integrationsHttp } from './integrations/http.ts'
import { listAppIds } from './integrations/store.ts'
import { redactText } from './lib/redact.ts'
import { newRoutes } from './lib/routes.ts'
import { messagesHttp } from './messages/http.ts'
import { metricsHttp } from './metrics/http.ts'
import { replaysHttp } from './replays/http.ts'
import { routingHttp } from './routing/http.ts'
import { bodyRules } from './users/body-rules.ts'
import { guard } from './users/guard.ts'
import { usersHttp } from './users/http.ts'
import { addressRule, hostRule, requestIds, securityHeaders } from './users/request-security.ts'

export type AppOptions = {
  /** Makes the first admin; absent once there is one. */
  setupToken: string | undefined
  /** Why nothing but the health checks is served: the master key does not fit the database. */
  locked: string | undefined
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
  const deliveryStream = deliveryStreamHttp(ctx)
  const app = newRoutes()
  app.onError((error, c) => toAnswer(ctx, error, c))
  app.use(requestIds(ctx), securityHeaders(ctx), hostRule(ctx), addressRule())
  app.route('/', healthHttp(ctx, options))
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
    integrationsHttp(ctx, { countDestinations, openWebhooks, countWaiting, cancelWaiting: cancelWaitingOf }),
  )
  app.route('/', destinationsHttp(ctx))
  app.route('/', eventsHttp(ctx))
  app.route('/', messagesHttp(ctx))
  app.route('/', routingHttp(ctx))
  // Before the routes that take its last word for an id.
  app.route('/', deliveryStream.routes)
  app.route('/', deliveriesHttp(ctx))
  app.route('/', replaysHttp(ctx))
  app.route('/', steeringHttp(ctx))
  app.route('/', incidentsHttp(ctx, { countHeld: countHeldBehind, listAppIds }))
  app.route('/', inbound.reads)
  app.route('/', metricsHttp(ctx, { queueFigures }))
  app.route('/', docsHttp(ctx, app))
  app.route('/', consoleHttp(options.clientDir))
  const close = async () => {
    await deliveryStream.close()
    await inbound.close()
  }
  return { app, fetch: app.fetch, take: inbound.take, endStreams: deliveryStream.close, close }
}

/** Turns whatever was thrown into the one error body. What is not a refusal is our bug: logged, and told without detail. */
function toAnswer(ctx: AppContext, error: Error, c: Context): Response {
  const requestId = c.get('requestId') as string | undefined
  const trouble = refusalOfTrouble(error)
  if (trouble) ctx.log.error('database.in_trouble', { requestId, method: c.req.method, path: c.req.path, error })
  const refusal = trouble ?? (error instanceof Refusal ? error : refusalFromHono(error))
  if (!refusal) ctx.log.error('request.broke', { requestId, method: c.req.method, path: c.req.path, error })
  const told =
    refusal ?? new Refusal('internal', 'Something broke on our side. It was logged; nothing half-done was kept.')
  // A field's name comes from outside: people paste tokens where a name should stand, and it may be as long as the body.
  const [message, field, fix] = [told.message, told.field, told.fix].map(
    (text) => text && redactText(text.slice(0, LONGEST_TOLD)),
  )
  const body: ErrorAnswer = {
    error: {
      code: told.code,
      message: message ?? '',
      ...(field && { field }),
      ...(fix && { fix }),
      ...(requestId && { requestId }),
    },
  }
  if (told.retryAfterSeconds) c.header('retry-after', String(told.retryAfterSeconds))
  return c.json(body, told.status as 400)
}

/** Longer than any sentence of ours. */
const LONGEST_TOLD = 1_000

function refusalFromHono(error: Error): Refusal | undefined {
  if (!(error instanceof HTTPException)) return undefined
  if (error.status === 400) return new Refusal('malformed', 'The body is not valid JSON.', { field: 'body' })
  return undefined
}
