import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { AppContext } from '../../../server/context.ts'
import { cancelWaitingOf, sweepWaitingOf } from '../../../server/deliveries/cancel-delivery.ts'
import { countWaiting } from '../../../server/deliveries/waiting-store.ts'
import { openWebhooks } from '../../../server/destinations/open-target.ts'
import { countDestinations } from '../../../server/destinations/store.ts'
import { Refusal } from '../../../server/errors.ts'
import { listDeclared } from '../../../server/inbound/commands/declare-command.ts'
import { integrationsHttp } from '../../../server/integrations/http.ts'
import { makeNewId } from '../../../server/lib/ids.ts'
import { makeLog } from '../../../server/lib/log.ts'
import { newRoutes } from '../../../server/lib/routes.ts'
import { makeSlackReach } from '../../../server/providers/slack/reach.ts'
import { startSimulator } from '../../../server/simulator/simulator.ts'
import { type Actor, setActor } from '../../../server/users/actor.ts'
import { openVault } from '../../../server/vault/vault.ts'
import type { ConnectionTest, TestStep, TestStreamEvent } from '../../../shared/connection-tests.ts'
import type { NewIntegration } from '../../../shared/integrations.ts'
import { openStore, type Store } from '../../support/each-store.ts'
import { NO_PLATFORM } from '../../support/no-platform.ts'
import { sandboxOf } from '../../support/sandbox.ts'

export const KIM: Actor = { kind: 'user', id: 'usr_kim', name: 'Kim Park', role: 'admin' }

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the answer has and asserts on it
export type Answer = { status: number; headers: Headers; body: any; text: string }

/** The integrations slice on a loopback port, with a fresh database, a simulator, and a clock to push. */
export async function startSlice(given?: Store) {
  const clock = { now: Date.now() }
  const now = () => clock.now
  const store = given ?? (await openStore())
  const simulator = await startSimulator({ seed: 'acme', pace: 'fast', now })
  const slack = makeSlackReach({
    apiUrl: simulator.apiUrl,
    webhookHosts: [simulator.host],
    uploadHosts: [simulator.host],
    proxyUrl: undefined,
  })
  const newId = makeNewId(now, randomBytes)
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ctx: AppContext = {
    db: store.db,
    now,
    newId,
    random: Math.random,
    log: makeLog('silent'),
    vault: openVault(Buffer.alloc(32, 7), now, newId),
    slack,
    platform: NO_PLATFORM,
    publicUrl: url,
    workerId: 'worker-of-the-test',
    storeNow: async () => now(),
    pace: 'off',
    nudge: () => {},
  }
  const app = newRoutes()
  app.onError((error, c) => {
    if (!(error instanceof Refusal)) throw error
    const { code, message, field, fix } = error
    return c.json({ error: { code, message, field, fix } }, error.status as 400)
  })
  app.use('*', async (c, next) => {
    setActor(c, KIM)
    await next()
  })
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
  server.on('request', getRequestListener(app.fetch, { overrideGlobalObjects: false }))

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && JSON.parse(text),
    }
    return answer
  }
  const sandbox = sandboxOf(simulator)
  const draft = async (change: Partial<NewIntegration> = {}): Promise<NewIntegration> => {
    const { appId, clientId, clientSecret, signingSecret, botToken, appToken } = await sandbox.app()
    const credentials = { appId, clientId, clientSecret, signingSecret, botToken, appToken }
    const features = ['channel_messages', 'slash_commands']
    return {
      provider: 'slack',
      name: 'Acme production',
      testChannel: '#compliance',
      features,
      ...credentials,
      ...change,
    }
  }
  return {
    ctx,
    db: store.db,
    clock,
    url,
    sandbox,
    call,
    draft,
    /** The sandbox's app, connected. */
    connect: async (change: Partial<NewIntegration> = {}): Promise<string> => {
      const made = await call('POST', '/api/integrations', await draft(change))
      if (made.status !== 201) throw new Error(`Answered ${made.status}: ${made.text}`)
      clock.now += 1_000
      return made.body.id
    },
    test: async (id: string, body?: unknown): Promise<ConnectionTest> =>
      (await call('POST', `/api/integrations/${id}/test`, body)).body,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await slack.close()
      await simulator.stop()
      if (!given) await store[Symbol.asyncDispose]()
    },
  }
}

export type Slice = Awaited<ReturnType<typeof startSlice>>

export const stepOf = (test: ConnectionTest, name: TestStep['name']): TestStep | undefined =>
  test.steps.find((step) => step.name === name)

export const eventsOf = (text: string): TestStreamEvent[] =>
  text
    .split('\n\n')
    .filter(Boolean)
    .map((block) => JSON.parse(block.replace(/^data: /, '')))
