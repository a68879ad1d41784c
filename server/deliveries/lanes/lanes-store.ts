import { sql } from 'kysely'
import { engineOf, larger, lesser, locking, notifyLoop, oneOf, rowsOf, skippingLocked } from '../../db/engine.ts'
import type { Db, LanesTable } from '../../db/schema.ts'
import { insertDeliveries, type SavedDelivery } from '../store.ts'

export type SavedLane = LanesTable
/** A lane that one worker holds until its lease ends. */
export type ClaimedLane = Pick<SavedLane, 'destinationId' | 'integrationId' | 'stoppedCode' | 'rank'> & {
  nextAt: number
}

type Placeable = Pick<SavedDelivery, 'destinationId' | 'integrationId' | 'rank' | 'queueAt'> &
  Partial<Pick<SavedDelivery, 'dueAt' | 'createdAt'>>

/**
 * Puts deliveries into the database and into line, in the caller's transaction. Each lane's row is locked first, so what
 * is asked of its deliveries afterwards in the same transaction can't change meanwhile.
 */
export async function lineUp(db: Db, rows: readonly SavedDelivery[]): Promise<void> {
  await insertDeliveries(db, await takePlaces(db, rows))
}

/**
 * The first half of `lineUp`, for whoever has to look at the lanes before the deliveries are made. Places are given in
 * the order in which lanes are locked: a clock that jumps, or runs behind another replica's, changes no order.
 */
export async function takePlaces<Row extends Placeable>(db: Db, rows: readonly Row[]): Promise<Row[]> {
  const tails = await touchLanes(db, rows)
  const left = new Map<string, number>()
  for (const row of rows) if (isPlaced(row)) left.set(row.destinationId, (left.get(row.destinationId) ?? 0) + 1)
  return rows.map((row) => {
    const behind = left.get(row.destinationId) ?? 0
    if (!isPlaced(row) || behind === 0) return row
    left.set(row.destinationId, behind - 1)
    return { ...row, queueAt: (tails.get(row.destinationId) ?? 0) - behind + 1 }
  })
}

/** What is meant for later takes its place by its time. */
const isPlaced = ({ rank, dueAt, createdAt }: Placeable): boolean =>
  rank !== null && (dueAt === undefined || createdAt === undefined || dueAt <= createdAt)

/** Wakes the lanes of deliveries that come into line, and locks them. Gives the last place of each. */
export async function touchLanes(db: Db, rows: readonly Placeable[]): Promise<Map<string, number>> {
  const sorted = lanesOf(rows)
  if (sorted.length === 0) return new Map()
  const columns = {
    destinationId: 'text',
    integrationId: 'text',
    rank: 'integer',
    nextAt: 'bigint',
    placed: 'bigint',
  } as const
  // One for all, so that what a conflict leaves of the new row still tells how many places it takes.
  const first = Math.min(...sorted.map(({ firstAt }) => firstAt))
  const base = Number.isFinite(first) ? first : 0
  // A claimed lane is looked at again by whoever holds it; a stopped one lets only tests through.
  const touched = await sql<{ destinationId: string; tailAt: number }>`
    insert into lanes (destination_id, integration_id, rank, next_at, tail_at)
    select destination_id, integration_id, rank, next_at, ${base} + placed - 1 from ${rowsOf(
      db,
      columns,
      sorted.map(({ firstAt: _, ...lane }) => lane),
    )} as new where true
    on conflict (destination_id) do update set
      rank = case when lanes.next_at is null then excluded.rank else ${lesser(db)}(lanes.rank, excluded.rank) end,
      next_at = case
        when lanes.claimed_by is not null then lanes.next_at
        when lanes.stopped_code is not null and excluded.rank >= 0 then lanes.next_at
        else ${lesser(db)}(coalesce(lanes.next_at, excluded.next_at), excluded.next_at) end,
      tail_at = ${larger(db)}(excluded.tail_at, lanes.tail_at + excluded.tail_at - ${base} + 1)
    returning destination_id, tail_at`.execute(db)
  await notifyLoop(db, 'deliveries')
  return new Map(touched.rows.map(({ destinationId, tailAt }) => [destinationId, Number(tailAt)]))
}

