import { sql } from 'kysely'
import type { DeliveryState } from '../../shared/deliveries.ts'
import type { Db } from '../db/schema.ts'
import { QUIET_CODES } from './quiet/quiet.ts'
import { cancellableStates } from './states.ts'
import type { SavedDelivery } from './store.ts'

/** Marks deliveries of a lane as held, or as waiting again; what is in flight and tests stay. Gives how many it marked. */
export async function markLane(
  db: Db,
  destinationId: string,
  { code, now, limit }: { code: string | null; now: number; limit: number },
): Promise<number> {
  const from: DeliveryState[] = code === null ? ['held'] : ['pending', 'retrying']
  const updated = await db
    .updateTable('deliveries')
    .set({ state: code === null ? 'pending' : 'held', stateAt: now, code })
    .where('id', 'in', (query) =>
      query
        .selectFrom('deliveries as waiting')
        .select('waiting.id')
        .where('waiting.destinationId', '=', destinationId)
        .where('waiting.rank', '>=', 0)
        .where('waiting.state', 'in', from)
        .limit(limit),
    )
    // Again, since PostgreSQL asks only this of a row that a worker has taken on meanwhile.
    .where('state', 'in', from)
    .executeTakeFirst()
  return Number(updated.numUpdatedRows)
}

/** They are held still, and for another reason than before. */
export async function relabelHeld(db: Db, destinationId: string, code: string): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ code })
    .where('destinationId', '=', destinationId)
    .where('rank', '>=', 0)
    .where('state', '=', 'held')
    .execute()
}

/** Takes everything of a type that waits out of line, until its type goes on. Gives the destinations it waited for. */
export async function holdType(db: Db, type: string, now: number): Promise<number> {
  const updated = await db
    .updateTable('deliveries')
    .set({ state: 'held', stateAt: now, code: TYPE_PAUSED, rank: null })
    // As an expression: what waits is few beside all that there ever was of a type, whose index must not be walked.
    .where(sql`coalesce(type, '')`, '=', type)
    .where('rank', '>=', 0)
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .executeTakeFirst()
  // What waits for the end of quiet hours stands in no line; it waits for both from now on.
  const quiet = await db
    .updateTable('deliveries')
    .set({ code: TYPE_PAUSED })
    .where(sql`coalesce(type, '')`, '=', type)
    .where('state', '=', sql.lit('held'))
    .where('code', 'in', [...QUIET_CODES])
    .executeTakeFirst()
  return Number(updated.numUpdatedRows) + Number(quiet.numUpdatedRows)
}

/** Puts it back in line, each in its old place. Gives what was put back, for the lanes to be told. */
export async function releaseType(
  db: Db,
  type: string,
  now: number,
): Promise<Pick<SavedDelivery, 'destinationId' | 'integrationId' | 'rank' | 'queueAt'>[]> {
  await backToQuiet(db, type, now)
  return db
    .updateTable('deliveries')
    .set({
      state: 'pending',
      stateAt: now,
      code: null,
      rank: sql<number>`case priority when 'urgent' then 0 when 'normal' then 1 else 2 end`,
    })
    .where(sql`coalesce(type, '')`, '=', type)
    .where('state', '=', sql.lit('held'))
    .where('code', '=', TYPE_PAUSED)
    .returning(['destinationId', 'integrationId', 'rank', 'queueAt'])
    .execute()
}

/** What quiet hours or a mute hold as well waits for their end. */
async function backToQuiet(db: Db, type: string, now: number): Promise<void> {
  await sql`
    update deliveries set code = wait.code, state_at = ${now}
    from quiet_waits as wait
    where wait.delivery_id = deliveries.id and wait.ended_at is null
      and coalesce(deliveries.type, '') = ${type} and deliveries.state = 'held'
      and deliveries.code = ${TYPE_PAUSED}`.execute(db)
}

export const TYPE_PAUSED = 'type_paused'

/** Which deliveries that wait: one destination's, or a whole integration's. */
export type Lane = { integrationId: string; destinationId?: string }

/** Ends everything that waits for a destination which is no more. */
export async function cancelWaiting(db: Db, lane: Lane, code: string, now: number): Promise<number> {
  const { integrationId, destinationId } = lane
  const change = { state: 'cancelled', stateAt: now, endedAt: now, code, rank: null } as const
  const inLine = await db
    .updateTable('deliveries')
    .set({ ...change, claimedBy: null, leaseEndsAt: null })
    .where('destinationId', 'in', destinationId === undefined ? lanesOf(db, integrationId) : [destinationId])
    .where('rank', 'is not', null)
    .where('state', 'in', cancellableStates)
    .executeTakeFirst()
  // Those of a paused type stand beside the line, and those in a summary are told by it alone.
  const beside = await db
    .updateTable('deliveries')
    .set(change)
    .where('state', 'in', [sql.lit('held' as const), sql.lit('pending' as const)])
    .where('rank', 'is', null)
    .where(destinationId === undefined ? 'integrationId' : 'destinationId', '=', destinationId ?? integrationId)
    .executeTakeFirst()
  return Number(inLine.numUpdatedRows) + Number(beside.numUpdatedRows)
}

/** How many deliveries of an integration are not sent yet: those in the lines of its destinations, and those held beside them. */
export async function countWaiting(db: Db, integrationId: string): Promise<number> {
  const inLine = await db
    .selectFrom('deliveries')
    .select((row) => row.fn.countAll().as('count'))
    .where('destinationId', 'in', lanesOf(db, integrationId))
    .where('rank', 'is not', null)
    .executeTakeFirstOrThrow()
  const beside = await db
    .selectFrom('deliveries')
    .select((row) => row.fn.countAll().as('count'))
    .where('state', '=', sql.lit('held'))
    .where('rank', 'is', null)
    .where('integrationId', '=', integrationId)
    .executeTakeFirstOrThrow()
  return Number(inLine.count) + Number(beside.count)
}

function lanesOf(db: Db, integrationId: string) {
  return db.selectFrom('lanes').select('lanes.destinationId').where('lanes.integrationId', '=', integrationId)
}

/** Takes one delivery back. False: it is with a worker, or over, already. */
export async function cancelOne(db: Db, id: string, code: string, now: number): Promise<boolean> {
  const updated = await db
    .updateTable('deliveries')
    .set({ state: 'cancelled', stateAt: now, endedAt: now, code, rank: null })
    .where('id', '=', id)
    .where('state', 'in', cancellableStates)
    .where('claimedBy', 'is', null)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

/** What a replica that knows no lanes has inserted. */
export async function listStrays(db: Db, limit: number): Promise<SavedDelivery[]> {
  return db.selectFrom('deliveries').selectAll().where('queueAt', 'is', null).limit(limit).execute()
}

export async function adoptStray(db: Db, { id, createdAt }: SavedDelivery, rank: number | null): Promise<void> {
  await db.updateTable('deliveries').set({ rank, queueAt: createdAt }).where('id', '=', id).execute()
}
