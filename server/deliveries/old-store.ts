import { sql } from 'kysely'
import { goingAlong, oneOf, rowsOf } from '../db/engine.ts'
import type { Db, DeliveriesTable } from '../db/schema.ts'

/** A delivery that has come to its end, and how long its type's repeats are told from it. */
export type Ended = Pick<DeliveriesTable, 'id' | 'type' | 'fileId'> & { endedAt: number }

/** Those that ended before then, the longest ago first, a page at a time. */
export async function listEnded(
  db: Db,
  before: number,
  { after, limit }: { after: { endedAt: number; id: string } | undefined; limit: number },
): Promise<Ended[]> {
  const rows = await db
    .selectFrom(goingAlong<DeliveriesTable, 'deliveries'>(db, 'deliveries', 'deliveries_ended'))
    .select(['deliveries.id', 'deliveries.type', 'deliveries.fileId', 'deliveries.endedAt'])
    .where('deliveries.endedAt', 'is not', null)
    .where('deliveries.endedAt', '<', before)
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(deliveries.ended_at, deliveries.id) > (${after?.endedAt ?? 0}, ${after?.id ?? ''})`),
    )
    .orderBy('deliveries.endedAt')
    .orderBy('deliveries.id')
    .limit(limit)
    .execute()
  return rows.map(({ endedAt, ...row }) => ({ ...row, endedAt: Number(endedAt) }))
}

/** When deliveries like it are old enough to go, and since when one says that the next is a repeat. */
export type Expiring = { id: string; cutoff: number; repeatsSince: number }

/**
 * Of these, those that nothing refers to any more: no continuation, summary, change or replay, no thread or message in
 * place that something younger belongs to, and no repeat that would be told from it.
 */
export async function findForgettable(db: Db, rows: readonly Expiring[]): Promise<string[]> {
  if (rows.length === 0) return []
  const given = rowsOf(db, { id: 'text', cutoff: 'bigint', repeatsSince: 'bigint' }, rows)
  const younger = (table: string, column: string) => sql`exists (
    select 1 from ${sql.table(table)} as last
    where last.destination_id = old.destination_id and last.of_key = old.${sql.ref(column)}
      and last.cutoff = wanted.cutoff and last.id > old.id)`
  const referred = (column: string) =>
    sql`not exists (select 1 from deliveries as other where other.${sql.ref(column)} = old.id)`
  const found = await sql<{ id: string }>`
    with wanted as materialized (select * from ${given} as given),
      threads as materialized (${lastKept('thread_key')}),
      places as materialized (${lastKept('update_key')})
    select old.id from wanted
    join deliveries as old on old.id = wanted.id
    where old.ended_at is not null and old.rank is null
      and ${referred('part_of')} and ${referred('folded_into')} and ${referred('target_id')}
      and ${referred('replay_of')} and not ${younger('threads', 'thread_key')} and not ${younger('places', 'update_key')}
      and (old.dedupe_key is null or old.created_at < wanted.repeats_since)`.execute(db)
  return found.rows.map(({ id }) => id)
}

/**
 * The last that is kept of each thread, or message in place, that the wanted ones belong to. Asked once for each, and from
 * its end: a thread may go on for years and have tens of thousands of replies, of which hundreds are wanted at a time.
 */
const lastKept = (column: string) => sql`
  select one.destination_id, one.of_key, one.cutoff, (
    select later.id from deliveries as later
    where later.destination_id = one.destination_id and later.${sql.ref(column)} = one.of_key
      and (later.ended_at is null or later.ended_at >= one.cutoff)
    order by later.id desc limit 1) as id
  from (
    select distinct old.destination_id, old.${sql.ref(column)} as of_key, wanted.cutoff
    from wanted join deliveries as old on old.id = wanted.id
    where old.${sql.ref(column)} is not null) as one`

/** They and all that was kept of them. */
export async function deleteDeliveries(trx: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await trx.deleteFrom('attempts').where('deliveryId', 'in', oneOf(trx, ids)).execute()
  await trx.deleteFrom('quietWaits').where('deliveryId', 'in', oneOf(trx, ids)).execute()
  await trx.deleteFrom('deliveries').where('id', 'in', oneOf(trx, ids)).execute()
}

/** Of these files, those that a delivery still sends or has sent. */
export async function findSentFiles(db: Db, fileIds: readonly string[]): Promise<Set<string>> {
  const rows = await db.selectFrom('deliveries').select('fileId').where('fileId', 'in', oneOf(db, fileIds)).execute()
  return new Set(rows.flatMap(({ fileId }) => fileId ?? []))
}

/** Of these events, those that still have deliveries. */
export async function findEventsWithDeliveries(db: Db, eventIds: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('deliveries')
    .select('eventId')
    .distinct()
    .where('eventId', 'in', oneOf(db, eventIds))
    .execute()
  return new Set(rows.flatMap(({ eventId }) => eventId ?? []))
}
