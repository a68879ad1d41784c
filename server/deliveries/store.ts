import { type SelectQueryBuilder, sql } from 'kysely'
import type { DeliveryState, Priority } from '../../shared/deliveries.ts'
import { skippingLocked } from '../db/engine.ts'
import type { AttemptsTable, Database, Db, DeliveriesTable } from '../db/schema.ts'
import type { Step } from './next-step.ts'
import { cancellableStates, statesBefore } from './states.ts'

/** A delivery as it is stored. */
export type SavedDelivery = DeliveriesTable
export type SavedAttempt = AttemptsTable
/** A delivery that one worker holds until its lease ends. */
export type Claimed = SavedDelivery & { claimedBy: string; leaseEndsAt: number }
export type Claim = { by: string; now: number; leaseMs: number; limit: number }

/** Deliveries are inserted as `pending`; what they are made from stands in the caller's transaction. */
export async function insertDeliveries(db: Db, rows: SavedDelivery[]): Promise<void> {
  if (rows.length > 0) await db.insertInto('deliveries').values(rows).execute()
}

/**
 * Takes due deliveries for one worker until its lease ends: urgent ones first, then by when they were due. Two workers
 * never take the same row, a destination never has two in flight, and of one priority its oldest goes first.
 */
export async function claimDue(db: Db, claim: Claim): Promise<Claimed[]> {
  const claimed: Claimed[] = []
  for (const priority of PRIORITIES) {
    const limit = claim.limit - claimed.length
    if (limit <= 0) break
    claimed.push(...(await claimOfPriority(db, { ...claim, limit }, priority)))
  }
  return claimed
}

/** Writes the outcome while the claim is still ours. False: the lease ran out and somebody else decided. */
export async function settle(db: Db, delivery: Claimed, step: Step, now: number, more: Sent = {}): Promise<boolean> {
  const ended = step.state === 'delivered' || step.state === 'failed'
  return release(db, delivery, {
    ...more,
    state: step.state,
    stateAt: now,
    tries: step.tries,
    code: 'code' in step ? step.code : null,
    ...('mark' in step && { mark: step.mark }),
    ...('waitMs' in step && { dueAt: now + step.waitMs }),
    ...(ended && { endedAt: now }),
    ...(step.state === 'delivered' && { deliveredAt: now }),
  })
}

/** What Slack said about a message it took. */
export type Sent = Partial<Pick<SavedDelivery, 'messageTs' | 'conversationId' | 'permalink'>>

/** Nothing was sent: the claimed delivery waits, or is over, for a reason on our side. Guarded like `settle`. */
export async function settleUnsent(
  db: Db,
  delivery: Claimed,
  state: 'held' | 'cancelled',
  code: string,
  now: number,
): Promise<boolean> {
  return release(db, delivery, { state, stateAt: now, code, ...(state === 'cancelled' && { endedAt: now }) })
}

/** Deliveries whose worker was not heard of again: whether their messages arrived is not known. */
export async function rescueEndedLeases(db: Db, now: number): Promise<SavedDelivery[]> {
  return db
    .updateTable('deliveries')
    .set({
      state: 'unconfirmed',
      stateAt: now,
      // The attempt was begun, and may have reached Slack.
      tries: sql`tries + 1`,
      code: 'worker_lost',
      mark: 'maybe_sent',
      claimedBy: null,
      leaseEndsAt: null,
    })
    .where('state', '=', sql.lit('sending'))
    .where('leaseEndsAt', '<=', now)
    .returningAll()
    .execute()
}

type Lane = { integrationId: string; destinationId?: string }

/** Sets everything that waits for a destination, or a whole integration, aside until it is switched on. */
export async function holdWaiting(db: Db, lane: Lane, code: string, now: number): Promise<number> {
  return moveLane(db, lane, statesBefore('held').filter(isNotSending), { state: 'held', stateAt: now, code })
}

/** They are held still, and for another reason than before. */
export async function relabelHeld(db: Db, lane: Lane, code: string, now: number): Promise<number> {
  return moveLane(db, lane, ['held'], { stateAt: now, code })
}

/** Puts everything that was set aside back in line, in its old order. */
export async function releaseHeld(db: Db, lane: Lane, now: number): Promise<number> {
  return moveLane(db, lane, statesBefore('pending'), { state: 'pending', stateAt: now, code: null })
}

/** Ends everything that waits for a destination which is no more. */
export async function cancelWaiting(db: Db, lane: Lane, code: string, now: number): Promise<number> {
  const change = { state: 'cancelled', stateAt: now, endedAt: now, code } as const
  return moveLane(db, lane, cancellableStates, change)
}

