import { type RawBuilder, sql } from 'kysely'
import type { Db, LanesTable } from '../db/schema.ts'
import { type SavedDelivery, TYPE_PAUSED } from './store.ts'

/** What waits in one rank of a lane, and how the lane stands. */
export type Line = Pick<LanesTable, 'destinationId' | 'integrationId' | 'rank' | 'stoppedCode' | 'stoppedAt'> & {
  count: number
  firstAt: number
  lastAt: number
  /** When the lane is looked at next; null while a worker has it. */
  nextAt: number | null
}

/** Every line, counted from the index of what is in line alone: no row is read, however many wait. */
export async function listLines(db: Db): Promise<Line[]> {
  const { rows } = await sql<Line>`
    select line.destination_id, line.rank, line.count, line.first_at, line.last_at, lanes.integration_id,
      lanes.stopped_code, lanes.stopped_at, case when lanes.claimed_by is null then lanes.next_at end as next_at
    from (
      select destination_id, rank, count(*) as count, min(queue_at) as first_at, max(queue_at) as last_at
      from deliveries where rank is not null group by destination_id, rank
    ) as line
    join lanes on lanes.destination_id = line.destination_id`.execute(db)
  return rows
}

export type Moving = {
  destinationId: string
  rank: number
  state: 'sending' | 'retrying' | 'unconfirmed'
  count: number
}

/** The few in line that are neither waiting for the first time nor held: at most the head of each rank, as a rule. */
export async function listMoving(db: Db): Promise<Moving[]> {
  const { rows } = await sql<Moving>`
    select destination_id, rank, state, count(*) as count from deliveries
    where state = 'sending' and rank is not null group by destination_id, rank, state
    union all
    select destination_id, rank, state, count(*) as count from deliveries
    where ${IN_TROUBLE} and state in ('retrying', 'unconfirmed') and rank is not null
    group by destination_id, rank, state`.execute(db)
  return rows
}

/** Those of paused types: they stand in no line. */
export async function countTypePaused(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from deliveries where code = ${TYPE_PAUSED} and code is not null`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

/** How many wait for one destination, or in the stopped lanes of an integration; counting ends at `most`. */
export async function countInLine(
  db: Db,
  which: { destinationId: string } | { stoppedOf: string },
  most: number,
): Promise<number> {
  const lane =
    'destinationId' in which
      ? sql`destination_id = ${which.destinationId}`
      : sql`destination_id in (
          select destination_id from lanes where integration_id = ${which.stoppedOf} and stopped_code is not null)`
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (select 1 from deliveries where ${lane} and rank is not null limit ${most}) as counted`.execute(
    db,
  )
  return Number(rows[0]?.count ?? 0)
}

/** How many go before a delivery in its line, those of later times not counted; counting ends at `most`. */
export async function countAhead(
  db: Db,
  { destinationId, rank, queueAt, id }: Pick<SavedDelivery, 'destinationId' | 'rank' | 'queueAt' | 'id'>,
  { now, most }: { now: number; most: number },
): Promise<number> {
  const until = Math.max(now, queueAt ?? 0)
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (
      select 1 from deliveries where destination_id = ${destinationId} and rank < ${rank} and queue_at <= ${until}
      union all
      select 1 from deliveries
      where destination_id = ${destinationId} and rank = ${rank} and (queue_at, id) < (${queueAt}, ${id})
      limit ${most}) as before`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

/** Which backlog: exactly one of the three is given. */
export type Backlog = {
  destinationId?: string | undefined
  integrationId?: string | undefined
  type?: string | undefined
}

/** What of a backlog can still be dropped, by destination. */
export async function countBacklog(
  db: Db,
  backlog: Backlog,
): Promise<{ destinationId: string; count: number; firstAt: number; lastAt: number }[]> {
  const { rows } = await sql<{ destinationId: string; count: number; firstAt: number; lastAt: number }>`
    select destination_id, sum(count) as count, min(first_at) as first_at, max(last_at) as last_at from (
      select destination_id, count(*) as count, min(created_at) as first_at, max(created_at) as last_at
      from deliveries where ${inLineOf(backlog)} group by destination_id
      union all
      select destination_id, count(*) as count, min(created_at) as first_at, max(created_at) as last_at
      from deliveries where ${pausedOf(backlog)} group by destination_id) as waiting
    group by destination_id order by 2 desc, 1`.execute(db)
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/**
 * Cancels some of a backlog, none that came after `before`, and what a summary among them stands for. Gives how many of
 * the backlog it were; 0: none is left.
 */
export async function cancelBacklog(
  db: Db,
  backlog: Backlog,
  { before, code, now, limit }: { before: number; code: string; now: number; limit: number },
): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from deliveries where ${inLineOf(backlog)} and created_at <= ${before}
    union all
    select id from deliveries where ${pausedOf(backlog)} and created_at <= ${before}
    limit ${limit}`.execute(db)
  if (rows.length === 0) return 0
  const ids = rows.map(({ id }) => id).sort()
  const end = { state: 'cancelled', stateAt: now, endedAt: now, code, rank: null } as const
  const ended = await db
    .updateTable('deliveries')
    .set(end)
    .where('id', 'in', ids)
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .executeTakeFirst()
  await db.updateTable('deliveries').set(end).where('foldedInto', 'in', ids).where('state', '=', 'pending').execute()
  return Number(ended.numUpdatedRows)
}

/** Word for word the condition of the partial index: SQLite uses it for nothing less. */
const IN_TROUBLE = sql`state in ('retrying', 'unconfirmed', 'held', 'failed', 'suppressed', 'cancelled')`
const WAITS = sql`state in ('pending', 'retrying', 'held')`

function inLineOf({ destinationId, integrationId, type }: Backlog): RawBuilder<boolean> {
  if (destinationId !== undefined) return sql`destination_id = ${destinationId} and rank is not null and ${WAITS}`
  if (integrationId !== undefined) {
    return sql`destination_id in (select destination_id from lanes where integration_id = ${integrationId})
      and rank is not null and ${WAITS}`
  }
  // Concatenated, so that no index of the type's whole history is taken in place of the one of what is in line.
  return sql`type || '' = ${type ?? ''} and rank is not null and ${WAITS}`
}

function pausedOf({ destinationId, integrationId, type }: Backlog): RawBuilder<boolean> {
  const own =
    destinationId !== undefined
      ? sql`destination_id || '' = ${destinationId}`
      : integrationId !== undefined
        ? sql`integration_id || '' = ${integrationId}`
        : sql`type || '' = ${type ?? ''}`
  return sql`code = ${TYPE_PAUSED} and code is not null and state = 'held' and rank is null and ${own}`
}
