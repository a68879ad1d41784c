import { type CredentialKind, credentialKinds, type IntegrationChange } from '../../shared/integrations.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import type { Actor } from '../users/actor.ts'
import { inMs, refuseTakenName } from './create-integration.ts'
import { forgetConnection, replaceSecret } from './credentials.ts'
import { checkedFeatures } from './features.ts'
import { stopAwaiting } from './signing-secret.ts'
import { deleteCredential, lockIntegration, type SavedIntegration, updateIntegration } from './store.ts'

/** Changes what is named and leaves the rest. A replaced secret holds until the new one is committed. */
export async function changeIntegration(
  ctx: AppContext,
  actor: Actor,
  id: string,
  change: IntegrationChange,
): Promise<SavedIntegration> {
  const changed = await ctx.db.transaction().execute((trx) => writeIntegrationChange(ctx, trx, actor, id, change))
  takeUpIntegration(ctx, id)
  return changed
}

/** Once a change is committed: whoever asks next reads it again, and what waited for it goes on. */
export function takeUpIntegration(ctx: AppContext, id: string): void {
  forgetConnection(ctx, id)
  // Work may have waited for the integration to be switched on, or for a token that can read the channels.
  ctx.nudge('deliveries')
  ctx.nudge('channels')
}

/** The change inside a transaction of the caller, who takes it up once that is committed. */
export async function writeIntegrationChange(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  id: string,
  change: IntegrationChange,
): Promise<SavedIntegration> {
  const now = ctx.now()
  const replaced = credentialKinds.filter((kind) => typeof change[kind] === 'string')
  const removed = credentialKinds.filter((kind) => change[kind] === null)
  const saved = await lockIntegration(trx, id)
  const fields = changedFields(saved, change, now)
  const isNothing = Object.keys(fields).length + replaced.length + removed.length === 0
  if (isNothing) return saved

  if (fields.name !== undefined) await refuseTakenName(trx, fields.name, id)
  for (const kind of replaced) {
    await replaceSecret(ctx, trx, { integrationId: id, kind, value: change[kind] ?? '', by: actor.name })
  }
  for (const kind of removed) await deleteCredential(trx, id, kind)
  if (replaced.includes('signingSecret')) await stopAwaiting(trx, id)
  const isUnproven = fields.appId !== undefined || fields.clientId !== undefined || replaced.length + removed.length > 0
  const after = { ...fields, ...(isUnproven && UNTESTED(now)), updatedAt: now }
  await updateIntegration(trx, id, after)
  await recordAudit(ctx, trx, actor, {
    action: actionOf(fields, [...replaced, ...removed]),
    subject: { kind: 'integration', id, name: fields.name ?? saved.name },
    detail: auditDetail(saved, fields, { replaced, removed }),
  })
  return { ...saved, ...after }
}

/** What was found out with other credentials says nothing about these. */
const UNTESTED = (now: number) => ({ state: 'untested' as const, stateCode: null, stateAt: now })

type Fields = Partial<Pick<SavedIntegration, (typeof plainFields)[number] | 'disabledAt'>>
const plainFields = [
  'name',
  'appId',
  'clientId',
  'features',
  'testChannel',
  'maxAttempts',
  'nextAttemptDelayMs',
] as const

function changedFields(saved: SavedIntegration, change: IntegrationChange, now: number): Fields {
  const wanted: Fields = {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.appId !== undefined && { appId: change.appId }),
    ...(change.clientId !== undefined && { clientId: change.clientId }),
    ...(change.features !== undefined && { features: checkedFeatures(change.features) }),
    ...(change.testChannel !== undefined && { testChannel: change.testChannel || null }),
    ...(change.maxAttempts !== undefined && { maxAttempts: change.maxAttempts }),
    ...(change.nextAttemptDelay !== undefined && { nextAttemptDelayMs: inMs(change.nextAttemptDelay) }),
  }
  const fields = Object.fromEntries(
    plainFields.filter((key) => key in wanted && !isSame(saved[key], wanted[key])).map((key) => [key, wanted[key]]),
  ) as Fields // the keys and values are those of `wanted`
  const wasEnabled = saved.disabledAt === null
  if (change.enabled === undefined || change.enabled === wasEnabled) return fields
  return { ...fields, disabledAt: change.enabled ? null : now }
}

function actionOf(fields: Fields, secrets: CredentialKind[]): string {
  const isSwitchOnly = secrets.length === 0 && Object.keys(fields).join() === 'disabledAt'
  if (!isSwitchOnly) return 'integration.changed'
  return fields.disabledAt === null ? 'integration.enabled' : 'integration.disabled'
}

function auditDetail(
  saved: SavedIntegration,
  fields: Fields,
  secrets: Record<'replaced' | 'removed', CredentialKind[]>,
) {
  const changes = plainFields.filter((key) => key in fields).map((key) => [key, { from: saved[key], to: fields[key] }])
  return {
    ...(changes.length > 0 && { changed: Object.fromEntries(changes) }),
    ...(fields.disabledAt !== undefined && { enabled: fields.disabledAt === null }),
    ...(secrets.replaced.length > 0 && { replaced: secrets.replaced }),
    ...(secrets.removed.length > 0 && { removed: secrets.removed }),
  }
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