/** How many deliveries of an integration are not sent yet. */
export async function countWaiting(db: Db, integrationId: string): Promise<number> {
  const { count } = await db
    .selectFrom('deliveries')
    .select((row) => row.fn.countAll().as('count'))
    .where('integrationId', '=', integrationId)
    .where('state', 'in', cancellableStates)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Takes one delivery back. False: it is with a worker, or over, already. */
export async function cancelOne(db: Db, id: string, code: string, now: number): Promise<boolean> {
  const updated = await db
    .updateTable('deliveries')
    .set({ state: 'cancelled', stateAt: now, endedAt: now, code })
    .where('id', '=', id)
    .where('state', 'in', cancellableStates)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

/** The destinations that something is held for, and why. */
export async function listHeldLanes(db: Db): Promise<(Required<Lane> & { code: string | null })[]> {
  return db
    .selectFrom('deliveries')
    .select(['integrationId', 'destinationId', 'code'])
    .distinct()
    .where('state', '=', sql.lit('held'))
    .execute()
}

export async function insertAttempt(db: Db, attempt: SavedAttempt): Promise<void> {
  await db.insertInto('attempts').values(attempt).execute()
}

const PRIORITIES: Priority[] = ['urgent', 'normal', 'low']
const isNotSending = (state: DeliveryState) => state !== 'sending'

/** As literals: SQLite uses a partial index only when it can read the states in the query itself. */
const WAITING = [sql.lit('pending' as const), sql.lit('retrying' as const)]

type Ids = SelectQueryBuilder<Database, 'deliveries', { id: string }>

async function claimOfPriority(db: Db, claim: Claim, priority: Priority): Promise<Claimed[]> {
  const rows = await db
    .withRecursive('lanes', (query) =>
      query
        .selectFrom('deliveries')
        .select((row) => row.fn.min('destinationId').as('destinationId'))
        .where('priority', '=', priority)
        .where('state', 'in', WAITING)
        .unionAll((all) =>
          all
            .selectFrom('lanes')
            .select((lane) =>
              lane
                .selectFrom('deliveries as next')
                .select((row) => row.fn.min('next.destinationId').as('destinationId'))
                .where('next.priority', '=', priority)
                .where('next.state', 'in', WAITING)
                .whereRef('next.destinationId', '>', 'lanes.destinationId')
                .$asScalar()
                .as('destinationId'),
            )
            .where('lanes.destinationId', 'is not', null),
        ),
    )
    .with('heads', (query) =>
      query
        .selectFrom('lanes')
        .select((lane) =>
          lane
            .selectFrom('deliveries as head')
            .select('head.id')
            .whereRef('head.destinationId', '=', 'lanes.destinationId')
            .where('head.priority', '=', priority)
            .where('head.state', 'in', WAITING)
            // One that was tried before keeps its place while it waits; one meant for later has none yet.
            .where(({ or, eb }) => or([eb('head.state', '=', 'retrying'), eb('head.dueAt', '<=', claim.now)]))
            .orderBy('head.id')
            .limit(1)
            .as('id'),
        )
        .where('lanes.destinationId', 'is not', null),
    )
    .with('due', (query) =>
      query
        .selectFrom('deliveries')
        .select('id')
        .where('id', 'in', (ids) => ids.selectFrom('heads').select('heads.id').where('heads.id', 'is not', null))
        .where('state', 'in', WAITING)
        .where('dueAt', '<=', claim.now)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('deliveries as flying')
                .select('flying.id')
                .whereRef('flying.destinationId', '=', 'deliveries.destinationId')
                .where('flying.state', '=', sql.lit('sending')),
            ),
          ),
        )
        .orderBy('dueAt')
        .orderBy('id')
        .limit(claim.limit)
        .$call((due) => skippingLocked(db)(due as unknown as Ids)),
    )
    .updateTable('deliveries')
    .set({
      state: 'sending',
      stateAt: claim.now,
      claimedBy: claim.by,
      leaseEndsAt: claim.now + claim.leaseMs,
    })
    .where('id', 'in', (query) => query.selectFrom('due').select('id'))
    .returningAll()
    .execute()
    .catch((error: unknown) => {
      // Another worker put one of these destinations in flight a moment earlier; what it left is there next time.
      if (isOneInFlight(error)) return []
      throw error
    })
  return rows as Claimed[] // the update above has just set the owner and the end of the lease
}

function isOneInFlight(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'deliveries_one_in_flight'
}

async function release(db: Db, { id, claimedBy, leaseEndsAt }: Claimed, change: Partial<SavedDelivery>) {
  const updated = await db
    .updateTable('deliveries')
    .set({ ...change, claimedBy: null, leaseEndsAt: null })
    .where('id', '=', id)
    .where('state', '=', 'sending')
    .where('claimedBy', '=', claimedBy)
    // The same worker may have claimed the row anew after losing it.
    .where('leaseEndsAt', '=', leaseEndsAt)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

async function moveLane(
  db: Db,
  lane: Lane,
  from: readonly DeliveryState[],
  change: Partial<SavedDelivery>,
): Promise<number> {
  const { integrationId, destinationId } = lane
  const updated = await db
    .updateTable('deliveries')
    .set(change)
    .where('integrationId', '=', integrationId)
    .$if(destinationId !== undefined, (query) => query.where('destinationId', '=', destinationId ?? ''))
    .where('state', 'in', from)
    .executeTakeFirst()
  return Number(updated.numUpdatedRows)
}
