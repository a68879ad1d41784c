import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import { forgetConnection, openConnection } from '../integrations/credentials.ts'
import {
  getIntegration,
  listCredentials,
  listEnabledIntegrations,
  lockIfSame,
  markIntegration,
  type SavedIntegration,
} from '../integrations/store.ts'
import type { CallFailure, Connection } from '../providers/provider.ts'
import { providers } from '../providers/registry.ts'
import { claimProbe, hasProbeWithCode, insertProbe, isUnclaimed, listProbeClaims } from './store.ts'

/**
 * Probes every integration whose turn in this minute has come and that no replica has taken on. Each has its own second
 * of the minute, so that many do not ask Slack at once. Says how many were asked.
 */
export async function probeDue(ctx: AppContext): Promise<number> {
  const now = ctx.now()
  const minuteAt = now - (now % MINUTE_MS)
  const integrations = await listEnabledIntegrations(ctx.db)
  if (integrations.length === 0) return 0
  const claims = await listProbeClaims(ctx.db)
  const due = integrations
    .filter(({ id }) => now >= minuteAt + turnOf(id))
    .filter(({ id }) => isUnclaimed(claims.get(id), minuteAt))
  const probed = await Promise.all(due.map((integration) => probeOnce(ctx, integration, minuteAt)))
  return probed.filter(Boolean).length
}

const MINUTE_MS = 60_000
/** The last seconds stay free: a turn that comes late is still in its minute. */
const TURNS = 50

/** How far into each minute an integration is probed. */
function turnOf(integrationId: string): number {
  let sum = 0
  for (const char of integrationId) sum = (sum * 31 + char.charCodeAt(0)) % TURNS
  return sum * 1_000
}

async function probeOnce(ctx: AppContext, integration: SavedIntegration, minuteAt: number): Promise<boolean> {
  const { id: integrationId } = integration
  if (!(await claimProbe(ctx.db, integrationId, minuteAt))) return false
  const credentialIds = (await listCredentials(ctx.db, [integrationId])).map(({ id }) => id)
  // What is remembered may be older than these.
  forgetConnection(ctx, integrationId)
  const connection = await openIfPossible(ctx, integrationId)
  if (!connection?.secrets.botToken) return false
  const at = ctx.now()
  const result = await providers[integration.provider].probe(ctx, connection)
  const failure = result.kind === 'failed' ? result.failure : undefined
  // Slack was there and asked for a wait: that minute says neither that it worked nor that it did not.
  if (failure?.kind === 'rate_limited') return true
  const { tookMs } = result.exchange
  await ctx.db.transaction().execute(async (trx) => {
    // Somebody may have saved another token, or deleted the integration, while Slack was asked about this one.
    if (!(await lockIfSame(trx, integration, credentialIds))) return
    await markProbed(ctx, trx, await getIntegration(trx, integrationId), failure)
    const code = failure?.code ?? null
    await insertProbe(trx, { id: ctx.newId('prb'), integrationId, at, tookMs, ok: Number(!failure), code })
  })
  return true
}

/** Without a connection there is nothing to ask Slack: the integration is gone by now, or sealed with another key. */
async function openIfPossible(ctx: AppContext, integrationId: string): Promise<Connection | undefined> {
  try {
    return await openConnection(ctx, integrationId)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** Slack's word that the credential or the whole app is of no use until someone acts. */
function isDead(failure: CallFailure | undefined): failure is Extract<CallFailure, { kind: 'permanent' }> {
  return failure?.kind === 'permanent' && (failure.stops === 'credential' || failure.stops === 'integration')
}

/** What a probe says about an integration: a dead token makes it fail, and a live one mends what a probe saw dead. */
async function markProbed(
  ctx: AppContext,
  trx: Db,
  { id: integrationId, state, stateCode, stateAt }: SavedIntegration,
  failure: CallFailure | undefined,
): Promise<void> {
  const now = ctx.now()
  if (isDead(failure)) {
    const isNews = await markIntegration(trx, integrationId, { state: 'failing', code: failure.code, at: now })
    if (isNews) ctx.log.warn('integration.stopped_working', { integrationId, code: failure.code })
  }
  if (failure || state !== 'failing' || stateCode === null) return
  // Only what a probe itself saw: it can't tell whether anything else that failed works again. A hiccup in between
  // is no reason to forget it.
  const since = Math.max(stateAt - MINUTE_MS, now - LONGEST_LOOK_BACK_MS)
  if (!(await hasProbeWithCode(trx, integrationId, stateCode, since))) return
  await markIntegration(trx, integrationId, { state: 'ok', at: now })
  ctx.log.info('integration.recovered', { integrationId })
}

/** 10,000 probes: what is looked through each minute while a failure lasts that no probe saw. */
const LONGEST_LOOK_BACK_MS = 7 * 86_400_000
