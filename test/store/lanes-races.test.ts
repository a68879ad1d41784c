import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { MOST_OF_ONE } from '../../server/deliveries/claim.ts'
import { deliver } from '../../server/deliveries/deliver.ts'
import { foldInto } from '../../server/deliveries/folding-store.ts'
import { dropFullBuckets, lockBuckets, putBuckets } from '../../server/deliveries/lanes/buckets-store.ts'
import { stopLanes } from '../../server/deliveries/lanes/stops-store.ts'
import { getDelivery } from '../../server/deliveries/list-store.ts'
import type { Step } from '../../server/deliveries/next-step.ts'
import type { Finished } from '../../server/deliveries/settle.ts'
import { sweepOn } from '../../server/deliveries/sweeps/sweep.ts'
import { takeTurn } from '../../server/deliveries/turn.ts'
import { cancelOne } from '../../server/deliveries/waiting-store.ts'
import { updateDestination } from '../../server/destinations/store.ts'
import { ENGINES } from '../support/each-store.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

const TEST = { origin: 'test', priority: 'urgent' } as const
const TAKE = { limit: 50 }

async function takeOne(gateway: Gateway) {
  for (;;) {
    const { taken, again } = await takeTurn(gateway.ctx, [], TAKE)
    const [one] = taken
    if (one || !again) return one
  }
}

async function settle({ ctx }: Gateway, taken: Finished['taken'] | undefined, step: Step) {
  if (!taken) throw new Error('Nothing was taken.')
  await takeTurn(ctx, [{ taken, step, attempts: [], sent: {} }], { limit: 0 })
}

async function pause({ db, clock }: Gateway, id: string) {
  await updateDestination(db, id, { pausedAt: clock.now })
  await stopLanes(db, { destinationIds: [id] }, 'destination_paused', clock.now)
}

describe.each(ENGINES)('what comes between in a lane, on %s', (engine) => {
  test('a test that comes while the last message before a pause is under way still goes', async () => {
    await using gateway = await startGateway({ engine })
    const destination = await gateway.channelAt('compliance')
    await gateway.havingDelivery(destination)
    const taken = await takeOne(gateway)
    await pause(gateway, destination.id)
    const row = await gateway.havingDelivery(destination, TEST)

    await settle(gateway, taken, { state: 'delivered', tries: 1 })

    expect((await takeOne(gateway))?.delivery.id).toBe(row.id)
  })

  test('a test that waits when its lane is stopped still goes', async () => {
    await using gateway = await startGateway({ engine })
    const destination = await gateway.channelAt('compliance')
    const row = await gateway.havingDelivery(destination, TEST)

    await pause(gateway, destination.id)

    expect((await takeOne(gateway))?.delivery.id).toBe(row.id)
  })

  test('a test that waits for its next try still goes when a worker finds its destination paused', async () => {
    await using gateway = await startGateway({ engine })
    const destination = await gateway.channelAt('compliance')
    const row = await gateway.havingDelivery(destination, TEST)
    const waits = { state: 'retrying', tries: 1, waitMs: 5_000, code: 'http_503' } as const
    await settle(gateway, await takeOne(gateway), waits)
    await gateway.havingDelivery(destination)
    await updateDestination(gateway.db, destination.id, { pausedAt: gateway.clock.now })

    expect(await takeOne(gateway)).toBeUndefined()
    gateway.clock.now += 5_000

    expect((await takeOne(gateway))?.delivery.id).toBe(row.id)
  })

  test('an outcome that is written twice, since the first commit gave no answer, breaks nothing', async () => {
    await using gateway = await startGateway({ engine })
    const destination = await gateway.channelAt('compliance')
    const row = await gateway.havingDelivery(destination)
    const taken = await takeOne(gateway)
    if (!taken) throw new Error('Nothing was taken.')
    const finished = await deliver(gateway.ctx, taken)

    await takeTurn(gateway.ctx, [finished], TAKE)
    await takeTurn(gateway.ctx, [finished], TAKE)

    expect(await getDelivery(gateway.db, row.id)).toMatchObject({ state: 'delivered' })
    expect(await gateway.db.selectFrom('attempts').select('id').execute()).toHaveLength(1)
  })

  test('an integration that has all its places is not looked at until one is free', async () => {
    await using gateway = await startGateway({ engine })
    await gateway.havingDelivery(await gateway.channelAt('compliance'))
    const inFlight = new Map([[gateway.integrationId, MOST_OF_ONE]])

    const turn = await takeTurn(gateway.ctx, [], { ...TAKE, inFlight })

    expect(turn.taken).toEqual([])
    expect(await turn.nextLook()).toBeUndefined()
  })

  test('an integration that has nearly all its places leaves room for many of the others at once', async () => {
    await using gateway = await startGateway({ engine })
    for (const name of ['compliance', 'security-alerts']) {
      await gateway.havingDelivery(await gateway.channelAt(name))
    }

    const turn = await takeTurn(gateway.ctx, [], { ...TAKE, inFlight: new Map([['int_other', MOST_OF_ONE - 1]]) })

    expect(turn.taken).toHaveLength(2)
  })

  test('what was cancelled before it is folded stays cancelled', async () => {
    await using gateway = await startGateway({ engine })
    const row = await gateway.havingDelivery(await gateway.channelAt('compliance'))
    await cancelOne(gateway.db, row.id, 'cancelled_by_request', gateway.clock.now)

    await foldInto(gateway.db, [row.id], 'dlv_page', gateway.clock.now)

    expect(await getDelivery(gateway.db, row.id)).toMatchObject({ state: 'cancelled', foldedInto: null })
  })
})

test('buckets that a worker has locked are passed over by who drops the full ones, and not waited for', async () => {
  await using gateway = await startGateway({ engine: 'postgres' })
  const full = (key: string) => ({ key, fullAt: 0, closedUntil: 0, limitedBy: null, limitedAt: null })
  await putBuckets(gateway.db, [full('a'), full('b')])

  await gateway.db.transaction().execute(async (trx) => {
    await lockBuckets(trx, ['b'])
    await dropFullBuckets(gateway.db, gateway.clock.now)
  })

  const left = await gateway.db.selectFrom('buckets').select('key').execute()
  expect(left).toEqual([{ key: 'b' }])
})

test('a held delivery that a worker takes on while its lane is marked stays the worker’s, so that it goes once', async () => {
  await using gateway = await startGateway({ engine: 'postgres' })
  const { ctx, db } = gateway
  const row = await gateway.havingDelivery(await gateway.channelAt('compliance'))
  await db.updateTable('deliveries').set({ state: 'held' }).where('id', '=', row.id).execute()
  await db.updateTable('lanes').set({ sweep: 'release' }).execute()

  const { marking } = await db.transaction().execute(async (trx) => {
    await trx.updateTable('deliveries').set({ state: 'sending' }).where('id', '=', row.id).execute()
    const marking = sweepOn(ctx, { windows: 1 })
    await untilSomebodyWaits(gateway)
    return { marking }
  })

  await marking
  expect(await getDelivery(db, row.id)).toMatchObject({ state: 'sending' })
})

async function untilSomebodyWaits({ db }: Gateway) {
  for (;;) {
    const { rows } = await sql`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
    if (rows.length > 0) return
  }
}
