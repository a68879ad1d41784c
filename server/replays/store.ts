import { sql } from 'kysely'
import { locking, skippingLocked } from '../db/engine.ts'
import type { Db, ReplaysTable } from '../db/schema.ts'
import { found } from '../lib/paging.ts'

export type SavedReplay = ReplaysTable

export async function insertReplay(db: Db, row: SavedReplay): Promise<void> {
  await db.insertInto('replays').values(row).execute()
}

/** Refuses when there is none. Its row stays as it is until the transaction ends. */
export async function lockReplay(trx: Db, id: string): Promise<SavedReplay> {
  const row = await trx.selectFrom('replays').selectAll().where('id', '=', id).$call(locking(trx)).executeTakeFirst()
  return found(row, 'replay', id)
}

/** Refuses when there is none. */
export async function getReplay(db: Db, id: string): Promise<SavedReplay> {
  return found(await db.selectFrom('replays').selectAll().where('id', '=', id).executeTakeFirst(), 'replay', id)
}

/** One page, newest first, and one row more when there is a next page. */
export async function listReplayRows(
  db: Db,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<SavedReplay[]> {
  return db
    .selectFrom('replays')
    .selectAll()
    .$if(Boolean(cursor), (rows) => rows.where('id', '<', cursor ?? ''))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Takes the running replay that has been due longest. Two workers never hold the same one. */
export async function claimReplay(
  db: Db,
  { by, now, leaseMs }: { by: string; now: number; leaseMs: number },
): Promise<SavedReplay | undefined> {
  return (
    db
      .updateTable('replays')
      .set({ claimedBy: by, leaseEndsAt: now + leaseMs })
      .where('id', '=', (query) =>
        query
          .selectFrom('replays as due')
          .select('due.id')
          .where('due.state', '=', 'running')
          .where(hasCome('due.due_at', now))
          .where(({ or, eb }) => or([eb('due.claimedBy', 'is', null), hasCome('due.lease_ends_at', now)]))
          .orderBy('due.dueAt')
          .orderBy('due.id')
          .limit(1)
          .$call(skippingLocked(db)),
      )
      // Looked at again by the update itself, in case another worker was quicker.
      .where('state', '=', 'running')
      .where(({ or, eb }) => or([eb('claimedBy', 'is', null), hasCome('lease_ends_at', now)]))
      .returningAll()
      .executeTakeFirst()
  )
}

/** It lies behind, or further ahead than any is ever written: the clock was set back since, and nobody is to sit that out. */
const hasCome = (column: string, now: number) =>
  sql<boolean>`(${sql.ref(column)} <= ${now} or ${sql.ref(column)} > ${now + FURTHEST_MS})`

/** More than a lease, and than the longest pause between two batches: a minute, at one message a minute. */
const FURTHEST_MS = 120_000

/**
 * The replay, locked, while it runs and its claim is still this worker's. All others that run are locked with it: two that
 * find the same message must each see what the other has made.
 */
export async function lockClaimed(trx: Db, id: string, by: string): Promise<SavedReplay | undefined> {
  await trx
    .selectFrom('replays')
    .select('id')
    .where('state', '=', 'running')
    .orderBy('id')
    .$call(locking(trx))
    .execute()
  return trx
    .selectFrom('replays')
    .selectAll()
    .where('id', '=', id)
    .where('claimedBy', '=', by)
    .where('state', '=', 'running')
    .$call(locking(trx))
    .executeTakeFirst()
}

export type Progress = Pick<SavedReplay, 'state' | 'cursor' | 'made' | 'skipped' | 'dueAt' | 'endedAt'>

/** Writes how far it has come, and lets go of it. */
export async function putProgress(trx: Db, id: string, progress: Progress): Promise<void> {
  await trx
    .updateTable('replays')
    .set({ ...progress, claimedBy: null, leaseEndsAt: null })
    .where('id', '=', id)
    .execute()
}
