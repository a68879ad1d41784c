import { credentialKinds, type NewIntegration } from '../../shared/integrations.ts'
import { defaultFeatures } from '../../shared/slack-scopes.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { lockForTransaction } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import type { Actor } from '../users/actor.ts'
import { forgetConnection, replaceSecret } from './credentials.ts'
import { checkedFeatures } from './features.ts'
import { findIntegration, findIntegrationByName, insertIntegration, type SavedIntegration } from './store.ts'

/** Stores a new integration and seals its secrets, all or nothing. It is `untested` until a connection test ends. */
export async function createIntegration(
  ctx: AppContext,
  actor: Actor,
  wanted: NewIntegration,
): Promise<SavedIntegration> {
  const integration = await ctx.db.transaction().execute((trx) => writeNewIntegration(ctx, trx, actor, wanted))
  forgetConnection(ctx, integration.id)
  return integration
}

/** The same inside a transaction of the caller, who forgets its connection once that is committed. */
export async function writeNewIntegration(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  wanted: NewIntegration,
): Promise<SavedIntegration> {
  const now = ctx.now()
  const integration: SavedIntegration = {
    id: wanted.id ?? ctx.newId('int'),
    provider: wanted.provider,
    name: wanted.name,
    appId: wanted.appId,
    clientId: wanted.clientId,
    features: checkedFeatures(wanted.features ?? [...defaultFeatures]),
    testChannel: wanted.testChannel || null,
    state: 'untested',
    stateAt: now,
    stateCode: null,
    disabledAt: wanted.enabled === false ? now : null,
    pausedAt: null,
    pausedBy: null,
    pauseCode: null,
    maxAttempts: wanted.maxAttempts ?? null,
    nextAttemptDelayMs: inMs(wanted.nextAttemptDelay),
    workspaceId: null,
    workspaceName: null,
    workspaceUrl: null,
    botUserId: null,
    botId: null,
    botName: null,
    createdAt: now,
    createdBy: actor.name,
    updatedAt: now,
  }
  const { id, name, appId, clientId, features, provider } = integration
  const given = credentialKinds.filter((kind) => wanted[kind] !== undefined)

  await refuseTakenName(trx, name)
  await refuseTakenId(trx, id)
  await insertIntegration(trx, integration)
  for (const kind of given) {
    await replaceSecret(ctx, trx, { integrationId: id, kind, value: wanted[kind] ?? '', by: actor.name })
  }
  await recordAudit(ctx, trx, actor, {
    action: 'integration.created',
    subject: { kind: 'integration', id, name },
    detail: { provider, appId, clientId, features, secrets: given },
  })
  return integration
}

/** Seconds as people give them; nothing said is the default. */
export const inMs = (seconds: number | null | undefined): number | null =>
  seconds === null || seconds === undefined ? null : Math.round(seconds * 1_000)

/** Inside a transaction: nobody else takes or changes a name until it ends. */
export async function refuseTakenName(trx: Db, name: string, exceptId?: string): Promise<void> {
  await lockForTransaction(trx, 'integration names')
  const other = await findIntegrationByName(trx, name)
  if (!other || other.id === exceptId) return
  throw new Refusal('conflict', `There is an integration named "${other.name}" already.`, {
    field: 'name',
    fix: 'Choose another name, or change that one.',
  })
}

async function refuseTakenId(trx: Db, id: string): Promise<void> {
  if (!(await findIntegration(trx, id))) return
  throw new Refusal('conflict', `The id ${id} is taken: its manifest was used for another integration.`, {
    field: 'id',
    fix: 'Get a new manifest, or leave the id out.',
  })
}
