import { randomBytes } from 'node:crypto'
import type { AppContext } from '../../server/context.ts'
import type { Engine } from '../../server/db/engine.ts'
import { deliveriesHttp } from '../../server/deliveries/http.ts'
import { lineUp } from '../../server/deliveries/lanes/places-store.ts'
import type { SavedDelivery } from '../../server/deliveries/store.ts'
import { deliveryOf, type NewDelivery } from '../../server/deliveries/to-row.ts'
import { createDestination } from '../../server/destinations/create-destination.ts'
import { destinationsHttp } from '../../server/destinations/http.ts'
import { getDestination, type SavedDestination } from '../../server/destinations/store.ts'
import { Refusal } from '../../server/errors.ts'
import { decidedEntries } from '../../server/events/explain/decided-entries.ts'
import { replaceSecret } from '../../server/integrations/credentials.ts'
import { insertIntegration } from '../../server/integrations/store.ts'
import { makeNewId } from '../../server/lib/ids.ts'
import { makeLog } from '../../server/lib/log.ts'
import { newRoutes } from '../../server/lib/routes.ts'
import { makeSlackReach } from '../../server/providers/slack/reach.ts'
import { findPausedTypes } from '../../server/routing/store.ts'
import { type SimulatorOptions, startSimulator } from '../../server/simulator/simulator.ts'
import { type Actor, setActor } from '../../server/users/actor.ts'
import { setStillAdmitted } from '../../server/users/guard.ts'
import { openVault } from '../../server/vault/vault.ts'
import type { NewDestination } from '../../shared/destinations.ts'
import { openStore } from './each-store.ts'
import { NO_PLATFORM } from './no-platform.ts'
import { sandboxOf } from './sandbox.ts'

export const ADA: Actor = { kind: 'user', id: 'usr_ada', name: 'Ada Ferrer', role: 'admin' }

type Options = {
  engine?: Engine
  seed?: SimulatorOptions['seed']
  pace?: SimulatorOptions['pace']
  webhookHosts?: string[]
}

/** The delivery path alone: a database, a simulator, one connected integration, a clock, and the routes of the two slices. */
export async function startGateway(options: Options = {}) {
  const store = await openStore(options.engine)
  const clock = { now: Date.now() }
  const chance = { next: 0.5 }
  const lines: string[] = []
  const nudged: string[] = []
  const now = () => clock.now
  const simulator = await startSimulator({ seed: options.seed ?? 'acme', pace: options.pace ?? 'fast', now })
  const newId = makeNewId(now, randomBytes)
  const slack = makeSlackReach({
    apiUrl: simulator.apiUrl,
    webhookHosts: [simulator.host, 'hooks.slack.com', ...(options.webhookHosts ?? [])],
    uploadHosts: [simulator.host],
    proxyUrl: undefined,
  })
  const ctx: AppContext = {
    db: store.db,
    now,
    newId,
    random: () => chance.next,
    log: makeLog('debug', { write: (line: string) => lines.push(line) }),
    vault: openVault(Buffer.alloc(32, 7), now, newId),
    slack,
    platform: NO_PLATFORM,
    publicUrl: 'https://switchboard.example',
    workerId: 'worker-1',
    storeNow: async () => clock.now,
    pace: 'off',
    nudge: (loop) => nudged.push(loop),
  }
  const sandbox = sandboxOf(simulator)
  const integrationId = await havingIntegration(ctx, await sandbox.app())
  const app = newRoutes()
  app.onError((error, c) => {
    if (!(error instanceof Refusal)) throw error
    const { code, message, field, fix } = error
    return c.json({ error: { code, message, field, fix } }, error.status as 400)
  })
  app.use((c, next) => {
    setActor(c, ADA)
    setStillAdmitted(c, async () => true)
    return next()
  })
  app
    .route('/', destinationsHttp(ctx))
    .route('/', deliveriesHttp(ctx, { decidedEntries, pausedTypes: findPausedTypes }))

  const destinationAt = (wanted: Omit<NewDestination, 'integrationId'>): Promise<SavedDestination> =>
    createDestination(ctx, ADA, { integrationId, ...wanted })
  return {
    ctx,
    db: store.db,
    databaseUrl: store.url,
    clock,
    /** What the next draws of chance give. */
    chance,
    /** Every line of the log. */
    lines,
    nudged,
    slack: sandbox,
    integrationId,
    destinationAt,
    channelAt: (name: string) => destinationAt({ kind: 'channel', channel: `#${name}` }),
    havingDelivery: async (
      destination: SavedDestination,
      change: Partial<NewDelivery> = {},
    ): Promise<SavedDelivery> => {
      const current = await getDestination(store.db, destination.id)
      const row = deliveryOf(ctx, {
        destination: current,
        integrationName: 'Acme production',
        message: { text: 'Hello' },
        origin: 'message',
        priority: 'normal',
        createdBy: 'a test',
        ...change,
      })
      await store.db.transaction().execute((trx) => lineUp(trx, [row]))
      return row
    },
    /** One request to the routes of destinations and deliveries, as an admin. */
    ask: async (method: string, path: string, body?: unknown) => {
      const response = await app.request(path, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      const text = await response.text()
      const isJson = /^application\/json(;|$)/.test(response.headers.get('content-type') ?? '') && text !== ''
      // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the answer has and asserts on it
      return { status: response.status, text, body: (isJson ? JSON.parse(text) : undefined) as any }
    },
    async [Symbol.asyncDispose]() {
      await slack.close()
      await simulator.stop()
      await store[Symbol.asyncDispose]()
    },
  }
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>

async function havingIntegration(ctx: AppContext, app: { appId: string; clientId: string; botToken: string }) {
  const id = ctx.newId('int')
  const at = ctx.now()
  await ctx.db.transaction().execute(async (trx) => {
    await insertIntegration(trx, {
      id,
      provider: 'slack',
      name: 'Acme production',
      appId: app.appId,
      clientId: app.clientId,
      features: [],
      testChannel: null,
      state: 'untested',
      stateAt: at,
      stateCode: null,
      disabledAt: null,
      pausedAt: null,
      pausedBy: null,
      pauseCode: null,
      maxAttempts: null,
      nextAttemptDelayMs: null,
      workspaceId: null,
      workspaceName: null,
      workspaceUrl: 'https://acme.slack.com/',
      botUserId: null,
      botId: null,
      botName: null,
      createdAt: at,
      createdBy: 'a test',
      updatedAt: at,
    })
    await replaceSecret(ctx, trx, { integrationId: id, kind: 'botToken', value: app.botToken, by: 'a test' })
  })
  return id
}
