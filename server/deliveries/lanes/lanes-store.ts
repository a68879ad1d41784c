import { sql } from 'kysely'
import { columnsAs } from '../../db/camel-case.ts'
import { engineOf, joinFirst, lockingInOrder, oneOf, skippingLocked } from '../../db/engine.ts'
import { type RowsStatement, runOverRows } from '../../db/over-rows.ts'
import type { Db, LanesTable } from '../../db/schema.ts'
import { deliveryColumns, type SavedDelivery } from '../store.ts'

export type SavedLane = LanesTable

/** A lane that one worker holds until its lease ends; `nextAt` is as it was before. */
export type ClaimedLane = Pick<SavedLane, 'destinationId' | 'integrationId' | 'stoppedCode' | 'rank'> & {
  nextAt: number
}

type LaneClaim = { now: number; limit: number; notOf: readonly string[] }

/**
 * Due lanes, locked for one worker: by rank, then by who waits longest, so that a lane that has just sent stands behind
 * the others. A lane whose lease ran out is due like any other.
 */
export async function lockDueLanes(db: Db, { now, limit, notOf }: LaneClaim): Promise<ClaimedLane[]> {
  const ofRank = (rank: number) =>
    db
      .selectFrom('lanes')
      .select(['destinationId', 'integrationId', 'stoppedCode', 'rank', 'nextAt'])
      .where('rank', '=', sql.lit(rank))
      .where('nextAt', '<=', now)
      .$if(notOf.length > 0, (some) => some.where('integrationId', 'not in', oneOf(db, notOf)))
      .orderBy('nextAt')
      .limit(limit)
      .$call(skippingLocked(db))
  // Each in brackets of its own: only so PostgreSQL locks rows of what it puts together.
  const ofRanks = RANKS.map((rank) => sql`select * from ${ofRank(rank)} as due`)
  const { rows } = await sql<ClaimedLane>`${sql.join(ofRanks, sql` union all `)}`.execute(db)
  return rows.sort((a, b) => a.rank - b.rank || a.nextAt - b.nextAt).slice(0, limit)
}

/** They are this worker's until its lease ends. */
export async function claimLanes(
  db: Db,
  lanes: readonly Pick<ClaimedLane, 'destinationId'>[],
  { by, leaseEndsAt }: { by: string; leaseEndsAt: number },
): Promise<void> {
  const ids = lanes.map(({ destinationId }) => destinationId)
  await runOverRows(db, CLAIMING, lanesOf(ids), [by, leaseEndsAt])
}

/** Locks lanes in the order that everybody locks them in, so that nobody waits in a circle. SQLite has one writer. */
export async function keepLanes(db: Db, destinationIds: readonly string[]): Promise<void> {
  if (engineOf(db) === 'sqlite') return
  await db
    .selectFrom('lanes')
    .select('destinationId')
    .where('destinationId', 'in', oneOf(db, destinationIds))
    .orderBy('destinationId')
    .forUpdate()
    .execute()
}

/** The first of each rank in a lane's line, due or not: `dueAt` is the time it is meant for, or the end of its wait. */
export type Head = SavedDelivery & {
  rank: number
  /** Something is being swept, so that not all that stands in line may go. */
  swept: number | boolean
}

export async function listHeads(db: Db, destinationIds: readonly string[]): Promise<Head[]> {
  return runOverRows(db, HEADING, lanesOf(destinationIds), [])
}

/** What of these lanes is being sent, by whoever: of a lane that was just claimed it is a worker not heard of since. */
export async function listFlying(
  db: Db,
  destinationIds: readonly string[],
): Promise<{ id: string; destinationId: string; leaseEndsAt: number }[]> {
  const flying = await runOverRows(db, FLYING, lanesOf(destinationIds), [])
  return flying.map((row) => ({ ...row, leaseEndsAt: Number(row.leaseEndsAt ?? 0) }))
}

export type Released = { destinationId: string; rank: number; nextAt: number | null }

/** Lets lanes go whose lines were looked at, if they are still this worker's: when each is looked at next, if at all. */
export async function releaseLanes(db: Db, by: string, lanes: readonly Released[]): Promise<void> {
  await runOverRows(db, RELEASING, lanes, [by])
}

/** A lane whose delivery is settled. `goesOn`: it stays this worker's for the next one. */
export type Settling = Released & { nextAt: number; goesOn: boolean }

/**
 * Lets lanes go, or has them go on until `leaseEndsAt`, if they are still this worker's, and gives those that go on. None
 * that is stopped does. Something more urgent may have come since they were claimed.
 */
export async function settleLanes(
  db: Db,
  lanes: readonly Settling[],
  { by, now, leaseEndsAt }: { by: string; now: number; leaseEndsAt: number },
): Promise<ClaimedLane[]> {
  const rows = lanes.map(({ goesOn, ...lane }) => ({ ...lane, goesOn: goesOn ? 1 : 0 }))
  const settled = await runOverRows(db, SETTLING, rows, [by, leaseEndsAt])
  return settled.flatMap(({ claimedBy, ...lane }) => (claimedBy === null ? [] : [{ ...lane, nextAt: now }]))
}

/** When a lane has to be looked at next; undefined when nothing waits for its time. */
export async function findNextLook(db: Db, notOf: readonly string[]): Promise<number | undefined> {
  const soonest = await soonestOfRanks(db, notOf)
  return soonest.length > 0 ? Math.min(...soonest.map(({ nextAt }) => nextAt)) : undefined
}

