import { Message } from '../../shared/deliveries.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { findDestination } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'
import { findIntegration } from '../integrations/store.ts'
import type { Actor } from '../users/actor.ts'
import { lineUp } from './lanes/lanes-store.ts'
import { getDelivery } from './list-store.ts'
import { replayableStates } from './states.ts'
import { deliveryOf } from './to-row.ts'

/** Sends the message of a delivery that did not arrive once more, as a new delivery that names the old one. */
export async function replayDelivery(ctx: AppContext, actor: Actor, id: string): Promise<string> {
  const replay = await ctx.db.transaction().execute(async (trx) => {
    const old = await getDelivery(trx, id)
    if (!replayableStates.some((state) => state === old.state)) {
      throw new Refusal('conflict', `Delivery ${id} is ${old.state}; only one that ended without arriving is replayed.`)
    }
    const destination = await findDestination(trx, old.destinationId)
    const integration = destination && (await findIntegration(trx, destination.integrationId))
    if (!destination || !integration) {
      throw new Refusal(
        'conflict',
        `Delivery ${id} went to ${old.destinationName ?? 'a destination'}, which was deleted.`,
        {
          fix: 'Send the message to another destination.',
        },
      )
    }
    const row = deliveryOf(ctx, {
      destination,
      integrationName: integration.name,
      message: Message.parse(JSON.parse(old.message)),
      origin: old.origin,
      priority: old.priority,
      createdBy: actor.name,
      replayOf: old.id,
      ...(old.eventId !== null && { eventId: old.eventId }),
    })
    await lineUp(trx, [row])
    await recordAudit(ctx, trx, actor, {
      action: 'delivery.replayed',
      subject: { kind: 'delivery', id: old.id, name: old.title },
      detail: { replay: row.id, destination: destination.name },
    })
    return row
  })
  ctx.nudge('deliveries')
  return replay.id
}
