import { z } from 'zod'
import { type ApiKey, Scope } from '../../shared/users.ts'
import type { ApiKeysTable, Db } from '../db/schema.ts'
import { found, optional, toInstant, toPage } from '../lib/paging.ts'

export async function insertApiKey(db: Db, row: ApiKeysTable): Promise<void> {
  await db.insertInto('apiKeys').values(row).execute()
}

export async function getApiKey(db: Db, id: string): Promise<ApiKey> {
  const row = await db.selectFrom('apiKeys').selectAll().where('id', '=', id).executeTakeFirst()
  return toApiKey(found(row, 'API key', id))
}

/** Newest first, revoked ones too: who used them stands in the audit trail. */
export async function listApiKeys(
  db: Db,
  query: { cursor?: string | undefined; limit: number },
): Promise<{ items: ApiKey[]; next?: string }> {
  let select = db
    .selectFrom('apiKeys')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
  if (query.cursor) select = select.where('id', '<', query.cursor)
  return toPage(await select.execute(), query.limit, toApiKey)
}

export async function findApiKeyByHash(db: Db, hash: string): Promise<ApiKeysTable | undefined> {
  return db.selectFrom('apiKeys').selectAll().where('hash', '=', hash).executeTakeFirst()
}

/** False: it was revoked before. */
export async function revokeStoredKey(db: Db, id: string, now: number): Promise<boolean> {
  const revoked = await db
    .updateTable('apiKeys')
    .set({ revokedAt: now })
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .executeTakeFirst()
  return revoked.numUpdatedRows === 1n
}

export async function markKeyUsed(db: Db, id: string, now: number): Promise<void> {
  await db.updateTable('apiKeys').set({ lastUsedAt: now }).where('id', '=', id).execute()
}

export const scopesOf = (row: Pick<ApiKeysTable, 'scopes'>): Scope[] => Scopes.parse(JSON.parse(row.scopes))

const Scopes = z.array(Scope)

function toApiKey(row: ApiKeysTable): ApiKey {
  const instant = (at: number | null) => (at === null ? undefined : toInstant(Number(at)))
  return {
    id: row.id,
    name: row.name,
    fingerprint: row.fingerprint,
    scopes: scopesOf(row),
    createdAt: toInstant(Number(row.createdAt)),
    createdBy: row.createdBy,
    ...optional('expiresAt', instant(row.expiresAt)),
    ...optional('revokedAt', instant(row.revokedAt)),
    ...optional('lastUsedAt', instant(row.lastUsedAt)),
  }
}
