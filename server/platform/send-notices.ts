import type { AppContext } from '../context.ts'
import { closeIncident, openIncident } from '../incidents/store.ts'
import { claimDue, insertAttempt, type SavedCall, settleCall } from './calls-store.ts'
import { type Attempt, attemptCall, attemptRow, beginningOf } from './exchange.ts'
import { type NoticeStep, noticeStep } from './outcome.ts'
import { findEndpoint, type SavedEndpoint } from './store.ts'

/** Standard Webhooks: 15 to 30 s, so that a receiver may be slow but not for ever. */
const NOTICE_DEADLINE_MS = 15_000
/** Well above the deadline: the lease ends only when its worker is no more. */
const LEASE_MS = 60_000
const AT_ONCE = 5

/** Sends the next few due notices of an integration, side by side. Gives their number. */
export async function sendNotices(ctx: AppContext, integrationId: string): Promise<number> {
  const endpoint = await findEndpoint(ctx.db, integrationId)
  if (!endpoint || endpoint.disabledAt !== null) return 0
  const now = await ctx.storeNow(ctx.db)
  const claim = { integrationId, by: ctx.workerId, now, leaseMs: LEASE_MS, limit: AT_ONCE }
  const claimed = await claimDue(ctx.db, claim)
  await Promise.all(claimed.map((call) => sendOne(ctx, endpoint, call)))
  return claimed.length
}

async function sendOne(ctx: AppContext, endpoint: SavedEndpoint, call: SavedCall): Promise<void> {
  const { id, tries } = call
  const attempt = await attemptCall(ctx, endpoint, { id, body: call.request, deadlineMs: NOTICE_DEADLINE_MS })
  const triedForMs = ctx.now() - Number(call.createdAt)
  const step = noticeStep(attempt.outcome, { tries, triedForMs }, ctx.random)
  const settled = await ctx.db.transaction().execute(async (trx) => {
    const isOurs = await settleCall(trx, call, outcomeRow(call, attempt, step, ctx.now(), await ctx.storeNow(trx)))
    if (!isOurs) return false
    await insertAttempt(trx, attemptRow(id, tries, attempt))
    if (step.state === 'delivered') await closeIncident(trx, endpoint.id, { at: ctx.now(), by: 'Switchboard' })
    if (step.state === 'failed') await openIncident(trx, incidentOf(ctx, endpoint, call, step.code))
    return true
  })
  const { kind, integrationId } = call
  const code = 'code' in step ? step.code : null
  ctx.log.info('platform.notified', { callId: id, integrationId, kind, tries, next: step.state, code, settled })
}

function outcomeRow(call: SavedCall, { outcome }: Attempt, step: NoticeStep, now: number, storeNow: number) {
  const { state } = step
  const why = {
    code: 'code' in step ? step.code : null,
    detail: (outcome.kind === 'failed' && state !== 'delivered' && outcome.detail) || null,
  }
  if (step.state === 'retrying') {
    return { state, request: call.request, dueAt: storeNow + step.waitMs, endedAt: null, ...why }
  }
  return { state, request: beginningOf(call.request), dueAt: Number(call.dueAt), endedAt: now, ...why }
}

function incidentOf(ctx: AppContext, endpoint: SavedEndpoint, call: SavedCall, code: string) {
  return {
    id: ctx.newId('inc'),
    subjectKind: 'platform_endpoint' as const,
    subjectId: endpoint.id,
    subjectName: new URL(endpoint.url).host,
    integrationId: endpoint.integrationId,
    code,
    detail: `The notice ${call.kind} (${call.id}) was given up after ${call.tries} attempts.`,
    deliveryId: null,
    openedAt: ctx.now(),
    closedAt: null,
    closedBy: null,
  }
}