type Touched = {
  destinationId: string
  integrationId: string
  rank: number
  nextAt: number
  placed: number
  /** Where the first of them would stand by its own clock. */
  firstAt: number
}

/** In one order everywhere, so that two transactions never wait for each other. */
function lanesOf(rows: readonly Placeable[]): Touched[] {
  const lanes = new Map<string, Touched>()
  for (const row of rows) {
    const { destinationId, integrationId, rank, queueAt, dueAt } = row
    if (rank === null) continue
    const lane = lanes.get(destinationId) ?? {
      ...{ destinationId, integrationId, rank, placed: 0 },
      nextAt: dueAt ?? queueAt ?? 0,
      firstAt: Number.POSITIVE_INFINITY,
    }
    lane.rank = Math.min(lane.rank, rank)
    lane.nextAt = Math.min(lane.nextAt, dueAt ?? queueAt ?? 0)
    if (isPlaced(row)) {
      lane.placed += 1
      lane.firstAt = Math.min(lane.firstAt, queueAt ?? 0)
    }
    lanes.set(destinationId, lane)
  }
  return [...lanes.values()].sort((a, b) => (a.destinationId < b.destinationId ? -1 : 1))
}

export type LaneClaim = { by: string; now: number; leaseMs: number; limit: number; notOf: readonly string[] }

/**
 * Takes due lanes for one worker until its lease ends: by rank, then by who waits longest, so that a lane that has just
 * sent stands behind the others. A lane whose lease ran out is due like any other. `nextAt` is as it was before.
 */
export async function claimLanes(db: Db, claim: LaneClaim): Promise<ClaimedLane[]> {
  const lanes: ClaimedLane[] = []
  for (const rank of RANKS) {
    const limit = claim.limit - lanes.length
    if (limit <= 0) break
    const due = await db
      .selectFrom('lanes')
      .select(['destinationId', 'integrationId', 'stoppedCode', 'rank', 'nextAt'])
      .where('rank', '=', rank)
      .where('nextAt', '<=', claim.now)
      .$if(claim.notOf.length > 0, (some) => some.where('integrationId', 'not in', claim.notOf))
      .orderBy('nextAt')
      .limit(limit)
      .$call(skippingLocked(db))
      .execute()
    lanes.push(...due.map((lane) => ({ ...lane, nextAt: Number(lane.nextAt) })))
  }
  if (lanes.length === 0) return []
  const ids = oneOf(
    db,
    lanes.map(({ destinationId }) => destinationId),
  )
  const leaseEndsAt = claim.now + claim.leaseMs
  await sql`
    update lanes set claimed_by = ${claim.by}, lease_ends_at = ${leaseEndsAt}, next_at = ${leaseEndsAt}
    where destination_id in ${ids}`.execute(db)
  return lanes
}

/**
 * Keeps lanes from being changed until the transaction ends: what is read of their deliveries afterwards includes all that
 * was lined up before. SQLite has one writer, so nobody is to be kept off.
 */
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

/** The first of each rank in a lane's line, due or not. */
export type Head = Pick<SavedDelivery, 'id' | 'destinationId' | 'state'> & {
  rank: number
  /** When it may be looked at: the time it is meant for, or the end of its wait. */
  readyAt: number
}

export async function listHeads(db: Db, destinationIds: readonly string[]): Promise<Head[]> {
  if (destinationIds.length === 0) return []
  const lanes = rowsOf(
    db,
    { destinationId: 'text' },
    destinationIds.map((destinationId) => ({ destinationId })),
  )
  const { rows } = await sql<Head & { dueAt: number }>`
    select head.id, head.destination_id, head.state, head.rank, head.due_at
    from ${lanes} as lane
    cross join (select -1 as rank union all select 0 union all select 1 union all select 2) as ranks
    join deliveries as head on head.id = (
      select first.id from deliveries as first
      where first.destination_id = lane.destination_id and first.rank = ranks.rank
      order by first.queue_at, first.id limit 1)`.execute(db)
  return rows.map(({ dueAt, ...head }) => ({ ...head, readyAt: Number(dueAt) }))
}

