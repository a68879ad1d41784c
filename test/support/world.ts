import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createApp } from '../../server/app.ts'
import type { AppContext } from '../../server/context.ts'
import type { Engine } from '../../server/db/engine.ts'
import { makeNewId } from '../../server/lib/ids.ts'
import { makeLog } from '../../server/lib/log.ts'
import { makePlatformReach } from '../../server/platform/reach.ts'
import { makeSlackReach } from '../../server/providers/slack/reach.ts'
import { type SimulatorOptions, startSimulator } from '../../server/simulator/simulator.ts'
import { openVault } from '../../server/vault/vault.ts'
import type { Integration, NewIntegration } from '../../shared/integrations.ts'
import type { Role, Scope } from '../../shared/users.ts'
import { openStore } from './each-store.ts'
import { sandboxOf } from './sandbox.ts'

export const SETUP_TOKEN = 'setup-token-of-the-test-world'
export const PASSWORD = 'correct horse battery staple'

/** One answer: what a test looks at. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the answer has and asserts on it
export type Answer = { status: number; headers: Headers; body: any; text: string }

/** Someone who calls the API: nobody, a signed-in person of a role, or an API key. */
export type Caller = {
  get: (path: string) => Promise<Answer>
  post: (path: string, body?: unknown) => Promise<Answer>
  patch: (path: string, body: unknown) => Promise<Answer>
  put: (path: string, body: unknown) => Promise<Answer>
  delete: (path: string) => Promise<Answer>
  headers: Record<string, string>
}

type WorldOptions = {
  engine?: Engine
  seed?: SimulatorOptions['seed']
  pace?: SimulatorOptions['pace']
  clientDir?: string
  /** What SWITCHBOARD_PLATFORM_HOSTS names. */
  platformHosts?: string[]
  /** Lines of the log as they are written. */
  onLogLine?: (line: string) => void
}

/** A fresh database, the app on a loopback port, a simulator, and a clock to push. No loop runs: a test drives rounds. */
export async function startWorld(options: WorldOptions = {}) {
  const clock = { now: Date.now() }
  const store = await openStore(options.engine)
  const simulator = await startSimulator({
    seed: options.seed ?? 'acme',
    pace: options.pace ?? 'fast',
    now: () => clock.now,
  })
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const now = () => clock.now
  const newId = makeNewId(now, randomBytes)
  const slack = makeSlackReach({
    apiUrl: simulator.apiUrl,
    webhookHosts: [simulator.host],
    uploadHosts: [simulator.host],
    proxyUrl: undefined,
  })
  const platform = makePlatformReach({ hosts: options.platformHosts ?? ['127.0.0.1'], proxyUrl: undefined })
  const log = makeLog(options.onLogLine ? 'debug' : 'silent', {
    write: (line: string) => options.onLogLine?.(line),
  })
  const ctx: AppContext = {
    db: store.db,
    now,
    newId,
    random: Math.random,
    log,
    vault: openVault(Buffer.alloc(32, 7), now, newId),
    slack,
    platform,
    publicUrl: url,
    workerId: 'worker-of-the-test-world',
    storeNow: async () => clock.now,
    pace: 'off',
    nudge: () => {},
  }
  const {
    app,
    fetch: answerRequest,
    take,
    endStreams,
    close,
  } = createApp(ctx, {
    setupToken: SETUP_TOKEN,
    locked: undefined,
    servesApi: true,
    metricsOpen: false,
    proxyHops: 0,
    clientDir: options.clientDir ?? 'dist/client',
  })
  const handle = getRequestListener(answerRequest, { overrideGlobalObjects: false })
  server.on('request', (incoming, outgoing) => {
    if (!take(incoming, outgoing)) handle(incoming, outgoing)
  })

  const callers = new Map<string, Promise<Caller>>()
  const once = (name: string, make: () => Promise<Caller>): Promise<Caller> => {
    const known = callers.get(name) ?? make()
    callers.set(name, known)
    return known
  }
  const anonymous = callerOf(url, {})
  const admin = () =>
    once('admin', async () => {
      const person = { name: 'Ada Ferrer', email: 'ada@acme.example', password: PASSWORD }
      await expectOk(anonymous.post('/api/setup', { token: SETUP_TOKEN, ...person }))
      return signIn(person.email)
    })
  const signIn = async (email: string): Promise<Caller> => {
    const answer = await expectOk(anonymous.post('/api/auth/sign-in/email', { email, password: PASSWORD }))
    const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0])
    return callerOf(url, { cookie: cookie.join('; ') })
  }

  return {
    ctx,
    app,
    db: store.db,
    engine: store.engine,
    clock,
    url,
    slack: sandboxOf(simulator),
    endStreams,
    anonymous,
    /** A signed-in person of this role; the admin is the one that setup made. */
    as: async (role: Role): Promise<Caller> => {
      if (role === 'admin') return admin()
      return once(role, async () => {
        const email = `${role}@acme.example`
        await expectOk((await admin()).post('/api/users', { name: `A ${role}`, email, role, password: PASSWORD }))
        return signIn(email)
      })
    },
    /** Whoever holds a fresh API key with these scopes. */
    withKey: async (scopes: Scope[]): Promise<Caller> => {
      const made = await expectOk((await admin()).post('/api/api-keys', { name: 'test', scopes }))
      return callerOf(url, { authorization: `Bearer ${made.body.key}` })
    },
    signIn,
    /** The sandbox's app, connected through the API; Slack calls back to this world. */
    havingIntegration: async (change: Partial<NewIntegration> = {}): Promise<Integration> => {
      const sandbox = sandboxOf(simulator)
      const app = await sandbox.app()
      const { appId, clientId, clientSecret, signingSecret, botToken, appToken } = app
      const made = await expectOk(
        (await admin()).post('/api/integrations', {
          provider: 'slack',
          name: 'Acme production',
          ...{ appId, clientId, clientSecret, signingSecret, botToken, appToken },
          testChannel: '#compliance',
          ...change,
        }),
      )
      const id = made.body.id as string
      await sandbox.changeApp(appId, {
        commandsUrl: `${url}/slack/${id}/commands`,
        interactivityUrl: `${url}/slack/${id}/interactions`,
      })
      return made.body as Integration
    },
    async [Symbol.asyncDispose]() {
      await close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await slack.close()
      await platform.close()
      await simulator.stop()
      await store[Symbol.asyncDispose]()
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>

function callerOf(url: string, who: Record<string, string>): Caller {
  const headers = { ...who, ...(who.cookie ? { 'x-switchboard-csrf': '1', origin: url } : {}) }
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /^application\/json(;|$)/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, text, body: isJson && text ? JSON.parse(text) : text }
  }
  return {
    headers,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body ?? {}),
    patch: (path, body) => call('PATCH', path, body),
    put: (path, body) => call('PUT', path, body),
    delete: (path) => call('DELETE', path),
  }
}

async function expectOk(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked
  if (answer.status >= 400) throw new Error(`Answered ${answer.status}: ${answer.text}`)
  return answer
}
