import { hash, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import type { ApiKey, MadeApiKey, NewApiKey, Scope } from '../../shared/users.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { ApiKeysTable, Db } from '../db/schema.ts'
import { refusalOfTrouble } from '../db/trouble.ts'
import { Refusal } from '../errors.ts'
import type { Actor } from './actor.ts'
import { findApiKeyByHash, getApiKey, insertApiKey, markKeyUsed, revokeStoredKey, scopesOf } from './api-keys-store.ts'

const KEY_FORM = /^sk_[A-Za-z0-9_-]{43}$/
/** The last use is for people who ask "may I revoke this?": to the minute is enough, and spares a write each request. */
const USE_NOTED_EVERY_MS = 60_000

/** Makes a key and tells it this once; what is kept is its hash. */
export async function makeApiKey(
  ctx: AppContext,
  actor: Actor,
  body: z.infer<typeof NewApiKey>,
): Promise<z.infer<typeof MadeApiKey>> {
  const now = ctx.now()
  const expiresAt = body.expiresAt === undefined ? null : Date.parse(body.expiresAt)
  if (expiresAt !== null && expiresAt <= now) {
    throw new Refusal('invalid', 'The key would have expired already.', { field: 'expiresAt' })
  }
  const key = `sk_${randomBytes(32).toString('base64url')}`
  const id = ctx.newId('key')
  const scopes = [...new Set(body.scopes)]
  await ctx.db.transaction().execute(async (trx) => {
    await insertApiKey(trx, {
      id,
      name: body.name,
      hash: hashOf(key),
      fingerprint: key.slice(-4),
      scopes: JSON.stringify(scopes),
      createdAt: now,
      createdBy: actor.name,
      expiresAt,
      revokedAt: null,
      lastUsedAt: null,
    })
    await recordAudit(ctx, trx, actor, {
      action: 'api_key.made',
      subject: { kind: 'api_key', id, name: body.name },
      detail: { scopes, ...(body.expiresAt && { expiresAt: body.expiresAt }) },
    })
  })
  return { ...(await getApiKey(ctx.db, id)), key }
}

/** From now on the key is refused. Revoking it again changes nothing. */
export async function revokeApiKey(ctx: AppContext, actor: Actor, id: string): Promise<ApiKey> {
  const { name } = await getApiKey(ctx.db, id)
  await ctx.db.transaction().execute(async (trx) => {
    if (!(await revokeStoredKey(trx, id, ctx.now()))) return
    await recordAudit(ctx, trx, actor, { action: 'api_key.revoked', subject: { kind: 'api_key', id, name } })
  })
  return getApiKey(ctx.db, id)
}

/** Who holds this key; undefined when it is none of ours, revoked or expired. */
export async function findKeyHolder(
  ctx: AppContext,
  key: string,
): Promise<Extract<Actor, { kind: 'api_key' }> | undefined> {
  if (!KEY_FORM.test(key)) return undefined
  const found = await lookUp(ctx.db, hashOf(key))
  const now = ctx.now()
  if (!found) return undefined
  const { row, scopes } = found
  if (row.revokedAt !== null || (row.expiresAt !== null && Number(row.expiresAt) <= now)) return undefined
  if (row.lastUsedAt === null || now - Number(row.lastUsedAt) >= USE_NOTED_EVERY_MS) {
    // Who used a key is not worth refusing anybody for: a database that takes no changes can be read still.
    await markKeyUsed(ctx.db, row.id, now).catch((error: unknown) => {
      if (!refusalOfTrouble(error)) throw error
    })
  }
  return { kind: 'api_key', id: row.id, name: row.name, scopes }
}

type Found = { row: ApiKeysTable; scopes: Scope[] } | undefined

/** Look-ups that have not begun yet, by database and hash. */
const waiting = new WeakMap<Db, Map<string, Promise<Found>>>()

/** Requests with one key that come in the same turn of the event loop are answered by one look-up, which begins after it. */
function lookUp(db: Db, hash: string): Promise<Found> {
  const lookUps = waiting.get(db) ?? new Map<string, Promise<Found>>()
  waiting.set(db, lookUps)
  const known = lookUps.get(hash)
  if (known) return known
  const looking = endOfTurn().then(async () => {
    lookUps.delete(hash)
    const row = await findApiKeyByHash(db, hash)
    return row && { row, scopes: scopesOf(row) }
  })
  lookUps.set(hash, looking)
  return looking
}

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A key has 256 random bits, so a plain hash is out of reach of guessing; a slow one would only slow requests. */
const hashOf = (key: string): string => hash('sha256', key)
