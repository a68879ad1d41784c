import { Message } from '../../shared/deliveries.ts'
import type { AppContext } from '../context.ts'
import type { Finished } from './settle.ts'
import type { SavedDelivery } from './store.ts'
import { deliveryOf } from './to-row.ts'

/** The reply that tells of a change in place, for types that want one: an edit alone notifies nobody. */
export function trailOf(ctx: AppContext, { taken, step }: Finished): SavedDelivery[] {
  const { delivery, destination, act } = taken
  const isChange = act !== 'look' && act.kind === 'update' && delivery.updateKey !== null
  if (!isChange || step.state !== 'delivered' || delivery.updateTrail === null) return []
  const { text } = Message.parse(JSON.parse(delivery.message))
  return [
    deliveryOf(ctx, {
      destination,
      integrationName: delivery.integrationName ?? '',
      message: { text },
      title: `Updated: ${delivery.title}`,
      origin: delivery.origin,
      priority: delivery.priority,
      createdBy: delivery.createdBy,
      threadTs: act.threadTs ?? act.messageTs,
      targetId: null,
      ...(delivery.eventId !== null && { eventId: delivery.eventId }),
      ...(delivery.type !== null && { type: delivery.type }),
      ...(delivery.policy !== null && { policy: delivery.policy }),
    }),
  ]
}
