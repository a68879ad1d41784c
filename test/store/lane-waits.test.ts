import { expect, test } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import { listLanes } from '../../server/deliveries/lanes/lanes-store.ts'
import { lineUp } from '../../server/deliveries/lanes/places-store.ts'
import { endWaitsBeside, shortenWaits } from '../../server/deliveries/lanes/waits-store.ts'
import { getDelivery } from '../../server/deliveries/list-store.ts'
import type { SavedDelivery } from '../../server/deliveries/store.ts'
import { eachStore } from '../support/each-store.ts'
import { deliveryRow, NOW } from '../support/factories.ts'

const MINUTE_MS = 60_000
const failedAt = NOW - 10_000
const dueAt = NOW + 8 * MINUTE_MS

/** One that was tried ten seconds ago and waits for its next try. */
async function havingRetrying(db: Db, destinationId: string, change: Partial<SavedDelivery> = {}) {
  const waits = { state: 'retrying', code: 'http_503', tries: 9, stateAt: failedAt, dueAt } as const
  const row = deliveryRow({ destinationId, ...waits, createdAt: dueAt, ...change })
  await db.transaction().execute((trx) => lineUp(trx, [row]))
  return async () => Number((await getDelivery(db, row.id)).dueAt)
}

const looksAt = async (db: Db, destinationId: string) => Number((await listLanes(db, [destinationId]))[0]?.nextAt)

eachStore('waits in a lane that Slack takes messages of again', (open) => {
  test('end for the first of what is more urgent, and for nothing else', async () => {
    await using store = await open()
    const urgent = await havingRetrying(store.db, 'dst_1', { rank: 0 })
    const second = await havingRetrying(store.db, 'dst_1', { rank: 0 })
    const normal = await havingRetrying(store.db, 'dst_1', { rank: 1 })
    const elsewhere = await havingRetrying(store.db, 'dst_2', { rank: 0 })

    await endWaitsBeside(store.db, [{ destinationId: 'dst_1', rank: 1, delayMs: null, wasLong: false }], NOW)

    expect([await urgent(), await second(), await normal(), await elsewhere()]).toEqual([NOW, dueAt, dueAt, dueAt])
  })

  test('end for the first of what is less urgent too, once it had refused them for long', async () => {
    await using store = await open()
    const normal = await havingRetrying(store.db, 'dst_1', { rank: 1 })
    const low = await havingRetrying(store.db, 'dst_1', { rank: 2 })
    const elsewhere = await havingRetrying(store.db, 'dst_2', { rank: 2 })

    await endWaitsBeside(store.db, [{ destinationId: 'dst_1', rank: 0, delayMs: null, wasLong: true }], NOW)

    expect([await normal(), await low(), await elsewhere()]).toEqual([NOW, NOW, dueAt])
  })

  test('stay as Slack asked for, and no shorter than somebody set', async () => {
    await using store = await open()
    const limited = await havingRetrying(store.db, 'dst_1', { rank: 0, code: 'ratelimited' })
    const ofType = await havingRetrying(store.db, 'dst_2', { rank: 0, nextAttemptDelayMs: 30_000 })
    const ofIntegration = await havingRetrying(store.db, 'dst_3', { rank: 0 })
    const lanes = ['dst_1', 'dst_2', 'dst_3'].map((destinationId) => ({
      ...{ destinationId, rank: 1, delayMs: 40_000 },
      wasLong: false,
    }))

    await endWaitsBeside(store.db, lanes, NOW)

    expect([await limited(), await ofType(), await ofIntegration()]).toEqual([dueAt, NOW + 20_000, NOW + 30_000])
  })
})

eachStore('waits of an integration that Slack takes messages of again', (open) => {
  test('are at most a minute after the last attempt, and their lanes are looked at then', async () => {
    await using store = await open()
    const tried = await havingRetrying(store.db, 'dst_1')
    const long = await havingRetrying(store.db, 'dst_2', { stateAt: NOW - 2 * MINUTE_MS })
    const other = await havingRetrying(store.db, 'dst_3', { integrationId: 'int_2' })

    await shortenWaits(store.db, [{ integrationId: 'int_1', delayMs: null }], NOW)

    expect([await tried(), await long(), await other()]).toEqual([failedAt + MINUTE_MS, NOW, dueAt])
    expect([await looksAt(store.db, 'dst_1'), await looksAt(store.db, 'dst_2')]).toEqual([failedAt + MINUTE_MS, NOW])
  })

  test('stay as Slack asked for, and no shorter than somebody set; what is meant for later stays', async () => {
    await using store = await open()
    const limited = await havingRetrying(store.db, 'dst_1', { code: 'ratelimited' })
    const set = await havingRetrying(store.db, 'dst_2', { nextAttemptDelayMs: 2 * MINUTE_MS })
    const later = await havingRetrying(store.db, 'dst_3', { state: 'pending', code: null, tries: 0 })

    await shortenWaits(store.db, [{ integrationId: 'int_1', delayMs: 5_000 }], NOW)

    expect([await limited(), await set(), await later()]).toEqual([dueAt, failedAt + 2 * MINUTE_MS, dueAt])
  })

  test('and lanes that are held, stopped or need no shorter one are left alone', async () => {
    await using store = await open()
    const held = await havingRetrying(store.db, 'dst_1')
    const soon = await havingRetrying(store.db, 'dst_2', { dueAt: NOW + 30_000 })
    await store.db.updateTable('lanes').set({ claimedBy: 'worker-2' }).where('destinationId', '=', 'dst_1').execute()

    await shortenWaits(store.db, [{ integrationId: 'int_1', delayMs: null }], NOW)

    expect([await held(), await soon()]).toEqual([dueAt, NOW + 30_000])
    expect(await looksAt(store.db, 'dst_1')).toBe(dueAt)
  })
})
