import { setTimeout as wait } from 'node:timers/promises'
import type { Message } from '../../shared/deliveries.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { getDestination } from '../destinations/store.ts'
import { getIntegration } from '../integrations/store.ts'
import type { Actor } from '../users/actor.ts'
import { lineUp } from './lanes/places-store.ts'
import { findDelivery } from './list-store.ts'
import { standardMessage } from './standard-message.ts'
import { deliveryOf } from './to-row.ts'

const LONGEST_WAIT_MS = 12_000
const FIRST_LOOK_MS = 20
const SLOWEST_LOOK_MS = 250

/**
 * Sends a message to a destination as any other delivery goes, and waits a while for its outcome; answers its id. What
 * an admin wrote goes out as written; else the standard message does.
 */
export async function testSend(
  ctx: AppContext,
  actor: Actor,
  destinationId: string,
  message: Message | undefined,
  signal: AbortSignal,
): Promise<string> {
  const id = await ctx.db.transaction().execute(async (trx) => {
    const destination = await getDestination(trx, destinationId)
    const integration = await getIntegration(trx, destination.integrationId)
    const standard = standardMessage({ from: ctx.publicUrl, by: actor.name, to: destination.name })
    const delivery = deliveryOf(ctx, {
      destination,
      integrationName: integration.name,
      message: message ?? standard,
      origin: 'test',
      // Somebody is watching: it goes before what waits for the same destination.
      priority: 'urgent',
      createdBy: actor.name,
    })
    await lineUp(trx, [delivery])
    await recordAudit(ctx, trx, actor, {
      action: 'destination.tested',
      subject: { kind: 'destination', id: destination.id, name: destination.name },
      detail: { delivery: delivery.id },
    })
    return delivery.id
  })
  ctx.nudge('deliveries')
  await outcomeOf(ctx, id, signal)
  return id
}

/** Resolves when the delivery is no longer on its way, or the waiting has been long enough, or nobody waits any more. */
async function outcomeOf(ctx: AppContext, id: string, signal: AbortSignal): Promise<void> {
  let waitedMs = 0
  for (let lookMs = FIRST_LOOK_MS; waitedMs < LONGEST_WAIT_MS && !signal.aborted; ) {
    const delivery = await findDelivery(ctx.db, id)
    if (!delivery || !['pending', 'sending', 'retrying'].includes(delivery.state)) return
    // A longer wait than this is worth telling now, with its reason.
    if (delivery.state === 'retrying' && delivery.dueAt - ctx.now() > LONGEST_WAIT_MS - waitedMs) return
    await wait(lookMs)
    waitedMs += lookMs
    lookMs = Math.min(lookMs * 1.5, SLOWEST_LOOK_MS)
  }
}
