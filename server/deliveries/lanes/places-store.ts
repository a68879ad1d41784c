import { sql } from 'kysely'
import { larger, lesser, notifyLoop } from '../../db/engine.ts'
import { type RowsStatement, runOverRows } from '../../db/over-rows.ts'
import type { Db } from '../../db/schema.ts'
import { insertDeliveries, type SavedDelivery } from '../store.ts'
import { TYPE_PAUSED } from '../waiting-store.ts'
import type { SavedLane } from './lanes-store.ts'

type Placeable = Pick<SavedDelivery, 'destinationId' | 'integrationId' | 'rank' | 'queueAt'> &
  Partial<Pick<SavedDelivery, 'dueAt' | 'createdAt'>>

/** Which of these types are paused; the slice that knows hands it in. */
export type PausedTypes = (db: Db, types: readonly string[]) => Promise<ReadonlySet<string>>

/**
 * Puts deliveries into the database and into line, in the caller's transaction: held where their type is paused, or
 * nothing but tests leaves their lane. Each lane's row is locked first, so what is asked of its deliveries afterwards in
 * the same transaction can't change meanwhile, and whoever pauses a type at this moment finds what was put in line.
 */
export async function lineUp(db: Db, rows: readonly SavedDelivery[], pausedTypes?: PausedTypes): Promise<void> {
  const { rows: placed, stopped } = await takePlaces(db, rows)
  const types = [...new Set(placed.flatMap(({ type }) => type ?? []))]
  const paused = types.length > 0 ? await pausedTypes?.(db, types) : undefined
  const standing = placed.map((row): SavedDelivery => {
    if (row.state !== 'pending' || row.rank === null || row.rank < 0) return row
    const beside = row.type !== null && paused?.has(row.type) ? TYPE_PAUSED : undefined
    return { ...row, ...heldBy(row.rank, beside, stopped.get(row.destinationId)) }
  })
  await insertDeliveries(db, standing)
}

/**
 * What changes of a delivery that can't go out yet: what its type or quiet hours hold stands beside the line, and what a
 * stopped lane holds keeps its place in it.
 */
export function heldBy(
  rank: SavedDelivery['rank'],
  beside: string | undefined,
  stopped: string | undefined,
): Partial<Pick<SavedDelivery, 'state' | 'code' | 'rank'>> {
  const code = beside ?? stopped
  return code === undefined ? {} : { state: 'held', code, rank: beside === undefined ? rank : null }
}

/**
 * The first half of `lineUp`, for whoever has to look at the lanes before the deliveries are made. Places are given in
 * the order in which lanes are locked: a clock that jumps, or runs behind another replica's, changes no order. `stopped`:
 * why nothing but tests leaves some of the lanes.
 */
export async function takePlaces<Row extends Placeable>(
  db: Db,
  rows: readonly Row[],
): Promise<{ rows: Row[]; stopped: Map<string, string> }> {
  const lanes = await touchLanes(db, rows)
  const left = new Map<string, number>()
  for (const row of rows) if (isPlaced(row)) left.set(row.destinationId, (left.get(row.destinationId) ?? 0) + 1)
  const placed = rows.map((row) => {
    const behind = left.get(row.destinationId) ?? 0
    if (!isPlaced(row) || behind === 0) return row
    left.set(row.destinationId, behind - 1)
    return { ...row, queueAt: (lanes.get(row.destinationId)?.tailAt ?? 0) - behind + 1 }
  })
  const stopped = [...lanes.values()].flatMap(({ destinationId, stoppedCode }): [string, string][] =>
    stoppedCode === null ? [] : [[destinationId, stoppedCode]],
  )
  return { rows: placed, stopped: new Map(stopped) }
}

/** What is meant for later takes its place by its time. */
const isPlaced = ({ rank, dueAt, createdAt }: Placeable): boolean =>
  rank !== null && (dueAt === undefined || createdAt === undefined || dueAt <= createdAt)

/**
 * Wakes the lanes of deliveries that come into line, and locks them. Gives each with its last place. Workers are told only
 * when a lane is due sooner than it was: PostgreSQL lets transactions that tell commit one after the other.
 */
export async function touchLanes(db: Db, placed: readonly Placeable[]): Promise<Map<string, Touched>> {
  const sorted = lanesOf(placed)
  if (sorted.length === 0) return new Map()
  // One for all, so that what a conflict leaves of the new row still tells how many places it takes.
  const first = Math.min(...sorted.map(({ firstAt }) => firstAt))
  const base = Number.isFinite(first) ? first : 0
  const rows = sorted.map(({ firstAt: _, ...lane }) => lane)
  const touched = await runOverRows(db, TOUCHING, rows, [base])
  const askedAt = new Map(sorted.map(({ destinationId, nextAt }) => [destinationId, nextAt]))
  const isSooner = ({ destinationId, nextAt, claimedBy }: Touched) =>
    claimedBy === null && nextAt !== null && Number(nextAt) === askedAt.get(destinationId)
  if (touched.some(isSooner)) await notifyLoop(db, 'deliveries')
  return new Map(touched.map((lane) => [lane.destinationId, { ...lane, tailAt: Number(lane.tailAt) }]))
}

type Touching = {
  destinationId: string
  integrationId: string
  rank: number
  nextAt: number
  placed: number
  /** Where the first of them would stand by its own clock. */
  firstAt: number
}

/** In one order everywhere, so that two transactions never wait for each other. */
function lanesOf(rows: readonly Placeable[]): Touching[] {
  const lanes = new Map<string, Touching>()
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

type Touched = Pick<SavedLane, 'destinationId' | 'tailAt' | 'nextAt' | 'claimedBy' | 'stoppedCode'>

/** A claimed lane is looked at again by whoever holds it; a stopped one lets only tests through. */
const TOUCHING: RowsStatement<Touched> = {
  name: 'touch lanes',
  columns: { destinationId: 'text', integrationId: 'text', rank: 'integer', nextAt: 'bigint', placed: 'bigint' },
  build: (from, [base], db) => sql`
    insert into lanes (destination_id, integration_id, rank, next_at, tail_at)
    select destination_id, integration_id, rank, next_at, ${base} + placed - 1 from ${from} as new where true
    on conflict (destination_id) do update set
      rank = case when lanes.next_at is null then excluded.rank else ${lesser(db)}(lanes.rank, excluded.rank) end,
      next_at = case
        when lanes.claimed_by is not null then lanes.next_at
        when lanes.stopped_code is not null and excluded.rank >= 0 then lanes.next_at
        else ${lesser(db)}(coalesce(lanes.next_at, excluded.next_at), excluded.next_at) end,
      tail_at = ${larger(db)}(excluded.tail_at, lanes.tail_at + excluded.tail_at - ${base} + 1)
    returning destination_id, tail_at, next_at, claimed_by, stopped_code`,
}
