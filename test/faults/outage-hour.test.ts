import { expect, test } from 'vitest'
import type { AppContext } from '../../server/context.ts'
import { deliver } from '../../server/deliveries/deliver.ts'
import { lineUp } from '../../server/deliveries/lanes/places-store.ts'
import type { Finished } from '../../server/deliveries/settle.ts'
import type { SavedDelivery } from '../../server/deliveries/store.ts'
import { deliveryOf } from '../../server/deliveries/to-row.ts'
import { takeTurn } from '../../server/deliveries/turn.ts'
import type { SavedDestination } from '../../server/destinations/store.ts'
import type { Priority } from '../../shared/deliveries.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

/* Slack is down for an hour, by the clock of the test, while messages wait: 100,000 with OUTAGE_MESSAGES=100000. */

const MESSAGES = Number(process.env.OUTAGE_MESSAGES ?? 1_500)
const CHANNELS = 30
const HOUR_MS = 60 * 60_000
/** What Slack takes of one bot: this at once, then so many a second; of one channel one a second. */
const BURST = 280
const PER_SECOND = 5
/** Until one of thirty lines tries again, and the others within a minute of that. */
const FIND_OUT_MS = 5 * 60_000

test('an hour without Slack fails nothing, and what waited goes out in order, as fast as Slack allows and no faster', {
  timeout: 60_000 + MESSAGES * 20,
}, async () => {
  await using gateway = await startGateway({ seed: 'large' })
  const worker = startWorker(gateway)
  const places = await havingChannels(gateway)
  await gateway.slack.settings({ pace: 'slack' })
  const { id: faultId } = await gateway.slack.fault({ method: '*', kind: 'http_503_html', times: null })
  for (let count = 0; count < MESSAGES; count += 1_000)
    await having(gateway, places, Math.min(1_000, MESSAGES - count), 'normal')
  await having(gateway, places, CHANNELS, 'urgent')

  await worker.until(gateway.clock.now + HOUR_MS)
  await gateway.slack.ask('DELETE', `/faults/${faultId}`)
  const endsAt = gateway.clock.now
  await worker.until(endsAt + 2 * 60_000)
  const awake = await listDelivered(gateway)
  const lateAt = gateway.clock.now
  const open = places.filter(({ id }) => awake.some(({ destinationId }) => destinationId === id))
  const late = await having(gateway, open, open.length, 'urgent')
  await worker.until(Number.POSITIVE_INFINITY)

  const rows = await listDelivered(gateway)
  expect(rows).toHaveLength(MESSAGES + CHANNELS + late.length)
  await expectEachOnceInOrder(gateway, rows)
  expect(await countLimited(gateway)).toBe(0)
  const lateWaitsMs = rows.filter(({ id }) => late.includes(id)).map((row) => sentAt(row) - lateAt)
  expect(Math.max(...lateWaitsMs)).toBeLessThanOrEqual((late.length / PER_SECOND) * 1_000 + STEP_MS)
  const tookMs = Math.max(...rows.map(sentAt)) - endsAt
  const leastMs = Math.max((rows.length - BURST) / PER_SECOND, MESSAGES / CHANNELS) * 1_000
  // Beside a short backlog it counts that somebody has to find out that Slack is there again.
  expect(tookMs).toBeLessThan(1.15 * leastMs + (MESSAGES < 50_000 ? FIND_OUT_MS : 0))
})

const sentAt = ({ deliveredAt }: SavedDelivery): number => Number(deliveredAt)

const listDelivered = ({ db }: Gateway): Promise<SavedDelivery[]> =>
  db.selectFrom('deliveries').selectAll().where('state', '=', 'delivered').orderBy('id').execute()

async function expectEachOnceInOrder(gateway: Gateway, rows: SavedDelivery[]): Promise<void> {
  const priorities = new Map(rows.map(({ id, priority }) => [id, priority]))
  const standing = await gateway.slack.allMessages()
  expect(standing.map(({ deliveryId }) => deliveryId ?? '').sort()).toEqual(rows.map(({ id }) => id))
  const overtaken: number[] = []
  for (const ofChannel of Map.groupBy(standing, ({ channel }) => channel).values()) {
    const order = ofChannel.sort((a, b) => Number(a.ts) - Number(b.ts)).map(({ deliveryId }) => deliveryId ?? '')
    const normal = order.filter((id) => priorities.get(id) === 'normal')
    expect(normal).toEqual([...normal].sort())
    overtaken.push(order.findIndex((id) => priorities.get(id) === 'urgent'))
  }
  // The one that finds out that Slack is there again may be any; from then on the urgent ones go first.
  expect(Math.max(...overtaken)).toBeLessThanOrEqual(1)
}

/** How often Slack had to say that it was asked too often. */
async function countLimited(gateway: Gateway): Promise<number> {
  const limited = await gateway.db.selectFrom('attempts').select('id').where('httpStatus', '=', 429).execute()
  return limited.length
}

async function havingChannels(gateway: Gateway): Promise<SavedDestination[]> {
  // Some that end in a nought are archived.
  const open = (await gateway.slack.channels()).filter(({ name }) => /^team-\d+[1-9]$/.test(name))
  const places: SavedDestination[] = []
  for (const { id } of open.slice(0, CHANNELS)) {
    places.push(await gateway.destinationAt({ kind: 'channel', channel: id }))
  }
  return places
}

/** So many messages, to each channel in turn; gives their ids. */
async function having(
  gateway: Gateway,
  places: SavedDestination[],
  count: number,
  priority: Priority,
): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, place) =>
    deliveryOf(gateway.ctx, {
      destination: places[place % places.length] as SavedDestination,
      integrationName: 'Acme production',
      message: { text: priority },
      origin: 'message',
      priority,
      createdBy: 'a test',
    }),
  )
  await gateway.db.transaction().execute((trx) => lineUp(trx, rows))
  return rows.map(({ id }) => id)
}

/** Does what the worker does, and instead of waiting moves the clock to when there is something to do. */
function startWorker(gateway: Gateway) {
  const { clock } = gateway
  const ctx: AppContext = { ...gateway.ctx, pace: 'slack', random: Math.random }
  const blocked = new Map<string, number>()
  const until = async (endsAt: number): Promise<void> => {
    let finished: Finished[] = []
    while (clock.now < endsAt) {
      const { taken, again, nextLook } = await takeTurn(ctx, finished, { limit: 128, blocked })
      const isIdle = taken.length === 0 && finished.length === 0 && !again
      finished = await Promise.all(taken.map((each) => deliver(ctx, each)))
      if (!isIdle) continue
      const nextLookInMs = await nextLook()
      if (nextLookInMs === undefined && endsAt === Number.POSITIVE_INFINITY) return
      clock.now = Math.min(clock.now + Math.max(nextLookInMs ?? HOUR_MS, STEP_MS), endsAt)
    }
    await takeTurn(ctx, finished, { limit: 0 })
  }
  return { until }
}

/** Coarser than a token's interval, so that one turn sends several; the buckets keep what comes meanwhile. */
const STEP_MS = 1_000
