import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { CannotOpen, type Place } from '../vault/vault.ts'
import { deleteSecrets, listSecrets, putSecret, type SavedEndpoint } from './store.ts'

/**
 * Seals a new secret in place of the present one and gives it back: the only time that it is seen. The one before holds
 * beside it for `overlapMs`; nothing does for an overlap of none, since then it has leaked.
 */
export async function rollSecret(
  ctx: AppContext,
  trx: Db,
  endpoint: Pick<SavedEndpoint, 'id' | 'integrationId'>,
  overlapMs: number,
): Promise<string> {
  const id = ctx.newId('crd')
  const secret = `whsec_${randomBytes(24).toString('base64')}`
  const sealed = await ctx.vault.seal(trx, placeOf(endpoint.integrationId, id), secret)
  const madeAt = ctx.now()
  if (overlapMs === 0) await deleteSecrets(trx, endpoint.id)
  const row = { id, endpointId: endpoint.id, sealed, ending: secret.slice(-4), madeAt, endsAt: null }
  await putSecret(trx, row, madeAt + overlapMs)
  return secret
}

/** The headers of Standard Webhooks, with a signature for each secret that holds; undefined when one can't be opened. */
export async function signedHeaders(
  ctx: AppContext,
  endpoint: SavedEndpoint,
  { id, body, at }: { id: string; body: string; at: number },
): Promise<Record<string, string> | undefined> {
  const signatures: string[] = []
  for (const { id: secretId, sealed } of await listSecrets(ctx.db, endpoint.id, at)) {
    const secret = await openSecret(ctx, placeOf(endpoint.integrationId, secretId), sealed)
    if (secret === undefined) return undefined
    signatures.push(new Webhook(secret).sign(id, new Date(at), body))
  }
  return headersOf(id, at, signatures)
}

export const headersOf = (id: string, at: number, signatures: string[]): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at / 1_000)),
  'webhook-signature': signatures.join(' '),
  'user-agent': 'Switchboard',
})

async function openSecret(ctx: AppContext, place: Place, sealed: string): Promise<string | undefined> {
  try {
    return await ctx.vault.open(ctx.db, place, sealed)
  } catch (error) {
    if (error instanceof CannotOpen) return undefined
    throw error
  }
}

const placeOf = (integrationId: string, rowId: string): Place => ({
  integrationId,
  table: 'platform_secrets',
  rowId,
  field: 'secret',
})
