import { type RawBuilder, sql } from 'kysely'
import { locking, oneOf } from '../db/engine.ts'
import type { Db, LanesTable } from '../db/schema.ts'
import { keepLanes } from './lanes/lanes-store.ts'
import { QUIET_CODES } from './quiet/quiet.ts'
import type { SavedDelivery } from './store.ts'
import { cancelling, TYPE_PAUSED } from './waiting-store.ts'

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

/** Those of paused types, and those that wait for the end of quiet hours or a mute: they stand in no line. */
export async function countBeside(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from deliveries where ${BESIDE}`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

/** What paused types hold, the most first. Of so many that each row would be read, the oldest are counted: `isAll` tells. */
export async function listHeldByType(
  db: Db,
  mostRows: number,
  limit: number,
): Promise<{ isAll: boolean; held: { type: string; count: number }[] }> {
  const { rows } = await sql<{ type: string; count: number }>`
    select type, count(*) as count from (
      select type from deliveries where code = ${TYPE_PAUSED} and code is not null order by id limit ${mostRows}
    ) as held
    group by type order by 2 desc, 1`.execute(db)
  const held = rows.map(({ type, count }) => ({ type, count: Number(count) }))
  return { isAll: held.reduce((sum, { count }) => sum + count, 0) < mostRows, held: held.slice(0, limit) }
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
  {
    destinationId,
    rank,
    queueAt,
    dueAt,
    id,
  }: Pick<SavedDelivery, 'destinationId' | 'rank' | 'queueAt' | 'dueAt' | 'id'>,
  { now, most }: { now: number; most: number },
): Promise<number> {
  // What is more urgent, and meant for later than this one, does not go before it.
  const until = Math.max(now, dueAt)
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (
      select 1 from deliveries where destination_id = ${destinationId} and rank < ${rank} and due_at <= ${until}
      union all
      select 1 from deliveries
      where destination_id = ${destinationId} and rank = ${rank} and (queue_at, id) < (${queueAt}, ${id})
      limit ${most}) as before`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

/** Which backlog: what all that is given of these speaks of. */
export type Backlog = {
  destinationId?: string | undefined
  integrationId?: string | undefined
  type?: string | undefined
  destinationIds?: readonly string[]
}

/** What of a backlog can still be dropped, by destination. */
export async function countBacklog(
  db: Db,
  backlog: Backlog,
): Promise<{ destinationId: string; count: number; firstAt: number; lastAt: number }[]> {
  const { rows } = await sql<{ destinationId: string; count: number; firstAt: number; lastAt: number }>`
    select destination_id, sum(count) as count, min(first_at) as first_at, max(last_at) as last_at from (
      select destination_id, count(*) as count, min(created_at) as first_at, max(created_at) as last_at
      from deliveries where ${inLineOf(db, backlog)} group by destination_id
      union all
      select destination_id, count(*) as count, min(created_at) as first_at, max(created_at) as last_at
      from deliveries where ${besideOf(db, backlog)} group by destination_id) as waiting
    group by destination_id order by 2 desc, 1`.execute(db)
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/**
 * Cancels some of a backlog, none that came after `before`, and what a summary among them stands for. Gives how many of
 * the backlog it were.
 */
export async function cancelBacklog(
  db: Db,
  backlog: Backlog,
  { before, code, now, limit }: { before: number; code: string; now: number; limit: number },
): Promise<number> {
  // Before the rows, as everybody does: whoever marks, claims or holds them now is done with it then.
  await keepLanes(db, backlog.destinationIds ?? [])
  const { rows } = await sql<{ id: string }>`
    select id from deliveries where ${inLineOf(db, backlog)} and created_at <= ${before}
    union all
    select id from deliveries where ${besideOf(db, backlog)} and created_at <= ${before}
    limit ${limit}`.execute(db)
  const free = await db
    .selectFrom('deliveries')
    .select('id')
    .where('id', 'in', oneOf(db, idsOf(rows)))
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .orderBy('id')
    .$call(locking(db))
    .execute()
  const ids = oneOf(db, idsOf(free))
  const end = cancelling(code, now)
  await db.updateTable('deliveries').set(end).where('id', 'in', ids).execute()
  await db.updateTable('deliveries').set(end).where('foldedInto', 'in', ids).where('state', '=', 'pending').execute()
  return free.length
}

const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id)

/** Word for word the condition of the partial index: SQLite uses it for nothing less. */
const IN_TROUBLE = sql`state in ('retrying', 'unconfirmed', 'held', 'failed', 'suppressed', 'cancelled')`
const WAITS = sql`state in ('pending', 'retrying', 'held')`

/** By their codes, which few deliveries have. */
const BESIDE = sql`code in (${sql.join([TYPE_PAUSED, ...QUIET_CODES])}) and code is not null
    and state = 'held' and rank is null`

function inLineOf(db: Db, backlog: Backlog): RawBuilder<boolean> {
  const { destinationId, destinationIds } = backlog
  return sql`rank is not null and ${WAITS}
    ${destinationId === undefined ? sql`` : sql`and destination_id = ${destinationId}`}
    ${destinationIds === undefined ? sql`` : sql`and destination_id in ${oneOf(db, destinationIds)}`}
    ${ofWhole(backlog)}`
}

function besideOf(db: Db, backlog: Backlog): RawBuilder<boolean> {
  const { destinationId, destinationIds } = backlog
  return sql`${BESIDE}
    ${destinationId === undefined ? sql`` : sql`and destination_id || '' = ${destinationId}`}
    ${destinationIds === undefined ? sql`` : sql`and destination_id || '' in ${oneOf(db, destinationIds)}`}
    ${ofWhole(backlog)}`
}

/** Concatenated, so that the index of what is in line is taken and none of the whole history of a type or integration. */
const ofWhole = ({ integrationId, type }: Backlog) => sql`
    ${integrationId === undefined ? sql`` : sql`and integration_id || '' = ${integrationId}`}
    ${type === undefined ? sql`` : sql`and type || '' = ${type}`}`
