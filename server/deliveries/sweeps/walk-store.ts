import { sql } from 'kysely'
import { locking, skippingLocked } from '../../db/engine.ts'
import type { Db } from '../../db/schema.ts'
import type { SavedLane } from '../lanes/lanes-store.ts'
import type { SavedDelivery } from '../store.ts'
import type { Place, SavedSweep, SweepCursor } from './cursor.ts'

/** A lane that nobody else changes, or puts anything into, until the transaction ends. */
export type LockedLane = Pick<SavedLane, 'destinationId' | 'stoppedCode' | 'sweep' | 'sweepAfter'>

/** The next lanes that a sweep goes through, in the order in which everybody locks them. */
export async function lockNextLanes(
  trx: Db,
  { kind, subject }: Pick<SavedSweep, 'kind' | 'subject'>,
  { destinationId, after }: SweepCursor,
  limit: number,
): Promise<LockedLane[]> {
  return trx
    .selectFrom('lanes')
    .select(['destinationId', 'stoppedCode', 'sweep', 'sweepAfter'])
    .where('destinationId', after === null ? '>' : '>=', destinationId)
    .$if(kind === 'integration', (query) => query.where('integrationId', '=', subject))
    .$if(kind === 'destination', (query) => query.where('destinationId', '=', subject))
    .orderBy('destinationId')
    .limit(limit)
    .$call(locking(trx))
    .execute()
}

/** Lanes whose deliveries have yet to be marked as held, or as waiting again; none that somebody else has locked. */
export async function lockSweptLanes(trx: Db, limit: number): Promise<LockedLane[]> {
  return trx
    .selectFrom('lanes')
    .select(['destinationId', 'stoppedCode', 'sweep', 'sweepAfter'])
    .where('sweep', 'is not', null)
    .orderBy('destinationId')
    .limit(limit)
    .$call(skippingLocked(trx))
    .execute()
}

/** How far the marking of a lane has come; null: it is done. */
export async function moveLaneSweep(trx: Db, destinationId: string, after: Place | null): Promise<void> {
  await trx
    .updateTable('lanes')
    .set(after === null ? { sweep: null, sweepAfter: null } : { sweepAfter: JSON.stringify(after) })
    .where('destinationId', '=', destinationId)
    .execute()
}

/** One that waits, as far as a sweep looks at it. */
export type Waiting = Place & Pick<SavedDelivery, 'state' | 'code' | 'type' | 'createdAt'>

/** What stands in line or waits beside it, behind a place, at most so many: what others there are is not read. */
export async function listWaiting(
  trx: Db,
  destinationId: string,
  { part, after, limit }: { part: SweepCursor['part']; after: Place | null; limit: number },
): Promise<Waiting[]> {
  const rows = await (part === 'line' ? inLine(trx, after) : beside(trx, after))
    .select(['id', 'rank', 'queueAt', 'state', 'code', 'type', 'createdAt'])
    .where('destinationId', '=', destinationId)
    .limit(limit)
    .execute()
  return rows.map(({ rank, queueAt, ...row }) => ({ ...row, rank: rank ?? 0, queueAt: Number(queueAt) }))
}

function inLine(trx: Db, after: Place | null) {
  return trx
    .selectFrom('deliveries')
    .where('rank', 'is not', null)
    .$if(after !== null, (query) =>
      query.where(sql<boolean>`(rank, queue_at, id) > (${after?.rank}, ${after?.queueAt}, ${after?.id})`),
    )
    .orderBy('rank')
    .orderBy('queueAt')
    .orderBy('id')
}

function beside(trx: Db, after: Place | null) {
  return (
    trx
      .selectFrom('deliveries')
      .where('rank', 'is', null)
      // Word for word the condition of the partial index: SQLite uses it for nothing less.
      .where(sql<boolean>`state in ('held', 'pending')`)
      .where('queueAt', 'is not', null)
      .$if(after !== null, (query) => query.where(sql<boolean>`(queue_at, id) > (${after?.queueAt}, ${after?.id})`))
      .orderBy('queueAt')
      .orderBy('id')
  )
}
