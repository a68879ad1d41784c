import { sql } from 'kysely'
import { locking, oneOf, rowsOf, skippingLocked } from '../../db/engine.ts'
import type { BucketsTable, Db } from '../../db/schema.ts'

export type SavedBucket = BucketsTable

/** The buckets of these keys, locked until the transaction ends; new ones are made, full, since only a row can be locked. */
export async function lockBuckets(db: Db, keys: readonly string[]): Promise<Map<string, SavedBucket>> {
  if (keys.length === 0) return new Map()
  const wanted = rowsOf(
    db,
    { key: 'text' },
    [...keys].sort().map((key) => ({ key })),
  )
  await sql`
    insert into buckets (key, full_at, closed_until) select key, 0, 0 from ${wanted} as new where true
    on conflict (key) do nothing`.execute(db)
  const rows = await db
    .selectFrom('buckets')
    .selectAll()
    .where('key', 'in', oneOf(db, keys))
    .orderBy('key')
    .$call(locking(db))
    .execute()
  return new Map(rows.map((row) => [row.key, row]))
}

/** Writes buckets back. */
export async function putBuckets(db: Db, buckets: readonly SavedBucket[]): Promise<void> {
  if (buckets.length === 0) return
  const columns = {
    key: 'text',
    fullAt: 'bigint',
    closedUntil: 'bigint',
    limitedBy: 'text',
    limitedAt: 'bigint',
  } as const
  const sorted = [...buckets].sort((a, b) => (a.key < b.key ? -1 : 1))
  await sql`
    insert into buckets (key, full_at, closed_until, limited_by, limited_at)
    select key, full_at, closed_until, limited_by, limited_at from ${rowsOf(db, columns, sorted)} as new where true
    on conflict (key) do update set full_at = excluded.full_at, closed_until = excluded.closed_until,
      limited_by = excluded.limited_by, limited_at = excluded.limited_at`.execute(db)
}

/** Those that Slack asked to leave alone for a while, and until when. */
export async function listClosedBuckets(db: Db, now: number): Promise<Map<string, number>> {
  const rows = await db.selectFrom('buckets').select(['key', 'closedUntil']).where('closedUntil', '>', now).execute()
  return new Map(rows.map(({ key, closedUntil }) => [key, Number(closedUntil)]))
}

/**
 * The clock was set back, by so much: buckets that were emptied or closed before are moved along, and are no slower to
 * fill. Not known by how much: they are taken for full, and Slack says if they are not.
 */
export async function moveBuckets(db: Db, now: number, byMs: number | undefined): Promise<void> {
  const rows = await db
    .selectFrom('buckets')
    .selectAll()
    .where((row) => row.or([row('fullAt', '>', now + LONGEST_TO_FILL_MS), row('limitedAt', '>', now)]))
    .orderBy('key')
    .$call(locking(db))
    .execute()
  const moved = (at: number | null) => (byMs === undefined ? 0 : Math.max(0, Number(at ?? 0) - byMs))
  await putBuckets(
    db,
    rows.map((row) => ({
      ...row,
      fullAt: moved(row.fullAt),
      closedUntil: moved(row.closedUntil),
      limitedAt: row.limitedAt === null ? null : moved(row.limitedAt),
    })),
  )
}

/** None takes longer: all are filled within the minute for which Slack counts. */
const LONGEST_TO_FILL_MS = 60_000

/**
 * Buckets that are full again say nothing that a missing one would not. Those that a worker has locked are passed over:
 * waiting for them, in whatever order, could be waiting in a circle.
 */
export async function dropFullBuckets(db: Db, now: number): Promise<void> {
  await db
    .deleteFrom('buckets')
    .where('key', 'in', (query) =>
      query
        .selectFrom('buckets as full')
        .select('full.key')
        .where('full.fullAt', '<', now)
        .where('full.closedUntil', '<', now)
        .$call(skippingLocked(db)),
    )
    .execute()
}
