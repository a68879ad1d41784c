import { expect, test } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import { lineUp } from '../../server/deliveries/lanes/places-store.ts'
import { getDelivery } from '../../server/deliveries/list-store.ts'
import { cancelReplayed } from '../../server/deliveries/replayable-store.ts'
import type { SavedDelivery } from '../../server/deliveries/store.ts'
import { cancelOne, cancelWaiting } from '../../server/deliveries/waiting-store.ts'
import { eachStore } from '../support/each-store.ts'
import { deliveryRow, NOW } from '../support/factories.ts'

type Marked = Pick<SavedDelivery, 'state' | 'mark'>

/** Each way in which a delivery is taken back. */
const WAYS: [string, (db: Db, id: string) => Promise<unknown>][] = [
  ['by itself', (db, id) => cancelOne(db, id, 'cancelled_by_request', NOW)],
  ['with what it was for', (db, id) => cancelWaiting(db, [id], 'destination_deleted', NOW)],
  [
    'with its replay',
    (db) => db.transaction().execute((trx) => cancelReplayed(trx, 'rpl_1', { before: null, now: NOW, limit: 10 })),
  ],
]

const CASES: [string, Marked, SavedDelivery['mark']][] = [
  ['whose request was lost may stand in Slack', { state: 'unconfirmed', mark: null }, 'maybe_sent'],
  ['that may stand there twice still may', { state: 'unconfirmed', mark: 'may_be_duplicate' }, 'may_be_duplicate'],
  ['that was never sent does not', { state: 'pending', mark: null }, null],
  ['that Slack did not take does not', { state: 'retrying', mark: null }, null],
]

eachStore('a delivery that is taken back', (open) => {
  test.each(
    WAYS.flatMap(([way, takeBack]) => CASES.map(([one, before, mark]) => ({ way, takeBack, one, before, mark }))),
  )('$way: one $one', async ({ takeBack, before, mark }) => {
    await using store = await open()
    const row = deliveryRow({ ...before, replayId: 'rpl_1' })
    await store.db.transaction().execute((trx) => lineUp(trx, [row]))

    await takeBack(store.db, row.id)

    expect(await getDelivery(store.db, row.id)).toMatchObject({ state: 'cancelled', mark, rank: null, endedAt: NOW })
  })
})
