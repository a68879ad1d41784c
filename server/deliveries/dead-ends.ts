import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { listBotDestinationIds, updateDestination } from '../destinations/store.ts'
import { openIncident, type SavedIncident } from '../incidents/store.ts'
import { findIntegration, updateIntegration } from '../integrations/store.ts'
import type { Taken } from './claim.ts'
import { stopLanes } from './lanes/stops-store.ts'
import type { DeadEnd } from './next-step.ts'
import { tellPlatform } from './tell-platform.ts'

/**
 * Nothing can be sent there until somebody acts: the destination, or the integration with all that goes through its bot,
 * is paused with its backlog, and an incident says why. In the transaction of the attempt that found it out.
 */
export async function markDeadEnd(
  ctx: AppContext,
  trx: Db,
  { step, taken, now }: { step: DeadEnd; taken: Taken; now: number },
): Promise<void> {
  const { integration, destination, delivery } = taken
  const { code, detail = null } = step
  const isDestination = step.stops === 'destination'
  const subject = isDestination ? destination : integration
  const pause = { pausedAt: now, pausedBy: 'Switchboard', pauseCode: code }
  if (isDestination) {
    await updateDestination(trx, destination.id, { ...pause, state: 'failing', code, stateAt: now })
    await stopLanes(trx, { destinationIds: [destination.id] }, code, now)
  } else {
    const current = await findIntegration(trx, integration.id)
    // Somebody has paused all of it meanwhile, webhooks too, and it stays so.
    const isPaused = current?.pausedAt != null && current.pauseCode === null
    const found = { state: 'failing', stateCode: code, stateAt: now } as const
    await updateIntegration(trx, integration.id, { ...(!isPaused && pause), ...found })
    await stopLanes(trx, { destinationIds: await listBotDestinationIds(trx, integration.id) }, code, now)
  }
  const incident: SavedIncident = {
    id: ctx.newId('inc'),
    subjectKind: step.stops,
    subjectId: subject.id,
    subjectName: subject.name,
    integrationId: integration.id,
    code,
    detail,
    deliveryId: delivery.id,
    openedAt: now,
    closedAt: null,
    closedBy: null,
  }
  if (!(await openIncident(trx, incident))) return
  await tellPlatform(ctx, trx, 'opened', incident)
  ctx.log.warn('incident.opened', { subjectKind: step.stops, subjectId: subject.id, code })
}
