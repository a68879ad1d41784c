import { sql } from 'kysely'
import type { CredentialKind } from '../../shared/integrations.ts'
import { lockForTransaction, oneOf } from '../db/engine.ts'
import type { CredentialsTable, Db, InboundSeenTable, IntegrationsTable } from '../db/schema.ts'
import { found } from '../lib/paging.ts'

/** An integration as it is stored, without its secrets. */
export type SavedIntegration = Omit<IntegrationsTable, 'features'> & { features: string[] }
export type SavedCredential = CredentialsTable
export type Surface = InboundSeenTable['surface']
/** What Slack's calls to one address of an integration came to. */
export type Seen = InboundSeenTable

export async function findIntegration(db: Db, id: string): Promise<SavedIntegration | undefined> {
  const row = await db.selectFrom('integrations').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toSaved(row)
}

/** Refuses when there is none. */
export async function getIntegration(db: Db, id: string): Promise<SavedIntegration> {
  return found(await findIntegration(db, id), 'integration', id)
}

/** Those that are there, by id. */
export async function listIntegrationsByIds(db: Db, ids: readonly string[]): Promise<Map<string, SavedIntegration>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('integrations').selectAll().where('id', 'in', oneOf(db, ids)).execute()
  return new Map(rows.map((row) => [row.id, toSaved(row)]))
}

/** The Slack app of each. */
export async function listAppIds(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('integrations').select(['id', 'appId']).where('id', 'in', oneOf(db, ids)).execute()
  return new Map(rows.map(({ id, appId }) => [id, appId]))
}

/** Names are compared without regard to upper and lower case: two that differ in nothing else can't be told apart. */
export async function findIntegrationByName(db: Db, name: string): Promise<SavedIntegration | undefined> {
  const row = await db
    .selectFrom('integrations')
    .selectAll()
    .where(sql`lower(name)`, '=', name.toLowerCase())
    .executeTakeFirst()
  return row && toSaved(row)
}

/** One page in order of creation, and one row more when there is a next page. */
export async function listIntegrationRows(
  db: Db,
  page: { cursor?: string | undefined; limit: number },
): Promise<SavedIntegration[]> {
  const rows = await db
    .selectFrom('integrations')
    .selectAll()
    .$if(page.cursor !== undefined, (query) => query.where('id', '>', page.cursor ?? ''))
    .orderBy('id')
    .limit(page.limit + 1)
    .execute()
  return rows.map(toSaved)
}

/** Those that are switched on: what loops go through. */
export async function listEnabledIntegrations(db: Db): Promise<SavedIntegration[]> {
  const rows = await db.selectFrom('integrations').selectAll().where('disabledAt', 'is', null).orderBy('id').execute()
  return rows.map(toSaved)
}

/** Whoever uses the same Slack apps, these integrations included. */
export async function listSameApp(db: Db, integrations: { appId: string }[]): Promise<SavedIntegration[]> {
  if (integrations.length === 0) return []
  const appIds = [...new Set(integrations.map(({ appId }) => appId))]
  const rows = await db
    .selectFrom('integrations')
    .selectAll()
    .where('appId', 'in', appIds)
    .orderBy('id')
    .limit(MOST_SAME_APP)
    .execute()
  return rows.map(toSaved)
}

export async function insertIntegration(db: Db, integration: SavedIntegration): Promise<void> {
  await db
    .insertInto('integrations')
    .values({ ...integration, features: JSON.stringify(integration.features) })
    .execute()
}

export async function updateIntegration(db: Db, id: string, change: Partial<SavedIntegration>): Promise<void> {
  const { features, ...rest } = change
  const row = features === undefined ? rest : { ...rest, features: JSON.stringify(features) }
  if (Object.keys(row).length > 0) await db.updateTable('integrations').set(row).where('id', '=', id).execute()
}

/** Takes its credentials, tests and destinations along; deliveries stay, as the record of what was sent. */
export async function deleteIntegrationRow(db: Db, id: string): Promise<boolean> {
  const deleted = await db.deleteFrom('integrations').where('id', '=', id).executeTakeFirst()
  return deleted.numDeletedRows === 1n
}

