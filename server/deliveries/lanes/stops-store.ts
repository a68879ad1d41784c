import { sql } from 'kysely'
import { locking, notifyLoop, oneOf } from '../../db/engine.ts'
import type { Db } from '../../db/schema.ts'
import type { SavedLane } from './lanes-store.ts'

/** Nothing but tests leaves these lanes until they are started again. */
export async function stopLanes(
  db: Db,
  which: { destinationIds: readonly string[] } | { integrationId: string },
  code: string,
  now: number,
): Promise<void> {
  await db
    .updateTable('lanes')
    .set((row) => ({
      stoppedCode: code,
      stoppedAt: now,
      sweep: 'hold',
      sweepAfter: null,
      // Whoever holds a lane lets it go itself; a test that waits in one still goes.
      nextAt: row
        .case()
        .when(row.and([row('claimedBy', 'is', null), row.not(row.exists(waitingTest(db)))]))
        .then(null)
        .else(row.ref('nextAt'))
        .end(),
    }))
    .where((row) =>
      'destinationIds' in which
        ? row('destinationId', 'in', oneOf(db, which.destinationIds))
        : row('integrationId', '=', which.integrationId),
    )
    .execute()
}

function waitingTest(db: Db) {
  return db
    .selectFrom('deliveries')
    .select('deliveries.id')
    .where('deliveries.destinationId', '=', sql.ref<string>('lanes.destinationId'))
    .where('deliveries.rank', '=', -1)
}

/** Locks the lanes of a destination or integration in the order that everybody locks them in, and gives their ids. */
export async function lockLanes(
  db: Db,
  which: { destinationId: string } | { integrationId: string },
): Promise<string[]> {
  const lanes = await db
    .selectFrom('lanes')
    .select('destinationId')
    .where((row) =>
      'destinationId' in which
        ? row('destinationId', '=', which.destinationId)
        : row('integrationId', '=', which.integrationId),
    )
    .orderBy('destinationId')
    .$call(locking(db))
    .execute()
  return lanes.map(({ destinationId }) => destinationId)
}

/** What waits in a lane goes out again, in its old order. */
export async function startLane(db: Db, destinationId: string, now: number): Promise<void> {
  await startLanes(db, [destinationId], now)
}

/** The same for many. */
export async function startLanes(db: Db, destinationIds: readonly string[], now: number): Promise<void> {
  if (destinationIds.length === 0) return
  await db
    .updateTable('lanes')
    .set((row) => ({
      stoppedCode: null,
      stoppedAt: null,
      sweep: 'release',
      sweepAfter: null,
      nextAt: row.case().when('claimedBy', 'is', null).then(now).else(row.ref('nextAt')).end(),
    }))
    .where('destinationId', 'in', oneOf(db, destinationIds))
    .where('stoppedCode', 'is not', null)
    .execute()
  await notifyLoop(db, 'deliveries')
}

/** It is stopped still, and for another reason than before, which its deliveries are marked with once more. */
export async function relabelLane(db: Db, destinationId: string, code: string): Promise<void> {
  await db
    .updateTable('lanes')
    .set({ stoppedCode: code, sweep: 'hold', sweepAfter: null })
    .where('destinationId', '=', destinationId)
    .execute()
}

export async function listStoppedLanes(
  db: Db,
): Promise<Pick<SavedLane, 'destinationId' | 'integrationId' | 'stoppedCode'>[]> {
  return db
    .selectFrom('lanes')
    .select(['destinationId', 'integrationId', 'stoppedCode'])
    .where('stoppedCode', 'is not', null)
    .execute()
}
