import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import { getDelivery } from '../../server/deliveries/list-store.ts'
import type { SavedDelivery } from '../../server/deliveries/store.ts'
import { deliveryOf } from '../../server/deliveries/to-row.ts'
import { deliverDue } from '../../server/deliveries/worker.ts'
import type { SavedDestination } from '../../server/destinations/store.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

/* While replicas are replaced one by one, the version before, which knows no lanes, works on the same tables. */

const CHANNELS = ['compliance', 'compliance-alerts', 'security-alerts']
const LEASE_MS = 90_000

test('the version before and this one share a database: nothing is lost, doubled or left in line', async () => {
  await using gateway = await startGateway({ engine: 'postgres' })
  const places = await Promise.all(CHANNELS.map(gateway.channelAt))

  for (let round = 0; round < 12; round += 1) {
    for (const place of places) {
      await gateway.havingDelivery(place)
      await insertAsBefore(gateway, place)
    }
    await Promise.all([deliverDue(gateway.ctx), sendAsBefore(gateway), sendAsBefore(gateway)])
    gateway.clock.now += 1_000
  }
  await untilNothingWaits(gateway)

  await expectEachOnce(gateway, 2 * 12 * places.length)
})

test('what the version before ended holds up nothing that stands behind it in line', async () => {
  await using gateway = await startGateway({ engine: 'postgres' })
  const place = await gateway.channelAt('compliance')
  for (let count = 0; count < 5; count += 1) await gateway.havingDelivery(place)

  while ((await sendAsBefore(gateway)) > 0) gateway.clock.now += 1
  const next = await gateway.havingDelivery(place)
  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, next.id)).toMatchObject({ state: 'delivered' })
  await expectEachOnce(gateway, 6)
})

test('what waits behind a message of the version before follows within seconds of it, not when its lease would end', async () => {
  await using gateway = await startGateway({ engine: 'postgres' })
  const place = await gateway.channelAt('compliance')
  await gateway.havingDelivery(place)
  const next = await gateway.havingDelivery(place)

  const claimed = await claimAsBefore(gateway.db, gateway.clock.now)
  await deliverDue(gateway.ctx)
  await finishAsBefore(gateway, claimed)
  gateway.clock.now += 3_000
  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, next.id)).toMatchObject({ state: 'delivered' })
  await expectEachOnce(gateway, 2)
})

test('a replica of the version before that dies while it sends leaves what it sent to be found, and the rest to be sent', async () => {
  await using gateway = await startGateway({ engine: 'postgres' })
  const [arrived, lost] = await Promise.all([gateway.channelAt('compliance'), gateway.channelAt('security-alerts')])
  await insertAsBefore(gateway, arrived)
  await insertAsBefore(gateway, lost)

  const claimed = await claimAsBefore(gateway.db, gateway.clock.now)
  const posted = claimed.filter(({ destinationId }) => destinationId === arrived.id)
  await Promise.all(posted.map((delivery) => postAsBefore(gateway, delivery)))
  gateway.clock.now += LEASE_MS
  await untilNothingWaits(gateway)

  expect(claimed).toHaveLength(2)
  await expectEachOnce(gateway, 2)
})

async function expectEachOnce(gateway: Gateway, count: number): Promise<void> {
  const rows = await gateway.db.selectFrom('deliveries').select(['id', 'state', 'rank']).orderBy('id').execute()
  const standing = (await gateway.slack.allMessages()).map(({ deliveryId }) => deliveryId)
  expect(rows.filter(({ state, rank }) => state !== 'delivered' || rank !== null)).toEqual([])
  expect(standing.sort()).toEqual(rows.map(({ id }) => id))
  expect(rows).toHaveLength(count)
}

/** Time goes on until everything has come to its end; what is not sent within three minutes is not. */
async function untilNothingWaits(gateway: Gateway): Promise<void> {
  for (let second = 0; second < 180; second += 1) {
    gateway.clock.now += 1_000
    await deliverDue(gateway.ctx)
    const { rows } = await sql`
      select 1 from deliveries where rank is not null or queue_at is null limit 1`.execute(gateway.db)
    if (rows.length === 0) return
  }
}

/** A delivery with the columns that there were before. */
async function insertAsBefore(gateway: Gateway, destination: SavedDestination): Promise<void> {
  const all = deliveryOf(gateway.ctx, {
    destination,
    integrationName: 'Acme production',
    message: { text: 'From the version before' },
    origin: 'message',
    priority: 'normal',
    createdBy: 'a test',
  })
  const { id, integrationId, destinationId, origin, title, message, priority, state, tries, dueAt, createdAt } = all
  const row = { id, integrationId, destinationId, origin, title, message, priority, state, tries, dueAt, createdAt }
  await gateway.db
    .insertInto('deliveries')
    .values({ ...row, createdBy: all.createdBy, stateAt: all.stateAt } as SavedDelivery)
    .execute()
}

/** One round of its worker. Gives how many it sent. */
async function sendAsBefore(gateway: Gateway): Promise<number> {
  const claimed = await claimAsBefore(gateway.db, gateway.clock.now)
  await finishAsBefore(gateway, claimed)
  return claimed.length
}

async function finishAsBefore(gateway: Gateway, claimed: SavedDelivery[]): Promise<void> {
  await Promise.all(
    claimed.map(async (delivery) => {
      const ts = await postAsBefore(gateway, delivery)
      const now = gateway.clock.now
      await sql`
        update deliveries set state = 'delivered', state_at = ${now}, delivered_at = ${now}, ended_at = ${now},
          tries = tries + 1, message_ts = ${ts}, claimed_by = null, lease_ends_at = null
        where id = ${delivery.id} and state = 'sending' and claimed_by = 'before'`.execute(gateway.db)
    }),
  )
}

/** Straight from the deliveries, past every lane: the oldest of each destination that has nothing in flight. */
async function claimAsBefore(db: Db, now: number): Promise<SavedDelivery[]> {
  try {
    const { rows } = await sql<SavedDelivery>`
      with due as (
        select id from deliveries
        where state in ('pending', 'retrying') and due_at <= ${now}
          and id in (select min(id) from deliveries where state in ('pending', 'retrying') group by destination_id)
          and not exists (select from deliveries flying
            where flying.destination_id = deliveries.destination_id and flying.state = 'sending')
        order by due_at, id limit 16 for update skip locked)
      update deliveries set state = 'sending', state_at = ${now}, claimed_by = 'before',
        lease_ends_at = ${now + LEASE_MS}
      where id in (select id from due) returning *`.execute(db)
    return rows
  } catch (error) {
    // The index on what is in flight: somebody else was faster.
    if (error instanceof Error && 'constraint' in error && error.constraint === 'deliveries_one_in_flight') return []
    throw error
  }
}

async function postAsBefore(gateway: Gateway, { id, message, destinationId }: SavedDelivery): Promise<string> {
  const { target } = await gateway.db
    .selectFrom('destinations')
    .select('target')
    .where('id', '=', destinationId)
    .executeTakeFirstOrThrow()
  const response = await fetch(`${gateway.slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${(await gateway.slack.app()).botToken}`,
    },
    body: JSON.stringify({
      channel: target,
      text: (JSON.parse(message) as { text: string }).text,
      metadata: { event_type: 'switchboard_delivery', event_payload: { delivery_id: id } },
    }),
  })
  const { ok, ts } = (await response.json()) as { ok: boolean; ts: string }
  expect(ok).toBe(true)
  return ts
}
