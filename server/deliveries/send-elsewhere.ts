import type { Message } from '../../shared/deliveries.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { getDestination } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'
import { getIntegration } from '../integrations/store.ts'
import type { Actor } from '../users/actor.ts'
import { lineUp, type PausedTypes } from './lanes/places-store.ts'
import { getDelivery } from './list-store.ts'
import { keptFrom } from './replay-delivery.ts'
import { deliveryOf } from './to-row.ts'

/** Sends the message of a delivery to another destination, as a new delivery; the old one stays as it is. */
export async function sendElsewhere(
  ctx: AppContext,
  actor: Actor,
  id: string,
  { destinationId, pausedTypes }: { destinationId: string; pausedTypes: PausedTypes },
): Promise<string> {
  const sent = await ctx.db.transaction().execute(async (trx) => {
    const old = await getDelivery(trx, id)
    if (old.action === 'delete') {
      throw new Refusal('conflict', `Delivery ${id} takes a message away: there is nothing in it to send elsewhere.`)
    }
    if (old.destinationId === destinationId) {
      throw new Refusal('conflict', `Delivery ${id} goes to that destination already.`, {
        field: 'destinationId',
        fix: 'Replay it if it did not arrive.',
      })
    }
    const destination = await getDestination(trx, destinationId)
    const integration = await getIntegration(trx, destination.integrationId)
    const row = deliveryOf(ctx, {
      ...keptFrom(old),
      destination,
      integrationName: integration.name,
      message: JSON.parse(old.message) as Message, // it was checked when it was taken in
      createdBy: actor.name,
      replayOf: old.id,
    })
    await lineUp(trx, [row], pausedTypes)
    await recordAudit(ctx, trx, actor, {
      action: 'delivery.sent_elsewhere',
      subject: { kind: 'delivery', id: old.id, name: old.title },
      detail: { delivery: row.id, from: old.destinationName, destination: destination.name },
    })
    return row
  })
  ctx.nudge('deliveries')
  return sent.id
}
