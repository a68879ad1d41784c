import type { AppContext } from '../context.ts'
import { findDestination } from '../destinations/store.ts'
import { findIntegration, type SavedIntegration } from '../integrations/store.ts'
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
  const integrations = new Map<string, SavedIntegration | undefined>()
  for (const { code, ...lane } of await listHeldLanes(ctx.db)) {
    const { integrationId } = lane
    if (!integrations.has(integrationId)) integrations.set(integrationId, await findIntegration(ctx.db, integrationId))
    moved += await resumeLane(ctx, lane, code, integrations.get(integrationId))
  }
  return moved
}

type Lane = { integrationId: string; destinationId: string }

async function resumeLane(
  ctx: AppContext,
  lane: Lane,
  heldFor: string | null,
  integration: SavedIntegration | undefined,
): Promise<number> {
  const now = ctx.now()
  if (!integration) return cancelWaiting(ctx.db, lane, 'integration_deleted', now)
  const destination = await findDestination(ctx.db, lane.destinationId)
  if (!destination) return cancelWaiting(ctx.db, lane, 'destination_deleted', now)
  const stopped = stoppedBy(integration, destination)
  if (!stopped) return releaseHeld(ctx.db, lane, now)
  if (stopped.code !== heldFor) await relabelHeld(ctx.db, lane, stopped.code, now)
  return 0
}
