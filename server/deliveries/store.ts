import { sql } from 'kysely'
import type { DeliveryState } from '../../shared/deliveries.ts'
import { oneOf, rowsOf } from '../db/engine.ts'
import { insertRows } from '../db/insert-rows.ts'
import type { AttemptsTable, Db, DeliveriesTable } from '../db/schema.ts'
import { cancellableStates } from './states.ts'

/** A delivery as it is stored. */
export type SavedDelivery = DeliveriesTable
export type SavedAttempt = AttemptsTable
/** A delivery that one worker holds until its lease ends. */
export type Claimed = SavedDelivery & { claimedBy: string; leaseEndsAt: number }

/** Only `lineUp` inserts what waits: a delivery that no lane knows of is not sent. */
export async function insertDeliveries(db: Db, rows: readonly SavedDelivery[]): Promise<void> {
  await insertRows(db, 'deliveries', DELIVERY, rows)
}

export async function insertAttempts(db: Db, rows: readonly SavedAttempt[]): Promise<void> {
  await insertRows(db, 'attempts', ATTEMPT, rows)
}

export async function listByIds(db: Db, ids: readonly string[]): Promise<SavedDelivery[]> {
  if (ids.length === 0) return []
  return db.selectFrom('deliveries').selectAll().where('id', 'in', oneOf(db, ids)).execute()
}

/**
 * The owner and the lease are written down, with the state, before anything is sent: whoever finds the row after a crash
 * knows that it may have arrived. Gives those that were still as expected, of destinations with nothing else in flight.
 */
export async function markSending(
  db: Db,
  ids: readonly string[],
  { by, now, leaseEndsAt }: { by: string; now: number; leaseEndsAt: number },
): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db
    .updateTable('deliveries')
    .set({ state: 'sending', stateAt: now, claimedBy: by, leaseEndsAt })
    .where('id', 'in', oneOf(db, ids))
    .where('rank', 'is not', null)
    .where('state', 'in', ['pending', 'retrying', 'held'])
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
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
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

/** It never goes out: a later one says the same, or there is nothing to change. */
export async function suppressOne(db: Db, id: string, code: string, now: number): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ state: 'suppressed', stateAt: now, endedAt: now, code, rank: null, claimedBy: null, leaseEndsAt: null })
    .where('id', '=', id)
    .where('state', 'in', ['pending', 'retrying', 'held'])
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
  const settled = await sql<{ id: string }>`
    update deliveries set state = new.state, state_at = ${now}, rank = new.rank, tries = new.tries, due_at = new.due_at,
      ended_at = new.ended_at, delivered_at = new.delivered_at, message_ts = new.message_ts,
      conversation_id = new.conversation_id, permalink = new.permalink, code = new.code, detail = new.detail,
      mark = new.mark, unsure_since = new.unsure_since, looks = new.looks, thread_ts = new.thread_ts,
      claimed_by = null, lease_ends_at = null
    from ${rowsOf(db, SETTLED, rows)} as new
    where deliveries.id = new.id and deliveries.claimed_by = ${by} and deliveries.lease_ends_at = new.lease_ends_at
      and deliveries.state in ('sending', 'unconfirmed')
    returning deliveries.id`.execute(db)
  return new Set(settled.rows.map(({ id }) => id))
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

/** The message that a key stands for in a destination, or that will be it: the oldest that is or may yet be delivered. */
export async function findAnchor(
  db: Db,
  { destinationId, column, key }: { destinationId: string; column: 'threadKey' | 'updateKey'; key: string },
): Promise<Anchor | undefined> {
  return db
    .selectFrom('deliveries')
    .select(['id', 'state', 'rank', 'messageTs', 'conversationId', 'threadTs', 'queueAt'])
    .where('destinationId', '=', destinationId)
    .where(column, '=', key)
    .where('action', '=', 'post')
    .where(({ or, eb }) => or([eb('rank', 'is not', null), eb('messageTs', 'is not', null)]))
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

export type Anchor = Pick<
  SavedDelivery,
  'id' | 'state' | 'rank' | 'messageTs' | 'conversationId' | 'threadTs' | 'queueAt'
>

/** Whether a later change of the same message waits in the same line. */
export async function hasLaterChange(
  db: Db,
  { destinationId, updateKey, id }: Pick<SavedDelivery, 'destinationId' | 'updateKey' | 'id'>,
): Promise<boolean> {
  const later = await db
    .selectFrom('deliveries')
    .select('id')
    .where('destinationId', '=', destinationId)
    .where('updateKey', '=', updateKey)
    .where('id', '>', id)
    .where('rank', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return later !== undefined
}

/** A parent that waits behind its reply comes to stand before it. */
export async function promote(db: Db, id: string, rank: number): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ rank })
    .where('id', '=', id)
    .where('rank', '>', rank)
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .execute()
}

