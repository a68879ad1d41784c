import { randomBytes } from 'node:crypto'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { auditHttp } from '../../../server/audit/http.ts'
import { consoleHttp } from '../../../server/console/http.ts'
import type { AppContext } from '../../../server/context.ts'
import type { Engine } from '../../../server/db/engine.ts'
import { countHeldBehind } from '../../../server/deliveries/queue.ts'
import { docsHttp } from '../../../server/docs/http.ts'
import { Refusal } from '../../../server/errors.ts'
import { incidentsHttp } from '../../../server/incidents/http.ts'
import { listAppIds } from '../../../server/integrations/store.ts'
import { makeNewId } from '../../../server/lib/ids.ts'
import { makeLog } from '../../../server/lib/log.ts'
import { answer, createRoute, jsonBody, newRoutes, z } from '../../../server/lib/routes.ts'
import { bodyRules } from '../../../server/users/body-rules.ts'
import { guard } from '../../../server/users/guard.ts'
import { usersHttp } from '../../../server/users/http.ts'
import { addressRule, hostRule, requestIds, securityHeaders } from '../../../server/users/request-security.ts'
import { openVault } from '../../../server/vault/vault.ts'
import { DeliveryCounts } from '../../../shared/deliveries.ts'
import { openStore } from '../../support/each-store.ts'
import { NO_PLATFORM } from '../../support/no-platform.ts'

export const TOKEN = 'the-setup-token-of-this-test'
export const PASSWORD = 'correct horse battery staple'

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the answer has and asserts on it
export type Told = { status: number; headers: Record<string, string | string[] | undefined>; text: string; body: any }
export type Asked = { headers?: Record<string, string>; body?: unknown; raw?: Buffer | string }
type Options = {
  engine?: Engine
  proxyHops?: number
  publicUrl?: string
  /** The built console; without it a line of HTML stands in its place. */
  clientDir?: string
  log?: (line: string) => void
}

