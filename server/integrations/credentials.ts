import { credentialInfo, fingerprint } from '../../shared/credentials.ts'
import type { CredentialKind } from '../../shared/integrations.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import { found } from '../lib/paging.ts'
import type { Connection } from '../providers/provider.ts'
import { CannotOpen, type Place } from '../vault/vault.ts'
import { findIntegration, listCredentials, putCredential, type SavedCredential } from './store.ts'

export type Secrets = Partial<Record<CredentialKind, string>>

/** Seals a secret in place of the one of its kind, inside the caller's transaction: until it commits the old one holds. */
export async function replaceSecret(
  ctx: AppContext,
  trx: Db,
  secret: { integrationId: string; kind: CredentialKind; value: string; by: string },
): Promise<void> {
  const { integrationId, kind, value, by } = secret
  const id = ctx.newId('crd')
  const sealed = await ctx.vault.seal(trx, placeOf({ id, integrationId, kind }), value)
  await putCredential(trx, {
    id,
    integrationId,
    kind,
    sealed,
    fingerprint: fingerprint(kind, value),
    setAt: ctx.now(),
    setBy: by,
  })
}

/** The integration with its secrets opened, at most a second old; a change made in this process shows at once. */
export async function openConnection(ctx: AppContext, integrationId: string): Promise<Connection> {
  return found(await remembered(ctx, integrationId), 'integration', integrationId).connection
}

/** What Slack signs its calls with, and whether the integration is switched off; undefined when there is no such one. */
export async function findSigningSecret(
  ctx: AppContext,
  integrationId: string,
): Promise<{ secret: string; disabled: boolean } | undefined> {
  const opened = await remembered(ctx, integrationId)
  const secret = opened?.connection.secrets.signingSecret
  return opened && secret !== undefined ? { secret, disabled: opened.disabled } : undefined
}

/** Opens the saved secrets, all or those asked for. One that can't be opened is refused, naming the way out. */
export async function openSecrets(ctx: AppContext, integrationId: string, kinds?: CredentialKind[]): Promise<Secrets> {
  const secrets: Secrets = {}
  for (const credential of await listCredentials(ctx.db, [integrationId])) {
    if (kinds && !kinds.includes(credential.kind)) continue
    secrets[credential.kind] = await openOne(ctx, credential)
  }
  return secrets
}

/** After a change of an integration: whoever asks next reads it again. */
export function forgetConnection(ctx: AppContext, integrationId: string): void {
  memory.get(ctx.db)?.delete(integrationId)
}

const REMEMBERED_MS = 1_000

type Opened = { connection: Connection; disabled: boolean }
type Remembered = { readAt: number; opened: Promise<Opened | undefined> }

const memory = new WeakMap<Db, Map<string, Remembered>>()

/** A busy minute of commands asks for the same secret again and again; other replicas see a change a second later. */
function remembered(ctx: AppContext, integrationId: string): Promise<Opened | undefined> {
  const known = memory.get(ctx.db) ?? new Map<string, Remembered>()
  memory.set(ctx.db, known)
  const entry = known.get(integrationId)
  const age = entry ? Math.abs(ctx.now() - entry.readAt) : Number.POSITIVE_INFINITY
  if (entry && age < REMEMBERED_MS) return entry.opened
  // The promise itself is kept, so that a change during the reading drops what is being read.
  const opened = read(ctx, integrationId)
  const fresh = { readAt: ctx.now(), opened }
  known.set(integrationId, fresh)
  opened.then(
    (value) => {
      // Anyone can ask for ids that do not exist; only real ones are worth remembering.
      if (!value && known.get(integrationId) === fresh) known.delete(integrationId)
    },
    () => {
      if (known.get(integrationId) === fresh) known.delete(integrationId)
    },
  )
  return opened
}

async function read(ctx: AppContext, integrationId: string): Promise<Opened | undefined> {
  const integration = await findIntegration(ctx.db, integrationId)
  if (!integration) return undefined
  const secrets = await openSecrets(ctx, integrationId)
  const { appId, clientId } = integration
  return { connection: { integrationId, appId, clientId, secrets }, disabled: integration.disabledAt !== null }
}

async function openOne(ctx: AppContext, credential: SavedCredential): Promise<string> {
  try {
    return await ctx.vault.open(ctx.db, placeOf(credential), credential.sealed)
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error
    const label = credentialInfo[credential.kind].label.toLowerCase()
    throw new Refusal('conflict', `The saved ${label} can't be opened: ${error.message}`, {
      field: credential.kind,
      fix: `Enter the ${label} again and save.`,
    })
  }
}

const placeOf = (credential: { id: string; integrationId: string; kind: CredentialKind }): Place => ({
  integrationId: credential.integrationId,
  table: 'credentials',
  rowId: credential.id,
  field: credential.kind,
})
