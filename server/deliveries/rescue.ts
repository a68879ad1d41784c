import type { AppContext } from '../context.ts'
import { findDestination } from '../destinations/store.ts'
import { findIntegration } from '../integrations/store.ts'
import { stoppedBy } from './prepare.ts'
import { cancelWaiting, listHeldLanes, relabelHeld, releaseHeld, rescueEndedLeases } from './store.ts'

/** Frees what a worker that died was sending. It may have reached Slack, so it is unconfirmed, not tried again. */
export async function rescueLost(ctx: AppContext): Promise<number> {
  const rescued = await rescueEndedLeases(ctx.db, ctx.now())
  for (const { id, integrationId, destinationId } of rescued) {
    ctx.log.warn('delivery.rescued', { deliveryId: id, integrationId, destinationId })
  }
  return rescued.length
}

/** Puts back in line what was held for a switch that is on again, and ends what was held for something deleted. */
export async function resumeHeld(ctx: AppContext): Promise<number> {
  let moved = 0
  for (const { code, ...lane } of await listHeldLanes(ctx.db)) {
    const integration = await findIntegration(ctx.db, lane.integrationId)
    const destination = await findDestination(ctx.db, lane.destinationId)
    if (!integration) moved += await cancelWaiting(ctx.db, lane, 'integration_deleted', ctx.now())
    else if (!destination) moved += await cancelWaiting(ctx.db, lane, 'destination_deleted', ctx.now())
    else {
      const stopped = stoppedBy(integration, destination)
      if (!stopped) moved += await releaseHeld(ctx.db, lane, ctx.now())
      else if (stopped.code !== code) await relabelHeld(ctx.db, lane, stopped.code, ctx.now())
    }
  }
  return moved
}
