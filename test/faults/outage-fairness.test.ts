import { expect, test } from 'vitest'
import { MOST_OF_ONE } from '../../server/deliveries/claim.ts'
import { lineUp } from '../../server/deliveries/lanes/places-store.ts'
import { deliveryOf } from '../../server/deliveries/to-row.ts'
import { deliverDue, startDeliveryWorker } from '../../server/deliveries/worker.ts'
import { createDestination } from '../../server/destinations/create-destination.ts'
import type { SavedDestination } from '../../server/destinations/store.ts'
import { replaceSecret } from '../../server/integrations/credentials.ts'
import { getIntegration, insertIntegration } from '../../server/integrations/store.ts'
import { ADA, type Gateway, startGateway } from '../support/gateway.ts'

/* Who waits does not make others wait. */

test('a channel with a thousand messages waiting delays no other, and goes on at its own pace', async () => {
  await using gateway = await startGateway({ seed: 'large' })
  const [busy, ...others] = await havingChannels(gateway, gateway.integrationId, 0, 21)
  await gateway.slack.settings({ pace: 'slack' })
  const ctx = { ...gateway.ctx, pace: 'slack' as const }
  await having(
    gateway,
    Array.from({ length: 1_000 }, () => busy as SavedDestination),
  )
  await deliverDue(ctx)

  const delivered: number[] = []
  for (let second = 0; second < 10; second += 1) {
    gateway.clock.now += 1_000
    await having(gateway, others)
    await deliverDue(ctx)
    delivered.push(await countDelivered(gateway, others))
  }

  expect(delivered).toEqual(Array.from({ length: 10 }, (_, second) => (second + 1) * others.length))
  expect(await countDelivered(gateway, [busy as SavedDestination])).toBeGreaterThanOrEqual(11)
  const limited = await gateway.db.selectFrom('attempts').select('id').where('httpStatus', '=', 429).execute()
  expect(limited).toEqual([])
})

test('an integration that Slack answers slowly leaves places to the others', { timeout: 60_000 }, async () => {
  await using gateway = await startGateway({ seed: 'large' })
  const slow = await havingChannels(gateway, gateway.integrationId, 0, MOST_OF_ONE + 40)
  const quick = await havingChannels(gateway, await secondIntegration(gateway), MOST_OF_ONE + 40, 5)
  for (const { target } of slow) {
    await gateway.slack.fault({ method: 'chat.postMessage', kind: 'slow', delayMs: 8_000, channel: target })
  }
  await having(gateway, slow)

  const worker = startDeliveryWorker(gateway.ctx)
  const calls = async () => (await gateway.slack.calls('chat.postMessage')).length
  await expect.poll(calls, { timeout: 20_000, interval: 20 }).toBe(MOST_OF_ONE)
  await having(gateway, quick)
  worker.nudge()
  await expect.poll(() => countDelivered(gateway, quick), { timeout: 6_000, interval: 50 }).toBe(quick.length)
  const ofSlow = await countDelivered(gateway, slow)
  await worker.stop()

  expect(ofSlow).toBe(0)
})

async function secondIntegration(gateway: Gateway): Promise<string> {
  const { ctx, db, integrationId } = gateway
  const first = await getIntegration(db, integrationId)
  const { botToken } = await gateway.slack.app()
  const id = ctx.newId('int')
  await db.transaction().execute(async (trx) => {
    await insertIntegration(trx, { ...first, id, name: 'Acme second' })
    await replaceSecret(ctx, trx, { integrationId: id, kind: 'botToken', value: botToken, by: 'a test' })
  })
  return id
}

async function havingChannels(gateway: Gateway, integrationId: string, from: number, count: number) {
  // Some that end in a nought are archived.
  const open = (await gateway.slack.channels()).filter(({ name }) => /^team-\d+[1-9]$/.test(name))
  const places: SavedDestination[] = []
  for (const { id: channel } of open.slice(from, from + count)) {
    places.push(await createDestination(gateway.ctx, ADA, { integrationId, kind: 'channel', channel }))
  }
  return places
}

/** One message for each of these. */
async function having({ ctx, db }: Gateway, places: SavedDestination[]): Promise<void> {
  const rows = places.map((destination) =>
    deliveryOf(ctx, {
      destination,
      integrationName: 'Acme',
      message: { text: 'Hello' },
      origin: 'message',
      priority: 'normal',
      createdBy: 'a test',
    }),
  )
  await db.transaction().execute((trx) => lineUp(trx, rows))
}

async function countDelivered({ db }: Gateway, places: SavedDestination[]): Promise<number> {
  const rows = await db
    .selectFrom('deliveries')
    .select('id')
    .where(
      'destinationId',
      'in',
      places.map(({ id }) => id),
    )
    .where('state', '=', 'delivered')
    .execute()
  return rows.length
}
