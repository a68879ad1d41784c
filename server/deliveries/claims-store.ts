import { sql } from 'kysely'
import { oneOf, orRollBack } from '../db/engine.ts'
import { type RowsStatement, runOverRows } from '../db/over-rows.ts'
import type { Db } from '../db/schema.ts'
import { endedStates } from './states.ts'
import { type Claimed, type SavedDelivery, TEXT } from './store.ts'

/**
 * The owner and the lease are written down, with the state, before anything is sent: whoever finds the row after a crash
 * knows that it may have arrived, and in which thread to look for it. Gives those that were still as expected, of
 * destinations with nothing else in flight.
 */
export async function markSending(
  db: Db,
  rows: readonly Pick<SavedDelivery, 'id' | 'threadTs'>[],
  { by, now, leaseEndsAt }: { by: string; now: number; leaseEndsAt: number },
): Promise<string[]> {
  const marked = await runOverRows(db, MARKING, rows, [now, by, leaseEndsAt])
  return marked.map(({ id }) => id)
}

/** Deliveries whose owner was not heard of again: whether their messages arrived is not known, so they are looked for. */
export async function markLost(db: Db, ids: readonly string[], { now, dueAt }: { now: number; dueAt: number }) {
  if (ids.length === 0) return
  await db
    .updateTable('deliveries')
    .set((row) => ({
      state: 'unconfirmed',
      unsureSince: sql<number>`coalesce(unsure_since, state_at)`,
      stateAt: now,
      dueAt,
      code: 'worker_lost',
      tries: row('tries', '+', 1),
      claimedBy: null,
      leaseEndsAt: null,
    }))
    .where('id', 'in', oneOf(db, ids))
    .where('state', '=', 'sending')
    .where('leaseEndsAt', '<=', now)
    .execute()
}

/** Takes deliveries of unknown outcome to look for them. */
export async function claimLooks(
  db: Db,
  ids: readonly string[],
  { by, leaseEndsAt }: { by: string; leaseEndsAt: number },
): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db
    .updateTable('deliveries')
    .set({ claimedBy: by, leaseEndsAt })
    .where('id', 'in', oneOf(db, ids))
    .where('state', '=', 'unconfirmed')
    .where('rank', 'is not', null)
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** A test meets a switch that is off: it waits like any other from now on. */
export async function holdTest(db: Db, id: string, code: string, now: number): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ state: 'held', stateAt: now, code, rank: 0 })
    .where('id', '=', id)
    .where('state', 'in', ['pending', 'retrying'])
    .execute()
}

/** It never goes out: a later one says the same, there is nothing to change, or what it goes on with failed. */
export async function endUnsent(
  db: Db,
  id: string,
  end: { state: 'suppressed' | 'failed'; code: string },
  now: number,
): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ ...end, stateAt: now, endedAt: now, rank: null, claimedBy: null, leaseEndsAt: null })
    .where('id', '=', id)
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .execute()
}

/** What a replica of the version before has ended stands in line still: it knows of none. */
export async function leaveLine(db: Db, destinationIds: readonly string[]): Promise<void> {
  if (destinationIds.length === 0) return
  await db
    .updateTable('deliveries')
    .set({ rank: null })
    .where('destinationId', 'in', oneOf(db, destinationIds))
    .where('rank', 'is not', null)
    .where('state', 'in', endedStates)
    .execute()
}

/** What a worker writes about a delivery it held. Columns that are not named here stay. */
export type Settled = Pick<
  SavedDelivery,
  | 'id'
  | 'leaseEndsAt'
  | 'state'
  | 'rank'
  | 'tries'
  | 'dueAt'
  | 'endedAt'
  | 'deliveredAt'
  | 'messageTs'
  | 'conversationId'
  | 'permalink'
  | 'code'
  | 'detail'
  | 'mark'
  | 'unsureSince'
  | 'looks'
  | 'threadTs'
>

/** Writes outcomes while the claim is still ours. Gives the ids it was so for; of the others somebody else decided. */
export async function settleAll(db: Db, by: string, rows: readonly Settled[], now: number): Promise<Set<string>> {
  if (rows.length === 0) return new Set()
  const settled = await runOverRows(db, SETTLING, rows, [now, by])
  return new Set(settled.map(({ id }) => id))
}

/** The same for what arrived without anything else to say of it, as nearly all does, in three quarters of the time. */
export async function settleArrived(db: Db, by: string, rows: readonly Settled[], now: number): Promise<Set<string>> {
  const settled = await runOverRows(db, ARRIVING, rows, [now, by])
  return new Set(settled.map(({ id }) => id))
}

