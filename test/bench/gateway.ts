import { setTimeout } from 'node:timers/promises'
import { openDatabase } from '../../server/db/open.ts'
import type { Db } from '../../server/db/schema.ts'
import { eventOf } from './messages.ts'
import { type BenchServer, cpuMs, post, type Simulator, signUp, startSwitchboard } from './servers.ts'

export type Gateway = {
  server: BenchServer
  db: Db
  key: string
  integrationId: string
  destinationIds: string[]
  stop: () => Promise<void>
}

type Wanted = {
  dataDir: string
  simulator: Simulator
  /** A destination is made for each. */
  channels: string[]
  databaseUrl?: string
  env?: Record<string, string>
}

/** Switchboard connected to the simulator's app, with a look into its database from outside. */
export async function startGateway({ dataDir, simulator, channels, databaseUrl, env }: Wanted): Promise<Gateway> {
  const server = await startSwitchboard(dataDir, {
    SLACK_API_URL: simulator.apiUrl,
    SWITCHBOARD_PACE: 'off',
    ...(databaseUrl && { SWITCHBOARD_DATABASE_URL: databaseUrl }),
    ...env,
  })
  try {
    const headers = await signUp(server.url)
    const make = async <Made>(path: string, body: unknown) =>
      (await (await post(server.url, path, headers, body)).json()) as Made
    const { appId, clientId, clientSecret, signingSecret, botToken } = simulator.app
    const { id: integrationId } = await make<{ id: string }>('/api/integrations', {
      ...{ provider: 'slack', name: 'Bench', appId, clientId, clientSecret, signingSecret, botToken },
    })
    const destinationIds: string[] = []
    for (const channel of channels) {
      const body = { integrationId, kind: 'channel', channel }
      destinationIds.push((await make<{ id: string }>('/api/destinations', body)).id)
    }
    const { key } = await make<{ key: string }>('/api/api-keys', { name: 'bench', scopes: ['events:write'] })
    const db = await openDatabase(databaseUrl ?? `sqlite:${dataDir}/switchboard.db`)
    const stop = async () => {
      await server.stop()
      await db.destroy()
    }
    return { server, db, key, integrationId, destinationIds, stop }
  } catch (error) {
    await server.stop()
    throw error
  }
}

export type Sent = { perSecond: number; cpuMsEach: number; refusals: number }

/** From the first request with events until every one of them is sent and its attempt and state are committed. */
export async function deliverAll(gateway: Gateway, count: number): Promise<Sent> {
  const before = await lastId(gateway.db)
  let refusals = 0
  const took = await timed(gateway.server, async () => {
    refusals = await sendEvents(gateway, count)
    await lineIsEmpty(gateway.db)
  })
  const delivered = await deliveredAfter(gateway.db, before)
  if (delivered !== count) throw new Error(`${delivered} of ${count} were delivered.`)
  return { perSecond: (count / took.tookMs) * 1_000, cpuMsEach: took.cpuMs / count, refusals }
}

/** How long it took, and what it cost the process. */
export async function timed({ process }: Pick<BenchServer, 'process'>, work: () => Promise<void>) {
  const cpuBefore = cpuMs(process.pid)
  const startedMs = performance.now()
  await work()
  return { tookMs: performance.now() - startedMs, cpuMs: cpuMs(process.pid) - cpuBefore }
}

const BATCH = 100
const SENDERS = 4
let batches = 0

/**
 * In batches over a few connections, each with a key, as a careful program does it: told to come again, it does. Says how
 * often it was.
 */
async function sendEvents(gateway: Gateway, count: number): Promise<number> {
  let next = 0
  let refusals = 0
  const sendOn = async () => {
    while (next < count) {
      const first = next
      next = Math.min(count, first + BATCH)
      refusals += await sendBatch(gateway, first, next - first)
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, sendOn))
  return refusals
}

async function sendBatch({ server, key, destinationIds }: Gateway, first: number, count: number): Promise<number> {
  const events = Array.from({ length: count }, (_, place) =>
    eventOf(first + place, destinationIds[(first + place) % destinationIds.length] ?? ''),
  )
  batches += 1
  const request = {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': `bench-${batches}`,
    },
    body: JSON.stringify(events),
  }
  for (let refusals = 0; ; refusals += 1) {
    const answer = await fetch(`${server.url}/api/events`, request)
    const text = await answer.text()
    if (answer.status === 202) return refusals
    if (answer.status !== 429 && answer.status !== 503)
      throw new Error(`/api/events answered ${answer.status}: ${text}`)
    await setTimeout((Number(answer.headers.get('retry-after')) || 1) * 1_000)
  }
}

/** Asks the few rows of the lanes, and seldom, so that looking costs the server nothing to speak of. */
async function lineIsEmpty(db: Db): Promise<void> {
  while (await db.selectFrom('lanes').select('rank').where('nextAt', 'is not', null).limit(1).executeTakeFirst()) {
    await setTimeout(LOOK_EVERY_MS)
  }
}

const LOOK_EVERY_MS = 50

async function lastId(db: Db): Promise<string> {
  const last = await db.selectFrom('deliveries').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return last?.id ?? ''
}

/** What has arrived with an attempt beside it, of what was accepted after that one. */
async function deliveredAfter(db: Db, id: string): Promise<number> {
  const { count } = await db
    .selectFrom('deliveries')
    .innerJoin('attempts', 'attempts.deliveryId', 'deliveries.id')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('deliveries.id', '>', id)
    .where('deliveries.state', '=', 'delivered')
    .where('attempts.outcome', '=', 'sent')
    .executeTakeFirstOrThrow()
  return Number(count)
}
