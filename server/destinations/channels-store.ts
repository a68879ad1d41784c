import { sql } from 'kysely'
import type { Channel } from '../../shared/destinations.ts'
import { containsText, skippingLocked } from '../db/engine.ts'
import type { ChannelRefreshesTable, ChannelsTable, Db } from '../db/schema.ts'
import type { SavedDestination } from './store.ts'

export type Refresh = ChannelRefreshesTable
type Search = { query?: string | undefined; id?: string | undefined; archived: boolean; limit: number }

export async function findChannel(db: Db, integrationId: string, id: string): Promise<Channel | undefined> {
  const row = await db
    .selectFrom('channels')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && toChannel(row)
}

/** By its exact name, one that is in use before one that is archived. */
export async function findChannelByName(db: Db, integrationId: string, name: string): Promise<Channel | undefined> {
  const row = await db
    .selectFrom('channels')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('name', '=', name)
    .orderBy('isArchived')
    .executeTakeFirst()
  return row && toChannel(row)
}

/** Type-ahead: the text anywhere in the name, whatever begins with it first; or the channel of that id. */
export async function searchChannels(
  db: Db,
  integrationId: string,
  search: Search,
): Promise<{ items: Channel[]; matched: number; total: number }> {
  const text = search.query?.toLowerCase() ?? ''
  const known = db.selectFrom('channels').where('integrationId', '=', integrationId)
  const shown = search.archived ? known : known.where('isArchived', '=', 0)
  const matching =
    text === ''
      ? shown
      : shown.where((where) =>
          where.or([containsText(db, 'name', text), ...(search.id ? [where('id', '=', search.id)] : [])]),
        )
  const begins = sql<number>`case when substr(name, 1, ${sql.lit(text.length)}) = ${text} then 0 else 1 end`
  const rows = await matching
    .selectAll()
    .$if(text !== '', (query) => query.orderBy(begins))
    .orderBy('name')
    .orderBy('id')
    .limit(search.limit)
    .execute()
  const matched = await matching.select((row) => row.fn.countAll().as('count')).executeTakeFirstOrThrow()
  const total = await known.select((row) => row.fn.countAll().as('count')).executeTakeFirstOrThrow()
  return { items: rows.map(toChannel), matched: Number(matched.count), total: Number(total.count) }
}

/** Writes one page of the directory. What is known of a channel is replaced, and it counts as seen by this refresh. */
export async function putChannels(
  db: Db,
  integrationId: string,
  refreshId: number,
  channels: Channel[],
): Promise<void> {
  const once = [...new Map(channels.map((channel) => [channel.id, channel])).values()]
  if (once.length === 0) return
  await db
    .insertInto('channels')
    .values(once.map((channel) => ({ integrationId, refreshId, ...toColumns(channel) })))
    .onConflict((conflict) =>
      conflict.columns(['integrationId', 'id']).doUpdateSet((row) => ({
        name: row.ref('excluded.name'),
        isPrivate: row.ref('excluded.isPrivate'),
        isArchived: row.ref('excluded.isArchived'),
        isMember: row.ref('excluded.isMember'),
        members: row.ref('excluded.members'),
        refreshId: row.ref('excluded.refreshId'),
      })),
    )
    .execute()
}

/** How many of these channels a page of the same refresh has brought before. */
export async function countSeenChannels(
  db: Db,
  { integrationId, refreshId }: Pick<Refresh, 'integrationId' | 'refreshId'>,
  ids: string[],
): Promise<number> {
  const seen = await db
    .selectFrom('channels')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('integrationId', '=', integrationId)
    .where('refreshId', '=', refreshId)
    .where('id', 'in', ids)
    .executeTakeFirstOrThrow()
  return Number(seen.count)
}

/** After a whole refresh: a channel that it did not see is gone, or hidden from the bot. */
export async function dropUnseenChannels(db: Db, integrationId: string, refreshId: number): Promise<void> {
  await db
    .deleteFrom('channels')
    .where('integrationId', '=', integrationId)
    .where('refreshId', '<', refreshId)
    .execute()
}