/** When the first lane of each rank is to be looked at, by rank; ranks in which nothing waits for its time are left out. */
async function soonestOfRanks(db: Db, notOf: readonly string[]): Promise<{ rank: number; nextAt: number }[]> {
  const others = notOf.length > 0 ? sql`and integration_id not in ${oneOf(db, notOf)}` : sql``
  const { rows } = await sql<{ rank: number; nextAt: number | null }>`
    select rank, (
      select next_at from lanes where lanes.rank = ranks.rank and next_at is not null ${others}
      order by next_at limit 1) as next_at
    from ${ALL_RANKS} as ranks`.execute(db)
  return rows
    .flatMap(({ rank, nextAt }) => (nextAt === null ? [] : [{ rank: Number(rank), nextAt: Number(nextAt) }]))
    .sort((a, b) => a.rank - b.rank)
}

export async function listLanes(db: Db, destinationIds: readonly string[]): Promise<SavedLane[]> {
  if (destinationIds.length === 0) return []
  return db.selectFrom('lanes').selectAll().where('destinationId', 'in', oneOf(db, destinationIds)).execute()
}

/** The clock was set back: when lanes were to be looked at says nothing any more. None that is locked, or held. */
export async function lookAtAllLanes(db: Db, now: number): Promise<void> {
  await db
    .updateTable('lanes')
    .set({ nextAt: now })
    .where('destinationId', 'in', (query) =>
      query
        .selectFrom('lanes as later')
        .select('later.destinationId')
        .where('later.nextAt', '>', now)
        .where('later.claimedBy', 'is', null)
        .orderBy('later.destinationId')
        .$call(skippingLocked(db)),
    )
    .execute()
}

/** A process that died on a database that no other process can have opened: all its claims are over. */
export async function endForeignLeases(db: Db, by: string, now: number): Promise<void> {
  await db
    .updateTable('lanes')
    .set({ claimedBy: null, leaseEndsAt: null, nextAt: now })
    .where('claimedBy', '!=', by)
    .execute()
  await db
    .updateTable('deliveries')
    .set({ leaseEndsAt: now })
    .where('state', '=', sql.lit('sending'))
    .where('claimedBy', '!=', by)
    .execute()
}

/** Tests, urgent, normal, low. */
const RANKS = [-1, 0, 1, 2]
const ALL_RANKS = sql`(${sql.join(
  RANKS.map((rank) => sql`select ${sql.lit(rank)} as rank`),
  sql` union all `,
)})`

const lanesOf = (destinationIds: readonly string[]) => destinationIds.map((destinationId) => ({ destinationId }))

/** What waits behind a stopped one is swept. */
const HELD_IF_STOPPED = sql`
  sweep = case when stopped_code is not null then 'hold' else sweep end,
  sweep_after = case when stopped_code is not null then null else sweep_after end`

const CLAIMING: RowsStatement<unknown> = {
  name: 'claim lanes',
  columns: { destinationId: 'text' },
  build: (from, [by, leaseEndsAt]) => sql`
    update lanes set claimed_by = ${by}, lease_ends_at = ${leaseEndsAt}, next_at = ${leaseEndsAt}
    from ${from} as new where lanes.destination_id = new.destination_id`,
}

const HEADING: RowsStatement<Head> = {
  name: 'list heads',
  columns: { destinationId: 'text' },
  build: (from, _beside, db) => {
    const first = sql`where first.destination_id = lane.destination_id and first.rank = ranks.rank
      order by first.queue_at, first.id`
    return sql`
      select ${columnsAs('head', deliveryColumns)},
        exists (select 1 from sweeps) as swept
      from ${from} as lane
      cross join ${ALL_RANKS} as ranks
      ${joinFirst(db, 'deliveries', 'head', first)}`
  },
}

const FLYING: RowsStatement<{ id: string; destinationId: string; leaseEndsAt: number | null }> = {
  name: 'list what lanes are sending',
  columns: { destinationId: 'text' },
  build: (from) => sql`
    select ${columnsAs('deliveries', ['id', 'destinationId', 'leaseEndsAt'])} from ${from} as lane
    join deliveries on deliveries.destination_id = lane.destination_id and deliveries.state = 'sending'`,
}

const RELEASING: RowsStatement<unknown> = {
  name: 'release lanes',
  columns: { destinationId: 'text', rank: 'integer', nextAt: 'bigint' },
  build: (from, [by], db) => sql`
    update lanes set claimed_by = null, lease_ends_at = null, rank = new.rank,
      next_at = case when stopped_code is not null and new.rank >= 0 then null else new.next_at end, ${HELD_IF_STOPPED}
    from ${from} as new ${lockingInOrder(db, 'lanes', 'destination_id', from)}
    where lanes.destination_id = new.destination_id and lanes.claimed_by = ${by}`,
}

const SETTLING: RowsStatement<Omit<ClaimedLane, 'nextAt'> & { claimedBy: string | null }> = {
  name: 'settle lanes',
  columns: { destinationId: 'text', rank: 'integer', nextAt: 'bigint', goesOn: 'integer' },
  build: (from, [by, leaseEndsAt], db) => {
    const rank = sql`case when lanes.rank < new.rank then lanes.rank else new.rank end`
    const isStopped = sql`(stopped_code is not null and ${rank} >= 0)`
    const goesOn = sql`(new.goes_on = 1 and not ${isStopped})`
    const lease = sql`cast(${leaseEndsAt} as bigint)`
    return sql`
      update lanes set rank = ${rank},
        claimed_by = case when ${goesOn} then claimed_by end,
        lease_ends_at = case when ${goesOn} then ${lease} end,
        next_at = case when ${goesOn} then ${lease} when ${isStopped} then null else new.next_at end, ${HELD_IF_STOPPED}
      from ${from} as new ${lockingInOrder(db, 'lanes', 'destination_id', from)}
      where lanes.destination_id = new.destination_id and lanes.claimed_by = ${by}
      returning ${columnsAs('lanes', ['destinationId', 'integrationId', 'stoppedCode', 'rank', 'claimedBy'])}`
  },
}
