import { oneOf, skippingLocked } from '../db/engine.ts'
import type { Db, PlatformAttemptsTable, PlatformCallsTable } from '../db/schema.ts'
import { found } from '../lib/paging.ts'

export type SavedCall = PlatformCallsTable
export type SavedAttempt = PlatformAttemptsTable

const WAITING = ['pending', 'sending', 'retrying'] as const

export async function insertCall(db: Db, row: SavedCall): Promise<void> {
  await db.insertInto('platformCalls').values(row).execute()
}

export async function insertAttempt(db: Db, row: SavedAttempt): Promise<void> {
  await db.insertInto('platformAttempts').values(row).execute()
}

/** Integrations with a notice that is due and an endpoint that is switched on. */
export async function listDueIntegrations(db: Db, now: number): Promise<string[]> {
  const rows = await db
    .selectFrom('platformCalls')
    .innerJoin('platformEndpoints', 'platformEndpoints.integrationId', 'platformCalls.integrationId')
    .select('platformCalls.integrationId')
    .distinct()
    .where('platformEndpoints.disabledAt', 'is', null)
    .where('platformCalls.state', 'in', WAITING)
    .where('platformCalls.dueAt', '<=', now)
    .execute()
  return rows.map(({ integrationId }) => integrationId)
}

type Claim = { integrationId: string; by: string; now: number; leaseMs: number; limit: number }

/**
 * Takes due notices of an integration, and those whose worker was lost. Two workers never hold the same one. Each claim
 * counts as a try: a call that brings its worker down each time comes to an end as well.
 */
export async function claimDue(db: Db, { integrationId, by, now, leaseMs, limit }: Claim): Promise<SavedCall[]> {
  return db
    .updateTable('platformCalls')
    .set(({ eb }) => ({
      state: 'sending' as const,
      tries: eb('tries', '+', 1),
      dueAt: now + leaseMs,
      claimedBy: by,
      leaseEndsAt: now + leaseMs,
    }))
    .where('id', 'in', (query) =>
      query
        .selectFrom('platformCalls as due')
        .select('due.id')
        .where('due.integrationId', '=', integrationId)
        .where('due.state', 'in', WAITING)
        .where('due.dueAt', '<=', now)
        .orderBy('due.dueAt')
        .orderBy('due.id')
        .limit(limit)
        .$call(skippingLocked(db)),
    )
    .where('state', 'in', WAITING)
    .where('dueAt', '<=', now)
    .returningAll()
    .execute()
}

export type Outcome = Pick<SavedCall, 'state' | 'request' | 'dueAt' | 'endedAt' | 'code' | 'detail'>

/** Writes what became of a claimed call. False: the lease ran out, and another worker has it. */
export async function settleCall(db: Db, call: SavedCall, outcome: Outcome): Promise<boolean> {
  const updated = await db
    .updateTable('platformCalls')
    .set({ ...outcome, claimedBy: null, leaseEndsAt: null })
    .where('id', '=', call.id)
    .where('state', '=', 'sending')
    .where('claimedBy', '=', call.claimedBy)
    .where('tries', '=', call.tries)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

/** Ends what waits for an endpoint that is no more. */
export async function endWaiting(db: Db, integrationId: string, code: string, at: number): Promise<number> {
  const updated = await db
    .updateTable('platformCalls')
    .set({ state: 'failed', code, endedAt: at, claimedBy: null, leaseEndsAt: null })
    .where('integrationId', '=', integrationId)
    .where('state', 'in', WAITING)
    .executeTakeFirst()
  return Number(updated.numUpdatedRows)
}

/** One page, newest first, and one row more when there is a next page. */
export async function listCallRows(
  db: Db,
  integrationId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<SavedCall[]> {
  return db
    .selectFrom('platformCalls')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .$if(Boolean(cursor), (rows) => rows.where('id', '<', cursor ?? ''))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Refuses when the log of this integration has none, or no more. */
export async function getCall(db: Db, integrationId: string, id: string): Promise<SavedCall> {
  const row = await db
    .selectFrom('platformCalls')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('id', '=', id)
    .executeTakeFirst()
  return found(row, 'call', id)
}

/** The attempts of these calls, in order. */
export async function listAttempts(db: Db, callIds: readonly string[]): Promise<SavedAttempt[]> {
  if (callIds.length === 0) return []
  return db
    .selectFrom('platformAttempts')
    .selectAll()
    .where('callId', 'in', oneOf(db, callIds))
    .orderBy('callId')
    .orderBy('number')
    .execute()
}

/** The newest call that has come to its end. */
export async function findLastEnded(db: Db, integrationId: string): Promise<SavedCall | undefined> {
  return db
    .selectFrom('platformCalls')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('endedAt', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Integrations that have a log. */
export async function listLogged(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('platformCalls').select('integrationId').distinct().execute()
  return rows.map(({ integrationId }) => integrationId)
}

/** Deletes ended calls of an integration from before an instant, and beyond so many. A few at a time; gives their number. */
export async function pruneCalls(
  db: Db,
  integrationId: string,
  { endedBefore, most, limit }: { endedBefore: number; most: number; limit: number },
): Promise<number> {
  const beyond = await db
    .selectFrom('platformCalls')
    .select('id')
    .where('integrationId', '=', integrationId)
    .orderBy('id', 'desc')
    .offset(most)
    .limit(1)
    .executeTakeFirst()
  const deleted = await db
    .deleteFrom('platformCalls')
    .where('id', 'in', (query) =>
      query
        .selectFrom('platformCalls as old')
        .select('old.id')
        .where('old.integrationId', '=', integrationId)
        .where('old.endedAt', 'is not', null)
        .where(({ or, eb }) =>
          or([eb('old.endedAt', '<', endedBefore), ...(beyond ? [eb('old.id', '<=', beyond.id)] : [])]),
        )
        .orderBy('old.id')
        .limit(limit),
    )
    .executeTakeFirst()
  return Number(deleted.numDeletedRows)
}
