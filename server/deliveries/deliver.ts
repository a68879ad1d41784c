import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { markDelivered, markDestination, type SavedDestination } from '../destinations/store.ts'
import { markIntegration } from '../integrations/store.ts'
import type { SendResult } from '../providers/provider.ts'
import { providers } from '../providers/registry.ts'
import { nextStep, type Step } from './next-step.ts'
import { type Prepared, prepare } from './prepare.ts'
import { type Claimed, holdWaiting, insertAttempt, type Sent, settle, settleUnsent } from './store.ts'
import { attemptOf, permalinkOf } from './to-row.ts'

/** One attempt at one claimed delivery. A failed send is an outcome here, not an exception. */
export async function deliver(ctx: AppContext, delivery: Claimed): Promise<void> {
  const prepared = await prepare(ctx, delivery)
  if (prepared.kind !== 'ready') return putAside(ctx, delivery, prepared)
  const { integration, destination, connection, target, message } = prepared
  const startedAt = ctx.now()
  const result = await providers[integration.provider].send(ctx, connection, {
    deliveryId: delivery.id,
    target,
    message,
  })
  const endedAt = ctx.now()
  const step = nextStep(result, delivery.tries, ctx.random)
  const known = [...Object.values(connection.secrets), ...(target.kind === 'webhook' ? [target.url] : [])]
  const attempt = attemptOf(ctx.newId('att'), delivery, result, { startedAt, endedAt, known })
  const sent = sentOf(result, integration.workspaceUrl)

  const settled = await ctx.db.transaction().execute(async (trx) => {
    await insertAttempt(trx, attempt)
    await markOutcome(trx, destination, step, result, endedAt)
    return settle(trx, delivery, step, endedAt, sent)
  })
  const { request: _, response: __, ...told } = attempt
  ctx.log.info('delivery.attempted', {
    ...told,
    destinationId: destination.id,
    waitedMs: startedAt - delivery.createdAt,
    next: step.state,
    ...('waitMs' in step && { waitMs: step.waitMs }),
    settled,
  })
}

function sentOf(result: SendResult, workspaceUrl: string | null): Sent {
  if (result.kind !== 'sent') return {}
  const { messageTs = null, conversationId = null } = result
  const permalink = result.permalink ?? permalinkOf(workspaceUrl, conversationId, messageTs)
  return { messageTs, conversationId, permalink }
}

/** What an attempt says about more than its own message: the destination works, or what is dead until someone acts. */
async function markOutcome(trx: Db, destination: SavedDestination, step: Step, result: SendResult, at: number) {
  if (result.kind === 'sent') {
    const opened = destination.kind === 'person' ? result.conversationId : undefined
    await markDelivered(trx, destination.id, { at, conversationId: opened })
  }
  if (step.state !== 'failed') return
  switch (step.stops) {
    case 'destination':
      await markDestination(trx, destination.id, { state: 'failing', code: step.code, at })
      break
    case 'credential':
    case 'integration':
      await markIntegration(trx, destination.integrationId, { state: 'failing', code: step.code, at })
      break
    case 'message':
      break
  }
}

/** Slack was not asked: what waits for a switch is held with all of its lane, what has nowhere to go is cancelled. */
async function putAside(ctx: AppContext, delivery: Claimed, prepared: Exclude<Prepared, { kind: 'ready' }>) {
  const now = ctx.now()
  switch (prepared.kind) {
    case 'held': {
      const { code, lane } = prepared
      await ctx.db.transaction().execute(async (trx) => {
        await settleUnsent(trx, delivery, 'held', code, now)
        await holdWaiting(trx, lane, code, now)
      })
      ctx.log.info('delivery.held', { deliveryId: delivery.id, code, ...lane })
      break
    }
    case 'cancelled':
      await settleUnsent(ctx.db, delivery, 'cancelled', prepared.code, now)
      ctx.log.info('delivery.cancelled', { deliveryId: delivery.id, code: prepared.code })
      break
    case 'broke': {
      const step = nextStep({ kind: 'transient', code: 'not_prepared' }, delivery.tries, ctx.random)
      await settle(ctx.db, delivery, step, now)
      ctx.log.error('delivery.not_prepared', { deliveryId: delivery.id, error: prepared.error, next: step.state })
    }
  }
}
