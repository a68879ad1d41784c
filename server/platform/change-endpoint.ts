import { DEFAULT_OVERLAP_HOURS, type PlatformEndpointChange, type PlatformEndpointMade } from '../../shared/platform.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import { closeIncident } from '../incidents/store.ts'
import { found } from '../lib/paging.ts'
import type { Actor } from '../users/actor.ts'
import { endWaiting } from './calls-store.ts'
import { urlProblem } from './check-url.ts'
import type { Dependants } from './dependants.ts'
import { rollSecret } from './secrets.ts'
import { showEndpoint, shownUrl } from './show-platform.ts'
import { deleteEndpointRow, insertEndpoint, lockEndpoint, type SavedEndpoint, updateEndpoint } from './store.ts'

/** Sets where the platform is, and whether it is called. Made for the first time, it gets a secret, which is shown once. */
export async function putEndpoint(
  ctx: AppContext,
  actor: Actor,
  integrationId: string,
  change: PlatformEndpointChange,
  dependants: Dependants,
): Promise<PlatformEndpointMade> {
  const newSecret = await ctx.db
    .transaction()
    .execute((trx) => writeEndpoint(ctx, trx, actor, integrationId, change, dependants))
  ctx.nudge('platform_notices')
  return { ...(await showEndpoint(ctx, integrationId)), ...(newSecret !== undefined && { newSecret }) }
}

/** The same inside a transaction of the caller; gives the secret of one that is new. */
export async function writeEndpoint(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  integrationId: string,
  change: PlatformEndpointChange,
  { lockIntegration }: Dependants,
): Promise<string | undefined> {
  const url = checkedUrl(ctx, change.url)
  const { name } = await lockIntegration(trx, integrationId)
  const saved = await lockEndpoint(trx, integrationId)
  const isEnabled = change.enabled ?? saved?.disabledAt == null
  const disabledAt = isEnabled ? null : (saved?.disabledAt ?? ctx.now())
  const row = { url, disabledAt, updatedAt: ctx.now(), updatedBy: actor.name }
  if (saved) {
    if (saved.url === url && (saved.disabledAt === null) === isEnabled) return undefined
    await updateEndpoint(trx, saved.id, row)
    await record(ctx, trx, actor, { ...saved, ...row }, name, 'platform_endpoint.changed', {
      ...(saved.url !== url && { url: { from: shownUrl(saved.url), to: shownUrl(url) } }),
      enabled: isEnabled,
    })
    return undefined
  }
  const made = { id: ctx.newId('pep'), integrationId, ...row }
  await insertEndpoint(trx, made)
  const detail = { url: shownUrl(url), enabled: isEnabled }
  await record(ctx, trx, actor, made, name, 'platform_endpoint.made', detail)
  return rollSecret(ctx, trx, made, 0)
}

/** Makes a new secret, shown this once; the one before is signed with as well for the hours of the overlap. */
export async function rollEndpointSecret(
  ctx: AppContext,
  actor: Actor,
  integrationId: string,
  { overlapHours = DEFAULT_OVERLAP_HOURS }: { overlapHours?: number | undefined },
  { lockIntegration }: Dependants,
): Promise<PlatformEndpointMade> {
  const newSecret = await ctx.db.transaction().execute(async (trx) => {
    const { name } = await lockIntegration(trx, integrationId)
    const endpoint = found(await lockEndpoint(trx, integrationId), 'platform endpoint of', integrationId)
    const secret = await rollSecret(ctx, trx, endpoint, Math.round(overlapHours * 3_600_000))
    await updateEndpoint(trx, endpoint.id, { updatedAt: ctx.now(), updatedBy: actor.name })
    await record(ctx, trx, actor, endpoint, name, 'platform_endpoint.secret_rolled', { overlapHours })
    return secret
  })
  return { ...(await showEndpoint(ctx, integrationId)), newSecret }
}

/** Forgets the address and its secrets; what waits for it ends. The log of calls stays. */
export async function deleteEndpoint(
  ctx: AppContext,
  actor: Actor,
  integrationId: string,
  dependants: Dependants,
): Promise<void> {
  await ctx.db.transaction().execute((trx) => eraseEndpoint(ctx, trx, actor, integrationId, dependants))
}

/** The same inside a transaction of the caller. */
export async function eraseEndpoint(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  integrationId: string,
  { lockIntegration }: Dependants,
): Promise<void> {
  const { name } = await lockIntegration(trx, integrationId)
  const endpoint = found(await lockEndpoint(trx, integrationId), 'platform endpoint of', integrationId)
  const ended = await endWaiting(trx, integrationId, 'endpoint_deleted', ctx.now())
  await closeIncident(trx, endpoint.id, { at: ctx.now(), by: actor.name })
  await deleteEndpointRow(trx, endpoint.id)
  const detail = { url: shownUrl(endpoint.url), ended }
  await record(ctx, trx, actor, endpoint, name, 'platform_endpoint.deleted', detail)
}

export function checkedUrl(ctx: AppContext, typed: string): string {
  const url = new URL(typed)
  const problem = urlProblem(url, ctx.platform.hosts)
  if (problem) throw new Refusal('invalid', problem.message, { field: 'url', fix: problem.fix })
  return url.href
}

async function record(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  { id, integrationId }: Pick<SavedEndpoint, 'id' | 'integrationId'>,
  integrationName: string,
  action: string,
  detail: Record<string, unknown>,
): Promise<void> {
  const subject = { kind: 'platform_endpoint', id, name: `Platform of ${integrationName}` }
  await recordAudit(ctx, trx, actor, { action, subject, detail: { integrationId, ...detail } })
}
