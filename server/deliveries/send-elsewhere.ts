import type { Message } from '../../shared/deliveries.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { getDestination } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'
import { getIntegration } from '../integrations/store.ts'
import type { Actor } from '../users/actor.ts'
import { auditSubject } from './audit-subject.ts'
import { listContinuations } from './continuations-store.ts'
import { lineUp, type PausedTypes } from './lanes/places-store.ts'
import { getDelivery } from './list-store.ts'
import { keptFrom } from './replay-delivery.ts'
import type { SavedDelivery } from './store.ts'
import { deliveryOf } from './to-row.ts'

/** Sends the message of a delivery, with its continuations, to another destination, as new ones; the old stay as they are. */
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
    const copyOf = (which: SavedDelivery) =>
      deliveryOf(ctx, {
        ...keptFrom(which),
        destination,
        integrationName: integration.name,
        message: JSON.parse(which.message) as Message, // it was checked when it was taken in
        createdBy: actor.name,
        replayOf: which.id,
      })
    const row = copyOf(old)
    const parts = (await listContinuations(trx, old)).map(copyOf)
    if (parts.length > 0 && destination.kind !== 'webhook') row.threadKey ??= row.id
    for (const part of parts) Object.assign(part, { partOf: row.id, threadKey: row.threadKey })
    await lineUp(trx, [row, ...parts], pausedTypes)
    await recordAudit(ctx, trx, actor, {
      action: 'delivery.sent_elsewhere',
      subject: auditSubject(old),
      detail: { delivery: row.id, from: old.destinationName, destination: destination.name },
    })
    return row
  })
  ctx.nudge('deliveries')
  return sent.id
}
