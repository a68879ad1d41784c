import { sql } from 'kysely'
import type { DestinationKind } from '../../shared/destinations.ts'
import { columnsAs } from '../db/camel-case.ts'
import { engineOf, oneOf } from '../db/engine.ts'
import { type RowsStatement, runOverRows } from '../db/over-rows.ts'
import type { Db, DestinationsTable } from '../db/schema.ts'
import { found } from '../lib/paging.ts'

/** A destination as it is stored; a webhook's address is in it only sealed. */
export type SavedDestination = DestinationsTable

export async function findDestination(db: Db, id: string): Promise<SavedDestination | undefined> {
  return db.selectFrom('destinations').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Refuses when there is none. */
export async function getDestination(db: Db, id: string): Promise<SavedDestination> {
  return found(await findDestination(db, id), 'destination', id)
}

/** One page, newest first, and one row more when there is a next page. */
export async function listDestinationRows(
  db: Db,
  query: {
    integrationId?: string | undefined
    kind?: DestinationKind | undefined
    cursor?: string | undefined
    limit: number
  },
): Promise<SavedDestination[]> {
  const { integrationId, kind, cursor } = query
  return db
    .selectFrom('destinations')
    .selectAll()
    .$if(integrationId !== undefined, (rows) => rows.where('integrationId', '=', integrationId ?? ''))
    .$if(kind !== undefined, (rows) => rows.where('kind', '=', kind ?? 'channel'))
    .$if(Boolean(cursor), (rows) => rows.where('id', '<', cursor ?? ''))
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute()
}

/** How many destinations each integration has, and how many of them are webhooks. */
export async function countDestinations(
  db: Db,
  integrationIds: string[],
): Promise<Map<string, { all: number; webhooks: number }>> {
  const counts = new Map(integrationIds.map((id) => [id, { all: 0, webhooks: 0 }]))
  if (integrationIds.length === 0) return counts
  const rows = await db
    .selectFrom('destinations')
    .select((row) => ['integrationId', 'kind', row.fn.countAll().as('count')])
    .where('integrationId', 'in', integrationIds)
    .groupBy(['integrationId', 'kind'])
    .execute()
  for (const { integrationId, kind, count } of rows) {
    const counted = counts.get(integrationId)
    if (!counted) continue
    counted.all += Number(count)
    if (kind === 'webhook') counted.webhooks += Number(count)
  }
  return counts
}

/** The webhooks of an integration that are switched on, oldest first. */
export async function listWebhooks(db: Db, integrationId: string, limit: number): Promise<SavedDestination[]> {
  return db
    .selectFrom('destinations')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('kind', '=', 'webhook')
    .where('disabledAt', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** The destination that already stands for the same channel, person or webhook of the integration. */
export async function findSameDestination(
  db: Db,
  wanted: Pick<SavedDestination, 'integrationId' | 'kind' | 'target' | 'urlHash'>,
): Promise<SavedDestination | undefined> {
  const same = db.selectFrom('destinations').selectAll().where('integrationId', '=', wanted.integrationId)
  return wanted.kind === 'webhook'
    ? same.where('kind', '=', 'webhook').where('urlHash', '=', wanted.urlHash).executeTakeFirst()
    : same.where('kind', '!=', 'webhook').where('target', '=', wanted.target).executeTakeFirst()
}

/** False: another destination stands for the same place already. */
export async function insertDestination(db: Db, row: SavedDestination): Promise<boolean> {
  const inserted = await db
    .insertInto('destinations')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

export async function updateDestination(db: Db, id: string, change: Partial<SavedDestination>): Promise<void> {
  if (Object.keys(change).length > 0) await db.updateTable('destinations').set(change).where('id', '=', id).execute()
}

export async function deleteDestinationRow(db: Db, id: string): Promise<boolean> {
  const deleted = await db.deleteFrom('destinations').where('id', '=', id).executeTakeFirst()
  return deleted.numDeletedRows === 1n
}

/** Whether messages get there, as a send or the channel directory found. False when nothing is new. */
export async function markDestination(
  db: Db,
  id: string,
  mark: { state: SavedDestination['state']; code?: string | undefined; at: number },
): Promise<boolean> {
  const code = mark.code ?? null
  const updated = await db
    .updateTable('destinations')
    .set({ state: mark.state, code, stateAt: mark.at })
    .where('id', '=', id)
    .where((where) => where.or([where('state', '!=', mark.state), where(sql`coalesce(code, '')`, '!=', code ?? '')]))
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

/** Messages arrived: these destinations work. Written when it is news, or the last news is some seconds old. */
export async function markAllDelivered(
  db: Db,
  destinations: readonly Pick<SavedDestination, 'id' | 'state' | 'lastDeliveredAt'>[],
  at: number,
): Promise<void> {
  const stale = destinations.filter(
    ({ state, lastDeliveredAt }) => state !== 'ok' || at - Number(lastDeliveredAt ?? 0) >= NEWS_EVERY_MS,
  )
  if (stale.length === 0) return
  const ids = stale.map(({ id }) => id)
  await keepDestinations(db, ids)
  await db
    .updateTable('destinations')
    .set((row) => ({
      lastDeliveredAt: at,
      stateAt: row.case().when('state', '=', 'ok').then(row.ref('stateAt')).else(at).end(),
      state: 'ok',
      code: null,
    }))
    .where('id', 'in', oneOf(db, ids))
    .execute()
}

/**
 * Locks destinations in the order in which everybody changes several: their channels are followed meanwhile, too. SQLite
 * has one writer.
 */
async function keepDestinations(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length < 2 || engineOf(db) === 'sqlite') return
  await db.selectFrom('destinations').select('id').where('id', 'in', oneOf(db, ids)).orderBy('id').forUpdate().execute()
}

const NEWS_EVERY_MS = 5_000

/** Those that are there, by id. */
export async function listDestinationsByIds(db: Db, ids: readonly string[]): Promise<Map<string, SavedDestination>> {
  const wanted = [...new Set(ids)].map((id) => ({ id }))
  const rows = await runOverRows(db, LISTING, wanted, [])
  return new Map(rows.map((row) => [row.id, row]))
}

const COLUMNS: Record<keyof SavedDestination, true> = {
  id: true,
  integrationId: true,
  kind: true,
  name: true,
  target: true,
  conversationId: true,
  isPrivate: true,
  sealedUrl: true,
  urlHash: true,
  state: true,
  stateAt: true,
  code: true,
  disabledAt: true,
  pausedAt: true,
  pausedBy: true,
  pauseCode: true,
  owner: true,
  note: true,
  lastDeliveredAt: true,
  createdAt: true,
  createdBy: true,
}

const LISTING: RowsStatement<SavedDestination> = {
  name: 'list destinations',
  columns: { id: 'text' },
  build: (from) => sql`
    select ${columnsAs('destinations', Object.keys(COLUMNS))} from ${from} as wanted
    join destinations on destinations.id = wanted.id`,
}

/** What goes through the bot of an integration, as webhooks do not. */
export async function listBotDestinationIds(db: Db, integrationId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('destinations')
    .select('id')
    .where('integrationId', '=', integrationId)
    .where('kind', '!=', 'webhook')
    .execute()
  return rows.map(({ id }) => id)
}
