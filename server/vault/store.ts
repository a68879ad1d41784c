import type { Db } from '../db/schema.ts'

export type DataKey = { id: string; integrationId: string; wrapped: string; masterKeyId: string }

export async function findLiveDataKey(db: Db, integrationId: string): Promise<DataKey | undefined> {
  return db
    .selectFrom('dataKeys')
    .select(['id', 'integrationId', 'wrapped', 'masterKeyId'])
    .where('integrationId', '=', integrationId)
    .where('retiredAt', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function findDataKey(db: Db, id: string): Promise<DataKey | undefined> {
  return db
    .selectFrom('dataKeys')
    .select(['id', 'integrationId', 'wrapped', 'masterKeyId'])
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function insertDataKey(db: Db, key: DataKey, createdAt: number): Promise<void> {
  await db
    .insertInto('dataKeys')
    .values({ ...key, createdAt, retiredAt: null })
    .execute()
}

/** With its key gone, whatever backups still hold of an integration's secrets can't be opened. */
export async function deleteDataKeys(db: Db, integrationId: string): Promise<void> {
  await db.deleteFrom('dataKeys').where('integrationId', '=', integrationId).execute()
}

/** Master keys that stored data keys are wrapped with. */
export async function listMasterKeyIds(db: Db): Promise<{ masterKeyId: string; count: number }[]> {
  const rows = await db
    .selectFrom('dataKeys')
    .select(({ fn }) => ['masterKeyId', fn.countAll<number>().as('count')])
    .groupBy('masterKeyId')
    .execute()
  return rows.map((row) => ({ masterKeyId: row.masterKeyId, count: Number(row.count) }))
}