/** Marks deliveries of a lane as held, or as waiting again; what is in flight and tests stay. Gives how many it marked. */
export async function markLane(
  db: Db,
  destinationId: string,
  { code, now, limit }: { code: string | null; now: number; limit: number },
): Promise<number> {
  const from: DeliveryState[] = code === null ? ['held'] : ['pending', 'retrying']
  const updated = await db
    .updateTable('deliveries')
    .set({ state: code === null ? 'pending' : 'held', stateAt: now, code })
    .where('id', 'in', (query) =>
      query
        .selectFrom('deliveries as waiting')
        .select('waiting.id')
        .where('waiting.destinationId', '=', destinationId)
        .where('waiting.rank', '>=', 0)
        .where('waiting.state', 'in', from)
        .limit(limit),
    )
    .executeTakeFirst()
  return Number(updated.numUpdatedRows)
}

/** They are held still, and for another reason than before. */
export async function relabelHeld(db: Db, destinationId: string, code: string): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ code })
    .where('destinationId', '=', destinationId)
    .where('rank', '>=', 0)
    .where('state', '=', 'held')
    .execute()
}

/** Takes everything of a type that waits out of line, until its type goes on. Gives the destinations it waited for. */
export async function holdType(db: Db, type: string, now: number): Promise<number> {
  const updated = await db
    .updateTable('deliveries')
    .set({ state: 'held', stateAt: now, code: TYPE_PAUSED, rank: null })
    // As an expression: what waits is few beside all that there ever was of a type, whose index must not be walked.
    .where(sql`coalesce(type, '')`, '=', type)
    .where('rank', '>=', 0)
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .executeTakeFirst()
  return Number(updated.numUpdatedRows)
}

/** Puts it back in line, each in its old place. Gives what was put back, for the lanes to be told. */
export async function releaseType(
  db: Db,
  type: string,
  now: number,
): Promise<Pick<SavedDelivery, 'destinationId' | 'integrationId' | 'rank' | 'queueAt'>[]> {
  return db
    .updateTable('deliveries')
    .set({
      state: 'pending',
      stateAt: now,
      code: null,
      rank: sql<number>`case priority when 'urgent' then 0 when 'normal' then 1 else 2 end`,
    })
    .where(sql`coalesce(type, '')`, '=', type)
    .where('state', '=', sql.lit('held'))
    .where('code', '=', TYPE_PAUSED)
    .returning(['destinationId', 'integrationId', 'rank', 'queueAt'])
    .execute()
}

export const TYPE_PAUSED = 'type_paused'

/** Which deliveries that wait: one destination's, or a whole integration's. */
export type Lane = { integrationId: string; destinationId?: string }

