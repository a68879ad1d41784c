import { sql } from 'kysely'
import { columnsAs } from '../db/camel-case.ts'
import { insertRows } from '../db/insert-rows.ts'
import { type RowsStatement, runOverRows } from '../db/over-rows.ts'
import type { AttemptsTable, Db, DeliveriesTable } from '../db/schema.ts'

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
  await insertRows(db, 'attempts', ATTEMPT, rows, 'on conflict (id) do nothing')
}

export async function listByIds(db: Db, ids: readonly string[]): Promise<SavedDelivery[]> {
  return runOverRows(
    db,
    LISTING,
    ids.map((id) => ({ id })),
    [],
  )
}

/** When the first of its attempts that Slack did not answer for good was made. */
export async function findFirstFailedAt(db: Db, deliveryId: string): Promise<number | undefined> {
  const first = await db
    .selectFrom('attempts')
    .select('startedAt')
    .where('deliveryId', '=', deliveryId)
    .where('outcome', 'in', ['transient', 'ambiguous'])
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return first && Number(first.startedAt)
}

export const TEXT = 'text'

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

export const deliveryColumns = Object.keys(DELIVERY)

const LISTING: RowsStatement<SavedDelivery> = {
  name: 'list deliveries',
  columns: { id: TEXT },
  build: (from) => sql`
    select ${columnsAs('deliveries', deliveryColumns)} from ${from} as wanted
    join deliveries on deliveries.id = wanted.id`,
}

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