/** The destinations among these channels, whose names and states a page of the directory may change. */
export async function listChannelDestinations(
  db: Db,
  integrationId: string,
  channelIds: string[],
): Promise<SavedDestination[]> {
  if (channelIds.length === 0) return []
  return (
    db
      .selectFrom('destinations')
      .selectAll()
      .where('integrationId', '=', integrationId)
      .where('kind', '=', 'channel')
      .where('target', 'in', channelIds)
      // In which order they are changed one by one: that of everybody.
      .orderBy('id')
      .execute()
  )
}

export async function findRefresh(db: Db, integrationId: string): Promise<Refresh | undefined> {
  return db.selectFrom('channelRefreshes').selectAll().where('integrationId', '=', integrationId).executeTakeFirst()
}

/** Asks for a whole refresh as soon as may be; one that is under way goes on. */
export async function askForRefresh(db: Db, integrationId: string, now: number): Promise<void> {
  const first: Refresh = {
    integrationId,
    refreshId: 1,
    state: 'running',
    cursor: null,
    pages: 0,
    startedAt: now,
    endedAt: null,
    dueAt: now,
    claimedBy: null,
    leaseEndsAt: null,
    code: null,
  }
  await db
    .insertInto('channelRefreshes')
    .values(first)
    .onConflict((conflict) =>
      conflict.column('integrationId').doUpdateSet({ dueAt: now }).where('channelRefreshes.state', '!=', 'running'),
    )
    .execute()
}

/**
 * Takes the refreshes whose next page is due. One that had ended begins anew, with a number of its own; so does one that
 * was begun with another bot token, at once: its pages, and its place in them, may be those of another workspace.
 */
export async function claimRefreshes(
  db: Db,
  claim: { by: string; now: number; leaseMs: number; limit: number },
): Promise<Refresh[]> {
  const hasNewToken = sql<boolean>`exists (select 1 from credentials
    where credentials.integration_id = channel_refreshes.integration_id
      and credentials.kind = 'botToken' and credentials.set_at > channel_refreshes.started_at
      and credentials.set_at <= ${sql.lit(claim.now)})`
  const restarts = sql<boolean>`(state <> 'running' or ${hasNewToken})`
  return db
    .with('dueRefreshes', (query) =>
      query
        .selectFrom('channelRefreshes')
        .select('integrationId')
        .where((where) => where.or([where('dueAt', '<=', claim.now), hasNewToken]))
        .where((where) => where.or([where('leaseEndsAt', 'is', null), where('leaseEndsAt', '<=', claim.now)]))
        .orderBy('dueAt')
        .limit(claim.limit)
        .$call(skippingLocked(db)),
    )
    .updateTable('channelRefreshes')
    .set({
      claimedBy: claim.by,
      leaseEndsAt: claim.now + claim.leaseMs,
      refreshId: sql`case when ${restarts} then refresh_id + 1 else refresh_id end`,
      startedAt: sql`case when ${restarts} then ${sql.lit(claim.now)} else started_at end`,
      pages: sql`case when ${restarts} then 0 else pages end`,
      cursor: sql`case when ${restarts} then null else cursor end`,
      state: 'running',
    })
    .where('integrationId', 'in', (query) => query.selectFrom('dueRefreshes').select('integrationId'))
    .returningAll()
    .execute()
}

/** Writes how far a refresh came and lets go of it. False: the lease ran out and another worker has it. */
export async function settleRefresh(db: Db, claimed: Refresh, change: Partial<Refresh>): Promise<boolean> {
  const updated = await db
    .updateTable('channelRefreshes')
    .set({ ...change, claimedBy: null, leaseEndsAt: null })
    .where('integrationId', '=', claimed.integrationId)
    .where('refreshId', '=', claimed.refreshId)
    .where('claimedBy', '=', claimed.claimedBy)
    .where('leaseEndsAt', '=', claimed.leaseEndsAt)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

const toColumns = ({ id, name, isPrivate, isArchived, isMember, members }: Channel) => ({
  ...{ id, name },
  isPrivate: Number(isPrivate),
  isArchived: Number(isArchived),
  isMember: Number(isMember),
  members: members ?? null,
})

const toChannel = (row: ChannelsTable): Channel => ({
  id: row.id,
  name: row.name,
  isPrivate: row.isPrivate === 1,
  isArchived: row.isArchived === 1,
  isMember: row.isMember === 1,
  ...(row.members !== null && { members: row.members }),
})
