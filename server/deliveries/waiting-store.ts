import { type ExpressionBuilder, sql } from 'kysely'
import { oneOf } from '../db/engine.ts'
import type { Database, Db } from '../db/schema.ts'
import { QUIET_CODES } from './quiet/quiet.ts'
import { cancellableStates } from './states.ts'
import type { SavedDelivery } from './store.ts'

/** They are held by the switch that stops their lane. Gives how many were not, or by another. */
export async function markHeld(db: Db, ids: readonly string[], code: string, now: number): Promise<number> {
  const updated = await db
    .updateTable('deliveries')
    .set({ state: 'held', stateAt: now, code })
    .where('id', 'in', oneOf(db, ids))
    .where('rank', '>=', 0)
    // Asked here too, since PostgreSQL asks only this of a row that a worker has taken on meanwhile.
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .executeTakeFirst()
  return Number(updated.numUpdatedRows)
}

/** They wait again, since their lane moves. */
export async function markWaiting(db: Db, ids: readonly string[], now: number): Promise<number> {
  const updated = await db
    .updateTable('deliveries')
    .set({ state: 'pending', stateAt: now, code: null })
    .where('id', 'in', oneOf(db, ids))
    .where('rank', '>=', 0)
    .where('state', '=', 'held')
    .executeTakeFirst()
  return Number(updated.numUpdatedRows)
}

/** Takes deliveries out of line until their type goes on. Gives how many. */
export async function holdForType(db: Db, ids: readonly string[], now: number): Promise<number> {
  const updated = await db
    .updateTable('deliveries')
    .set({ state: 'held', stateAt: now, code: TYPE_PAUSED, rank: null })
    .where('id', 'in', oneOf(db, ids))
    .where('rank', '>=', 0)
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .executeTakeFirst()
  return Number(updated.numUpdatedRows)
}

/** What waits for the end of quiet hours stands in no line; it waits for both from now on. */
export async function holdQuietForType(db: Db, ids: readonly string[]): Promise<number> {
  const updated = await db
    .updateTable('deliveries')
    .set({ code: TYPE_PAUSED })
    .where('id', 'in', oneOf(db, ids))
    .where('state', '=', 'held')
    .where('code', 'in', [...QUIET_CODES])
    .executeTakeFirst()
  return Number(updated.numUpdatedRows)
}

type Released = Pick<SavedDelivery, 'destinationId' | 'integrationId' | 'rank' | 'queueAt'>

/**
 * Puts deliveries of a lane back into its line, each in its old place; `stoppedCode` is what stops the lane. Gives what
 * was put back, for the lane to be told.
 */
export async function releaseFromType(
  db: Db,
  ids: readonly string[],
  stoppedCode: string | null,
  now: number,
): Promise<Released[]> {
  await backToQuiet(db, ids, now)
  return db
    .updateTable('deliveries')
    .set({
      state: stoppedCode === null ? 'pending' : 'held',
      stateAt: now,
      code: stoppedCode,
      rank: sql<number>`case priority when 'urgent' then 0 when 'normal' then 1 else 2 end`,
    })
    .where('id', 'in', oneOf(db, ids))
    .where('state', '=', 'held')
    .where('code', '=', TYPE_PAUSED)
    .returning(['destinationId', 'integrationId', 'rank', 'queueAt'])
    .execute()
}

/** What quiet hours or a mute hold as well waits for their end. */
async function backToQuiet(db: Db, ids: readonly string[], now: number): Promise<void> {
  await sql`
    update deliveries set code = wait.code, state_at = ${now}
    from quiet_waits as wait
    where wait.delivery_id = deliveries.id and wait.ended_at is null and deliveries.id in ${oneOf(db, ids)}
      and deliveries.state = 'held' and deliveries.code = ${TYPE_PAUSED}`.execute(db)
}

export const TYPE_PAUSED = 'type_paused'

/**
 * What an update sets of deliveries that are taken back. One whose request was lost may stand in Slack: nobody will look
 * any more, so it keeps a mark that says so.
 */
export const cancelling =
  (code: string, now: number) =>
  ({ ref }: ExpressionBuilder<Database, 'deliveries'>) => ({
    ...({ state: 'cancelled', stateAt: now, endedAt: now, rank: null } as const),
    code,
    mark: sql<SavedDelivery['mark']>`
      case when ${ref('state')} = 'unconfirmed' then coalesce(${ref('mark')}, 'maybe_sent') else ${ref('mark')} end`,
  })

/** Ends deliveries that wait for what is no more, in line or beside it. Gives how many. */
export async function cancelWaiting(db: Db, ids: readonly string[], code: string, now: number): Promise<number> {
  const updated = await db
    .updateTable('deliveries')
    .set((row) => ({ ...cancelling(code, now)(row), claimedBy: null, leaseEndsAt: null }))
    .where('id', 'in', oneOf(db, ids))
    .where('state', 'in', cancellableStates)
    .executeTakeFirst()
  return Number(updated.numUpdatedRows)
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
    .set(cancelling(code, now))
    .where('id', '=', id)
    .where('state', 'in', cancellableStates)
    .where('endedAt', 'is', null)
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