/** A long upload goes on: the claim lasts longer. False: it is no longer ours. */
export async function extendLease(db: Db, claimed: Claimed, leaseEndsAt: number): Promise<boolean> {
  const updated = await db
    .updateTable('deliveries')
    .set({ leaseEndsAt })
    .where('id', '=', claimed.id)
    .where('claimedBy', '=', claimed.claimedBy)
    .where('leaseEndsAt', '=', claimed.leaseEndsAt)
    .executeTakeFirst()
  if (updated.numUpdatedRows !== 1n) return false
  await db
    .updateTable('lanes')
    .set({ leaseEndsAt, nextAt: leaseEndsAt })
    .where('destinationId', '=', claimed.destinationId)
    .where('claimedBy', '=', claimed.claimedBy)
    .execute()
  return true
}

/** Slack's id of an upload, kept before the step whose outcome may be lost. False: the claim is no longer ours. */
export async function keepUploadId(db: Db, { id, claimedBy }: Claimed, uploadId: string): Promise<boolean> {
  const updated = await db
    .updateTable('deliveries')
    .set({ uploadId })
    .where('id', '=', id)
    .where('claimedBy', '=', claimedBy)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

const MARKING: RowsStatement<{ id: string }> = {
  name: 'mark deliveries as being sent',
  columns: { id: TEXT, threadTs: TEXT },
  build: (from, [now, by, leaseEndsAt], db) => sql`
    update ${orRollBack(db)} deliveries
    set state = 'sending', state_at = ${now}, claimed_by = ${by}, lease_ends_at = ${leaseEndsAt},
      thread_ts = new.thread_ts
    from ${from} as new
    where deliveries.id = new.id and deliveries.rank is not null and deliveries.state in ('pending', 'retrying', 'held')
      and not exists (
        select flying.id from deliveries as flying
        where flying.destination_id = deliveries.destination_id and flying.state = 'sending')
    returning deliveries.id`,
}

const SETTLED = {
  id: TEXT,
  leaseEndsAt: 'bigint',
  state: TEXT,
  rank: 'integer',
  tries: 'integer',
  dueAt: 'bigint',
  endedAt: 'bigint',
  deliveredAt: 'bigint',
  messageTs: TEXT,
  conversationId: TEXT,
  permalink: TEXT,
  code: TEXT,
  detail: TEXT,
  mark: TEXT,
  unsureSince: 'bigint',
  looks: 'integer',
  threadTs: TEXT,
} as const satisfies { [Name in keyof Settled]: string }

const SETTLING: RowsStatement<{ id: string }> = {
  name: 'settle deliveries',
  columns: SETTLED,
  build: (from, [now, by], db) => sql`
    update ${orRollBack(db)} deliveries
    set state = new.state, state_at = ${now}, rank = new.rank, tries = new.tries, due_at = new.due_at,
      ended_at = new.ended_at, delivered_at = new.delivered_at, message_ts = new.message_ts,
      conversation_id = new.conversation_id, permalink = new.permalink, code = new.code, detail = new.detail,
      mark = new.mark, unsure_since = new.unsure_since, looks = new.looks, thread_ts = new.thread_ts,
      claimed_by = null, lease_ends_at = null
    from ${from} as new
    where deliveries.id = new.id and deliveries.claimed_by = ${by} and deliveries.lease_ends_at = new.lease_ends_at
      and deliveries.state in ('sending', 'unconfirmed')
    returning deliveries.id`,
}

const ARRIVED = ['id', 'leaseEndsAt', 'tries', 'messageTs', 'conversationId', 'permalink'] as const

const ARRIVING: RowsStatement<{ id: string }> = {
  name: 'settle deliveries that arrived',
  columns: Object.fromEntries(ARRIVED.map((name) => [name, SETTLED[name]])),
  build: (from, [now, by], db) => sql`
    update ${orRollBack(db)} deliveries set state = 'delivered', state_at = ${now}, ended_at = ${now},
      delivered_at = ${now}, rank = null, code = null, detail = null, tries = new.tries, message_ts = new.message_ts,
      conversation_id = new.conversation_id, permalink = new.permalink, claimed_by = null, lease_ends_at = null
    from ${from} as new
    where deliveries.id = new.id and deliveries.claimed_by = ${by} and deliveries.lease_ends_at = new.lease_ends_at
      and deliveries.state in ('sending', 'unconfirmed')
    returning deliveries.id`,
}