/** What of these lanes is being sent, by whoever: of a lane that was just claimed it is a worker not heard of since. */
export async function listFlying(
  db: Db,
  destinationIds: readonly string[],
): Promise<{ id: string; destinationId: string; leaseEndsAt: number }[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select(['id', 'destinationId', 'leaseEndsAt'])
    .where('destinationId', 'in', oneOf(db, destinationIds))
    .where('state', '=', sql.lit('sending'))
    .execute()
  return rows.map((row) => ({ ...row, leaseEndsAt: Number(row.leaseEndsAt ?? 0) }))
}

export type Released = { destinationId: string; rank: number; nextAt: number | null }

/** Lets lanes go, if they are still this worker's: when each is looked at next, or that nothing goes out there. */
export async function releaseLanes(db: Db, by: string, lanes: readonly Released[]): Promise<void> {
  if (lanes.length === 0) return
  const columns = { destinationId: 'text', rank: 'integer', nextAt: 'bigint' } as const
  await sql`
    update lanes set claimed_by = null, lease_ends_at = null, rank = new.rank,
      next_at = case when stopped_code is not null and new.rank >= 0 then null else new.next_at end,
      sweep = case when stopped_code is not null then 'hold' else sweep end
    from ${rowsOf(db, columns, lanes)} as new
    where lanes.destination_id = new.destination_id and lanes.claimed_by = ${by}`.execute(db)
}

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
      // Whoever holds a lane lets it go itself.
      nextAt: row.case().when('claimedBy', 'is', null).then(null).else(row.ref('nextAt')).end(),
    }))
    .where((row) =>
      'destinationIds' in which
        ? row('destinationId', 'in', oneOf(db, which.destinationIds))
        : row('integrationId', '=', which.integrationId),
    )
    .execute()
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
      nextAt: row.case().when('claimedBy', 'is', null).then(now).else(row.ref('nextAt')).end(),
    }))
    .where('destinationId', 'in', oneOf(db, destinationIds))
    .where('stoppedCode', 'is not', null)
    .execute()
  await notifyLoop(db, 'deliveries')
}

/** When a lane has to be looked at next; undefined when nothing waits for its time. */
export async function findNextLook(db: Db, notOf: readonly string[]): Promise<number | undefined> {
  const soonest: number[] = []
  for (const rank of RANKS) {
    const row = await db
      .selectFrom('lanes')
      .select('nextAt')
      .where('rank', '=', rank)
      .where('nextAt', 'is not', null)
      .$if(notOf.length > 0, (some) => some.where('integrationId', 'not in', notOf))
      .orderBy('nextAt')
      .limit(1)
      .executeTakeFirst()
    if (row) soonest.push(Number(row.nextAt))
  }
  return soonest.length > 0 ? Math.min(...soonest) : undefined
}

/** It is stopped still, and for another reason than before. */
export async function relabelLane(db: Db, destinationId: string, code: string): Promise<void> {
  await db.updateTable('lanes').set({ stoppedCode: code }).where('destinationId', '=', destinationId).execute()
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

/** Lanes whose deliveries have yet to be marked; `stoppedCode` says as what. */
export async function listSweptLanes(db: Db): Promise<Pick<SavedLane, 'destinationId' | 'stoppedCode' | 'sweep'>[]> {
  return db
    .selectFrom('lanes')
    .select(['destinationId', 'stoppedCode', 'sweep'])
    .where('sweep', 'is not', null)
    .limit(100)
    .execute()
}

/** It is done, unless the lane was stopped or started again meanwhile. */
export async function endSweep(db: Db, destinationId: string, sweep: SavedLane['sweep']): Promise<void> {
  await db
    .updateTable('lanes')
    .set({ sweep: null })
    .where('destinationId', '=', destinationId)
    .where('sweep', '=', sweep)
    .execute()
}

export async function listLanes(db: Db, destinationIds: readonly string[]): Promise<SavedLane[]> {
  if (destinationIds.length === 0) return []
  return db.selectFrom('lanes').selectAll().where('destinationId', 'in', oneOf(db, destinationIds)).execute()
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

const RANKS = [-1, 0, 1, 2]
