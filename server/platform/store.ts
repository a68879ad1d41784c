import { locking } from '../db/engine.ts'
import type { Db, PlatformEndpointsTable, PlatformSecretsTable } from '../db/schema.ts'
import { found } from '../lib/paging.ts'

export type SavedEndpoint = PlatformEndpointsTable
export type SavedSecret = PlatformSecretsTable

/** The endpoint of an integration, if it has one. */
export async function findEndpoint(db: Db, integrationId: string): Promise<SavedEndpoint | undefined> {
  return db.selectFrom('platformEndpoints').selectAll().where('integrationId', '=', integrationId).executeTakeFirst()
}

/** Refuses when there is none. */
export async function getEndpoint(db: Db, integrationId: string): Promise<SavedEndpoint> {
  return found(await findEndpoint(db, integrationId), 'platform endpoint of', integrationId)
}

/** The same; it stays as it is until the transaction ends. */
export async function lockEndpoint(trx: Db, integrationId: string): Promise<SavedEndpoint | undefined> {
  return trx
    .selectFrom('platformEndpoints')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .$call(locking(trx))
    .executeTakeFirst()
}

export async function insertEndpoint(db: Db, row: SavedEndpoint): Promise<void> {
  await db.insertInto('platformEndpoints').values(row).execute()
}

export async function updateEndpoint(db: Db, id: string, change: Partial<SavedEndpoint>): Promise<void> {
  await db.updateTable('platformEndpoints').set(change).where('id', '=', id).execute()
}

/** Takes its secrets along; the log of calls stays. */
export async function deleteEndpointRow(db: Db, id: string): Promise<void> {
  await db.deleteFrom('platformEndpoints').where('id', '=', id).execute()
}

/** What calls are signed with at an instant: the present secret first. */
export async function listSecrets(db: Db, endpointId: string, at: number): Promise<SavedSecret[]> {
  const rows = await db
    .selectFrom('platformSecrets')
    .selectAll()
    .where('endpointId', '=', endpointId)
    .where(({ or, eb }) => or([eb('endsAt', 'is', null), eb('endsAt', '>', at)]))
    .orderBy('id', 'desc')
    .execute()
  return rows.sort((a, b) => Number(b.endsAt === null) - Number(a.endsAt === null))
}

/** Puts a secret in place of the present one, which holds until `previousUntil` beside it; what ended before is deleted. */
export async function putSecret(db: Db, secret: SavedSecret, previousUntil: number): Promise<void> {
  await db
    .deleteFrom('platformSecrets')
    .where('endpointId', '=', secret.endpointId)
    .where('endsAt', '<=', secret.madeAt)
    .execute()
  await db
    .updateTable('platformSecrets')
    .set({ endsAt: previousUntil })
    .where('endpointId', '=', secret.endpointId)
    .where('endsAt', 'is', null)
    .execute()
  await db.insertInto('platformSecrets').values(secret).execute()
}

/** Whatever was valid is so no more. */
export async function deleteSecrets(db: Db, endpointId: string): Promise<void> {
  await db.deleteFrom('platformSecrets').where('endpointId', '=', endpointId).execute()
}

/** Those of all integrations. */
export async function listEndpoints(db: Db): Promise<SavedEndpoint[]> {
  return db.selectFrom('platformEndpoints').selectAll().orderBy('id').execute()
}