/** People, keys and the audit trail behind the real guard, on a loopback port, with two routes that stand for others. */
export async function startPeople(options: Options = {}) {
  const store = await openStore(options.engine)
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clock = { now: Date.now() }
  const now = () => clock.now
  const newId = makeNewId(now, randomBytes)
  const ctx: AppContext = {
    db: store.db,
    now,
    newId,
    random: Math.random,
    log: makeLog(options.log ? 'debug' : 'silent', { write: (line: string) => options.log?.(line) }),
    vault: openVault(Buffer.alloc(32, 7), now, newId),
    slack: {
      apiUrl: '',
      webhookHosts: [],
      uploadHosts: [],
      proxyUrl: undefined,
      fetch: () => Promise.reject(new Error('Nothing here asks Slack.')),
    },
    platform: NO_PLATFORM,
    storeNow: async () => now(),
    pace: 'off',
    publicUrl: options.publicUrl ?? url,
    workerId: 'test',
    nudge: () => {},
  }
  const app = newRoutes()
  app.onError((error, c) => {
    if (!(error instanceof Refusal)) return c.json({ error: { code: 'internal', message: String(error.stack) } }, 500)
    const { code, message, field, fix, retryAfterSeconds } = error
    if (retryAfterSeconds) c.header('retry-after', String(retryAfterSeconds))
    return c.json({ error: { code, message, field, fix } }, error.status as 400)
  })
  const shared = { setupToken: TOKEN, proxyHops: options.proxyHops ?? 0, metricsOpen: false }
  app.use(requestIds(ctx), securityHeaders(ctx), hostRule(ctx), addressRule())
  app.use('/api/*', guard(ctx, shared), bodyRules())
  app.route('/', usersHttp(ctx, shared))
  app.route('/', auditHttp(ctx))
  app.route('/', incidentsHttp(ctx, { countHeld: countHeldBehind, listAppIds }))
  app.route('/', standIns())
  app.route('/', docsHttp(ctx, app))
  app.get('/healthz', (c) => c.json({ state: 'alive' }))
  app.get('/readyz', (c) => c.json({ state: 'ready' }))
  if (options.clientDir) app.route('/', consoleHttp(options.clientDir))
  else app.get('/', (c) => c.html('<p>the console</p>'))
  server.on('request', getRequestListener(app.fetch, { overrideGlobalObjects: false }))

  const ask = (method: string, path: string, { headers = {}, body, raw }: Asked = {}): Promise<Told> =>
    new Promise((resolve, reject) => {
      const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body))
      const type = body === undefined ? {} : { 'content-type': 'application/json' }
      const asking = request(
        `${url}${path}`,
        { method, headers: { ...type, ...headers }, agent: false },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8')
            const isJson = response.headers['content-type']?.includes('json')
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text,
              body: isJson && text ? JSON.parse(text) : undefined,
            })
          })
        },
      )
      asking.on('error', reject)
      asking.end(sent)
    })

  const signIn = async (email: string, password = PASSWORD, headers: Record<string, string> = {}) => {
    const told = await ask('POST', '/api/auth/sign-in/email', { headers, body: { email, password } })
    return { ...told, cookie: cookieOf(told) }
  }
  /** Headers of a console where this account is signed in. */
  const session = async (email: string, password = PASSWORD): Promise<Record<string, string>> => {
    const told = await signIn(email, password)
    if (told.status !== 200) throw new Error(`signing in answered ${told.status}: ${told.text}`)
    return { cookie: told.cookie, origin: ctx.publicUrl }
  }
  const setUp = () =>
    ask('POST', '/api/setup', {
      body: { token: TOKEN, name: 'Ada Ferrer', email: 'ada@acme.example', password: PASSWORD },
    })
  let adminHeaders: Promise<Record<string, string>> | undefined
  const admin = () => {
    adminHeaders ??= setUp().then(() => session('ada@acme.example'))
    return adminHeaders
  }
  const havingPerson = async (role: string, email = `${role}@acme.example`) => {
    const body = { name: `A ${role}`, email, role, password: PASSWORD }
    const made = await ask('POST', '/api/users', { headers: await admin(), body })
    if (made.status !== 201) throw new Error(made.text)
    return { id: made.body.id as string, email }
  }
  const havingKey = async (scopes: string[], more: Record<string, unknown> = {}) => {
    const made = await ask('POST', '/api/api-keys', {
      headers: await admin(),
      body: { name: 'platform', scopes, ...more },
    })
    if (made.status !== 201) throw new Error(made.text)
    return { id: made.body.id as string, key: made.body.key as string }
  }

  /** A key, for a world whose admin was signed in by other means. */
  const havingKeyOf = async (email: string) =>
    ask('POST', '/api/api-keys', {
      headers: await session(email),
      body: { name: 'platform', scopes: ['events:write', 'deliveries:read', 'metrics:read'] },
    })

  return {
    ...{ havingKeyOf, ctx, app, db: store.db, clock, url, ask, signIn, session, setUp, admin, havingPerson, havingKey },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await store[Symbol.asyncDispose]()
    },
  }
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

export function cookieOf(told: Told): string {
  return ([told.headers['set-cookie'] ?? []].flat() as string[]).map((line) => line.split(';')[0]).join('; ')
}

/** Routes to read and one to change, under rows of the access table that belong to slices not mounted here. */
function standIns() {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/deliveries/counts',
        responses: { 200: answer(DeliveryCounts, 'None, as the navigation asks for.') },
      }),
      (c) => c.json({ byState: {}, total: 0 }, 200),
    )
    .openapi(
      createRoute({ method: 'get', path: '/api/deliveries', responses: { 200: answer(z.object({}), 'Read.') } }),
      (c) => c.json({}, 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/integrations',
        request: { body: jsonBody(z.object({ name: z.string() })) },
        responses: { 200: answer(z.object({ name: z.string() }), 'Changed.') },
      }),
      (c) => c.json({ name: c.req.valid('json').name }, 200),
    )
}
