import { sql } from 'kysely'
import { skippingLocked } from '../db/engine.ts'
import type { Db, SlackListsTable } from '../db/schema.ts'

export type SavedList = SlackListsTable

/** The people and the groups of a workspace, as far as they are read; none before anyone began. */
export async function findLists(db: Db, integrationId: string): Promise<SavedList[]> {
  return db.selectFrom('slackLists').selectAll().where('integrationId', '=', integrationId).orderBy('list').execute()
}

export async function listReadIntegrations(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('slackLists').select('integrationId').distinct().execute()
  return rows.map(({ integrationId }) => integrationId)
}

/** Begins both lists of a workspace; what is being read already goes on. */
export async function beginLists(
  db: Db,
  begin: { integrationId: string; generation: string; now: number; again: boolean },
): Promise<void> {
  const { integrationId, generation, now } = begin
  const rows = (['people', 'groups'] as const).map(
    (list): SavedList => ({
      ...{ integrationId, list, generation, refreshId: 1, state: 'running', cursor: null, pages: 0 },
      ...{ wholeAt: null, endedAt: null, dueAt: now, claimedBy: null, leaseEndsAt: null, code: null },
    }),
  )
  await db
    .insertInto('slackLists')
    .values(rows)
    .onConflict((conflict) => {
      const known = conflict.columns(['integrationId', 'list'])
      return begin.again
        ? known.doUpdateSet({ dueAt: now }).where('slackLists.state', '!=', 'running')
        : known.doNothing()
    })
    .execute()
}

/** Takes the lists whose next page is due. One that had ended begins anew, with a number of its own. */
export async function claimLists(
  db: Db,
  claim: { by: string; now: number; leaseMs: number; limit: number },
): Promise<SavedList[]> {
  const restarts = sql<boolean>`state <> 'running'`
  const due = await db
    .selectFrom('slackLists')
    .select(['integrationId', 'list'])
    .where('dueAt', '<=', claim.now)
    .where((where) => where.or([where('leaseEndsAt', 'is', null), where('leaseEndsAt', '<=', claim.now)]))
    .orderBy('dueAt')
    .limit(claim.limit)
    .$call(skippingLocked(db))
    .execute()
  const claimed: SavedList[] = []
  for (const { integrationId, list } of due) {
    const row = await db
      .updateTable('slackLists')
      .set({
        claimedBy: claim.by,
        leaseEndsAt: claim.now + claim.leaseMs,
        refreshId: sql`case when ${restarts} then refresh_id + 1 else refresh_id end`,
        pages: sql`case when ${restarts} then 0 else pages end`,
        cursor: sql`case when ${restarts} then null else cursor end`,
        state: 'running',
      })
      .where('integrationId', '=', integrationId)
      .where('list', '=', list)
      // Between the two statements another replica may have been faster.
      .where('dueAt', '<=', claim.now)
      .where((where) => where.or([where('leaseEndsAt', 'is', null), where('leaseEndsAt', '<=', claim.now)]))
      .returningAll()
      .executeTakeFirst()
    if (row) claimed.push(row)
  }
  return claimed
}

/** Writes how far a list came and lets go of it. False: the lease ran out and another worker has it. */
export async function settleList(db: Db, claimed: SavedList, change: Partial<SavedList>): Promise<boolean> {
  const updated = await db
    .updateTable('slackLists')
    .set({ ...change, claimedBy: null, leaseEndsAt: null })
    .where('integrationId', '=', claimed.integrationId)
    .where('list', '=', claimed.list)
    .where('refreshId', '=', claimed.refreshId)
    .where('claimedBy', '=', claimed.claimedBy)
    .where('leaseEndsAt', '=', claimed.leaseEndsAt)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

/** Whoever remembers what was known of the people reads it again. */
export async function outdatePeople(db: Db, integrationId: string, generation: string): Promise<void> {
  await db
    .updateTable('slackLists')
    .set({ generation })
    .where('integrationId', '=', integrationId)
    .where('list', '=', 'people')
    .execute()
}