/** Whether it works, as a test, a send or a probe found. False when nothing is new: its instant then stays. */
export async function markIntegration(
  db: Db,
  id: string,
  mark: { state: IntegrationsTable['state']; code?: string | undefined; at: number },
): Promise<boolean> {
  const stateCode = mark.code ?? null
  const updated = await db
    .updateTable('integrations')
    .set({ state: mark.state, stateCode, stateAt: mark.at })
    .where('id', '=', id)
    .where((where) =>
      where.or([where('state', '!=', mark.state), where(sql`coalesce(state_code, '')`, '!=', stateCode ?? '')]),
    )
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

export async function listCredentials(db: Db, integrationIds: string[]): Promise<SavedCredential[]> {
  if (integrationIds.length === 0) return []
  return db.selectFrom('credentials').selectAll().where('integrationId', 'in', integrationIds).orderBy('id').execute()
}

/** Puts a credential in place of the one of its kind. The row's id is new, so an older seal put back does not open. */
export async function putCredential(db: Db, credential: SavedCredential): Promise<void> {
  const { integrationId, kind, ...replaced } = credential
  await db
    .insertInto('credentials')
    .values({ integrationId, kind, ...replaced })
    .onConflict((conflict) => conflict.columns(['integrationId', 'kind']).doUpdateSet(replaced))
    .execute()
}

export async function deleteCredential(db: Db, integrationId: string, kind: CredentialKind): Promise<void> {
  await db.deleteFrom('credentials').where('integrationId', '=', integrationId).where('kind', '=', kind).execute()
}

/** The integration, with everyone else who changes it held off until the transaction ends. */
export async function lockIntegration(trx: Db, id: string): Promise<SavedIntegration> {
  await lockForTransaction(trx, `integration ${id}`)
  return getIntegration(trx, id)
}

/** Whether app and secrets are still those that were read, with everyone else who changes them held off as above. */
export async function lockIfSame(
  trx: Db,
  { id, appId, clientId }: SavedIntegration,
  credentialIds: string[],
): Promise<boolean> {
  await lockForTransaction(trx, `integration ${id}`)
  const found = await findIntegration(trx, id)
  const ids = (await listCredentials(trx, [id])).map((credential) => credential.id)
  return found?.appId === appId && found.clientId === clientId && ids.join() === credentialIds.join()
}

/** A verified call came in. An id that is no integration's changes nothing. */
export async function markInbound(db: Db, integrationId: string, surface: Surface, at: number): Promise<void> {
  await db
    .insertInto('inboundSeen')
    .columns(['integrationId', 'surface', 'lastCalledAt'])
    .expression((query) =>
      query
        .selectFrom('integrations')
        .select(['integrations.id', asText(surface).as('surface'), asInstant(at).as('at')])
        .where('integrations.id', '=', integrationId),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['integrationId', 'surface'])
        .doUpdateSet({ lastCalledAt: at })
        .where((where) =>
          where.or([where('inboundSeen.lastCalledAt', 'is', null), where('inboundSeen.lastCalledAt', '<', at)]),
        ),
    )
    .execute()
}

/** A call was refused, and why. `skewMs` is how far its timestamp lay ahead of our clock. */
export async function markRefused(
  db: Db,
  integrationId: string,
  surface: Surface,
  refused: { reason: string; skewMs: number | null; at: number },
): Promise<void> {
  const seen = {
    lastRefusedAt: refused.at,
    lastRefusedReason: refused.reason,
    lastRefusedSkewMs: refused.skewMs === null ? null : Math.round(refused.skewMs),
  }
  await db
    .insertInto('inboundSeen')
    .columns(['integrationId', 'surface', 'lastRefusedAt', 'lastRefusedReason', 'lastRefusedSkewMs'])
    .expression((query) =>
      query
        .selectFrom('integrations')
        .select([
          'integrations.id',
          asText(surface).as('surface'),
          asInstant(seen.lastRefusedAt).as('at'),
          asText(seen.lastRefusedReason).as('reason'),
          asInstant(seen.lastRefusedSkewMs).as('skew'),
        ])
        .where('integrations.id', '=', integrationId),
    )
    .onConflict((conflict) => conflict.columns(['integrationId', 'surface']).doUpdateSet(seen))
    .execute()
}

export async function listSeen(db: Db, integrationIds: string[]): Promise<Seen[]> {
  if (integrationIds.length === 0) return []
  return db.selectFrom('inboundSeen').selectAll().where('integrationId', 'in', integrationIds).execute()
}

const MOST_SAME_APP = 500

/** A bare parameter in a select has no type of its own on PostgreSQL. */
const asText = <Text extends string>(value: Text) => sql<Text>`cast(${value} as text)`
const asInstant = (value: number | null) => sql<number>`cast(${value} as bigint)`

const toSaved = (row: IntegrationsTable): SavedIntegration => ({
  ...row,
  features: JSON.parse(row.features) as string[], // written by insertIntegration and updateIntegration only
})
