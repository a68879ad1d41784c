import { slackCode } from '../../shared/slack-codes.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import { openConnection } from '../integrations/credentials.ts'
import { listEnabledIntegrations, markIntegration, type SavedIntegration } from '../integrations/store.ts'
import { providers } from '../providers/registry.ts'
import { claimProbe, insertProbe, isUnclaimed, listProbeClaims } from './store.ts'

/**
 * Probes every integration whose turn in this minute has come and that no replica has taken on. Each has its own second
 * of the minute, so that many do not ask Slack at once. Says how many were probed.
 */
export async function probeDue(ctx: AppContext): Promise<number> {
  const now = ctx.now()
  const integrations = await listEnabledIntegrations(ctx.db)
  if (integrations.length === 0) return 0
  const claims = await listProbeClaims(ctx.db)
  const due = integrations
    .map((integration) => ({ integration, minuteAt: lastTurn(integration.id, now) }))
    .filter(({ integration, minuteAt }) => isUnclaimed(claims.get(integration.id), minuteAt))
  const probed = await Promise.all(due.map(({ integration, minuteAt }) => probeOnce(ctx, integration, minuteAt)))
  return probed.filter(Boolean).length
}

/** The minute whose turn for this integration came last: turns lie at a second of the minute that its id picks. */
function lastTurn(integrationId: string, now: number): number {
  let sum = 0
  for (const char of integrationId) sum = (sum * 31 + char.charCodeAt(0)) % 60
  return Math.floor((now - sum * 1_000) / MINUTE_MS) * MINUTE_MS
}

async function probeOnce(ctx: AppContext, integration: SavedIntegration, minuteAt: number): Promise<boolean> {
  if (!(await claimProbe(ctx.db, integration.id, minuteAt))) return false
  const connection = await openConnection(ctx, integration.id).catch((error: unknown) => {
    // Deleted meanwhile, or sealed by another key: nothing that Slack could be asked.
    if (error instanceof Refusal) return undefined
    throw error
  })
  if (!connection?.secrets.botToken) return false
  const result = await providers[integration.provider].probe(ctx, connection)
  const failure = result.kind === 'failed' ? result.failure : undefined
  const at = ctx.now()
  await insertProbe(ctx.db, {
    id: ctx.newId('prb'),
    integrationId: integration.id,
    at,
    tookMs: result.exchange.tookMs,
    ok: Number(!failure),
    code: failure?.code ?? null,
  })
  if (failure?.kind === 'permanent' && isOfCredential(failure.stops)) {
    await markIntegration(ctx.db, integration.id, { state: 'failing', code: failure.code, at })
  }
  if (!failure && integration.state === 'failing' && isOfCredential(slackCode(integration.stateCode ?? '').stops)) {
    // The very thing that was dead has just answered.
    await markIntegration(ctx.db, integration.id, { state: 'ok', at })
  }
  return true
}

const isOfCredential = (stops: string) => stops === 'credential' || stops === 'integration'
const MINUTE_MS = 60_000