/** Ends everything that waits for a destination which is no more. */
export async function cancelWaiting(db: Db, lane: Lane, code: string, now: number): Promise<number> {
  const { integrationId, destinationId } = lane
  const change = { state: 'cancelled', stateAt: now, endedAt: now, code, rank: null } as const
  const inLine = await db
    .updateTable('deliveries')
    .set({ ...change, claimedBy: null, leaseEndsAt: null })
    .where('destinationId', 'in', destinationId === undefined ? lanesOf(db, integrationId) : [destinationId])
    .where('rank', 'is not', null)
    .where('state', 'in', cancellableStates)
    .executeTakeFirst()
  // Those of a paused type stand beside the line, and those in a summary are told by it alone.
  const beside = await db
    .updateTable('deliveries')
    .set(change)
    .where('state', 'in', [sql.lit('held' as const), sql.lit('pending' as const)])
    .where('rank', 'is', null)
    .where(destinationId === undefined ? 'integrationId' : 'destinationId', '=', destinationId ?? integrationId)
    .executeTakeFirst()
  return Number(inLine.numUpdatedRows) + Number(beside.numUpdatedRows)
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
    .set({ state: 'cancelled', stateAt: now, endedAt: now, code, rank: null })
    .where('id', '=', id)
    .where('state', 'in', cancellableStates)
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

/** Deliveries that a summary stands for share its outcome. */
export async function settleFolded(
  db: Db,
  folding: Pick<SavedDelivery, 'id' | 'state' | 'messageTs' | 'conversationId' | 'permalink' | 'code'>,
  now: number,
): Promise<void> {
  const { id, state, messageTs, conversationId, permalink, code } = folding
  await db
    .updateTable('deliveries')
    .set({
      state,
      stateAt: now,
      endedAt: now,
      ...(state === 'delivered' && { deliveredAt: now, tries: 1 }),
      messageTs,
      conversationId,
      permalink,
      code,
    })
    .where('foldedInto', '=', id)
    .where('state', '=', 'pending')
    .execute()
}

/** The low ones of a type that wait in a lane, oldest first. */
export async function listFoldable(
  db: Db,
  { destinationId, type }: Pick<SavedDelivery, 'destinationId' | 'type'>,
  limit: number,
): Promise<SavedDelivery[]> {
  return db
    .selectFrom('deliveries')
    .selectAll()
    .where('destinationId', '=', destinationId)
    .where('rank', '=', 2)
    .where('type', '=', type)
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .where('foldAfter', 'is not', null)
    .orderBy('queueAt')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** They leave the line: the page says what they would have said. */
export async function foldInto(db: Db, ids: readonly string[], page: string, now: number): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ foldedInto: page, rank: null, state: 'pending', stateAt: now, code: 'folded' })
    .where('id', 'in', oneOf(db, ids))
    .execute()
}

const TEXT = 'text'
const DELIVERY = {
  id: TEXT,
  eventId: TEXT,
  integrationId: TEXT,
  destinationId: TEXT,
  origin: TEXT,
  title: TEXT,
  message: TEXT,
  priority: TEXT,
  state: TEXT,
  tries: 'integer',
  dueAt: 'bigint',
  claimedBy: TEXT,
  leaseEndsAt: 'bigint',
  createdAt: 'bigint',
  createdBy: TEXT,
  endedAt: 'bigint',
  deliveredAt: 'bigint',
  messageTs: TEXT,
  conversationId: TEXT,
  permalink: TEXT,
  code: TEXT,
  mark: TEXT,
  integrationName: TEXT,
  destinationKind: TEXT,
  destinationName: TEXT,
  replayOf: TEXT,
  stateAt: 'bigint',
  rank: 'integer',
  queueAt: 'bigint',
  type: TEXT,
  recipient: TEXT,
  action: TEXT,
  threadKey: TEXT,
  threadTs: TEXT,
  broadcast: 'integer',
  updateKey: TEXT,
  updateTrail: 'integer',
  dedupeKey: TEXT,
  targetId: TEXT,
  partOf: TEXT,
  foldedInto: TEXT,
  duplicateOf: TEXT,
  policy: TEXT,
  maxAttempts: 'integer',
  nextAttemptDelayMs: 'integer',
  foldAfter: 'integer',
  unsureSince: 'bigint',
  looks: 'integer',
  fileId: TEXT,
  uploadId: TEXT,
  replayId: TEXT,
  detail: TEXT,
} as const satisfies { [Name in keyof SavedDelivery]: string }

const ATTEMPT = {
  id: TEXT,
  deliveryId: TEXT,
  integrationId: TEXT,
  number: 'integer',
  method: TEXT,
  startedAt: 'bigint',
  endedAt: 'bigint',
  tookMs: 'double precision',
  outcome: TEXT,
  code: TEXT,
  httpStatus: 'integer',
  requestId: TEXT,
  retryAfterMs: 'bigint',
  request: TEXT,
  response: TEXT,
} as const satisfies { [Name in keyof SavedAttempt]: string }

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
