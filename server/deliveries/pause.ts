import type { Destination } from '../../shared/destinations.ts'
import type { Integration } from '../../shared/integrations.ts'
import type { Pausing } from '../../shared/pausing.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import {
  countDestinations,
  getDestination,
  listBotDestinationIds,
  listDestinationsByIds,
  type SavedDestination,
  updateDestination,
} from '../destinations/store.ts'
import { toDestination } from '../destinations/to-answer.ts'
import { closeIncident } from '../incidents/store.ts'
import { showIntegration } from '../integrations/show-integrations.ts'
import { lockIntegration, type SavedIntegration, updateIntegration } from '../integrations/store.ts'
import type { Actor } from '../users/actor.ts'
import { lockLanes, startLanes, stopLanes } from './lanes/stops-store.ts'
import { forgetQueue } from './queue.ts'
import { stoppedBy } from './stopped-by.ts'
import { tellPlatform } from './tell-platform.ts'

/** Holds what waits and what comes for a destination until it is resumed. One that is paused already stays as it is. */
export async function pauseDestination(
  ctx: AppContext,
  actor: Actor,
  id: string,
  { note }: Pausing,
): Promise<Destination> {
  await ctx.db.transaction().execute(async (trx) => {
    const { destination } = await lockBoth(trx, id)
    if (destination.pausedAt !== null) return
    await updateDestination(trx, id, pauseOf(ctx, actor))
    await stopLanes(trx, { destinationIds: [id] }, 'destination_paused', await ctx.storeNow(trx))
    await recordAudit(ctx, trx, actor, {
      action: 'destination.paused',
      subject: { kind: 'destination', id, name: destination.name },
      ...(note && { detail: { note } }),
    })
  })
  forgetQueue(ctx)
  return toDestination(await getDestination(ctx.db, id))
}

/** What was held goes out in its old order, and the incident that paused it is over. */
export async function resumeDestination(
  ctx: AppContext,
  actor: Actor,
  id: string,
  { note }: Pausing,
): Promise<Destination> {
  const isResumed = await ctx.db.transaction().execute(async (trx) => {
    const { lanes, integration, destination } = await lockBoth(trx, id)
    if (destination.pausedAt === null) return false
    await updateDestination(trx, id, RESUMED)
    const closed = await closeIncident(trx, id, { at: ctx.now(), by: actor.name })
    if (closed) await tellPlatform(ctx, trx, 'closed', closed)
    await startFree(ctx, trx, integration, lanes)
    await recordAudit(ctx, trx, actor, {
      action: 'destination.resumed',
      subject: { kind: 'destination', id, name: destination.name },
      detail: resumedDetail(destination, note),
    })
    return true
  })
  if (isResumed) ctx.nudge('deliveries')
  forgetQueue(ctx)
  return toDestination(await getDestination(ctx.db, id))
}

/**
 * Holds what waits and what comes for every destination of an integration until it is resumed. One that paused itself,
 * which its webhooks go on without, is paused whole.
 */
export async function pauseIntegration(
  ctx: AppContext,
  actor: Actor,
  id: string,
  { note }: Pausing,
): Promise<Integration> {
  await ctx.db.transaction().execute(async (trx) => {
    const lanes = await lockLanes(trx, { integrationId: id })
    const integration = await lockIntegration(trx, id)
    if (integration.pausedAt !== null && integration.pauseCode === null) return
    await updateIntegration(trx, id, pauseOf(ctx, actor))
    // Lines that stand still already are given the new reason, with all that waits in them, by the upkeep.
    const still = new Set(integration.pauseCode === null ? [] : await listBotDestinationIds(trx, id))
    const destinationIds = lanes.filter((each) => !still.has(each))
    await stopLanes(trx, { destinationIds }, 'integration_paused', await ctx.storeNow(trx))
    await recordAudit(ctx, trx, actor, {
      action: 'integration.paused',
      subject: { kind: 'integration', id, name: integration.name },
      ...(note && { detail: { note } }),
    })
  })
  return showIntegration(ctx, id, { countDestinations })
}

/** The lines of an integration go on, except those whose destination is paused or off by itself. */
export async function resumeIntegration(
  ctx: AppContext,
  actor: Actor,
  id: string,
  { note }: Pausing,
): Promise<Integration> {
  const isResumed = await ctx.db.transaction().execute(async (trx) => {
    const lanes = await lockLanes(trx, { integrationId: id })
    const integration = await lockIntegration(trx, id)
    if (integration.pausedAt === null) return false
    await updateIntegration(trx, id, RESUMED)
    const closed = await closeIncident(trx, id, { at: ctx.now(), by: actor.name })
    if (closed) await tellPlatform(ctx, trx, 'closed', closed)
    await startFree(ctx, trx, { ...integration, ...RESUMED }, lanes)
    await recordAudit(ctx, trx, actor, {
      action: 'integration.resumed',
      subject: { kind: 'integration', id, name: integration.name },
      detail: resumedDetail(integration, note),
    })
    return true
  })
  if (isResumed) ctx.nudge('deliveries')
  return showIntegration(ctx, id, { countDestinations })
}

const RESUMED = { pausedAt: null, pausedBy: null, pauseCode: null } as const

const pauseOf = (ctx: AppContext, actor: Actor) => ({ pausedAt: ctx.now(), pausedBy: actor.name, pauseCode: null })

/**
 * The lane, then the integration, as everybody locks them: a worker that writes what came of a message has its lane before
 * it marks where it went. The two switches of a line are then read as they stand.
 */
async function lockBoth(trx: Db, destinationId: string) {
  const { integrationId } = await getDestination(trx, destinationId)
  const lanes = await lockLanes(trx, { destinationId })
  const integration = await lockIntegration(trx, integrationId)
  return { lanes, integration, destination: await getDestination(trx, destinationId) }
}

/** Starts the lines that no other switch stops; upkeep names the reason anew of those that stay. */
async function startFree(
  ctx: AppContext,
  trx: Db,
  integration: SavedIntegration,
  destinationIds: string[],
): Promise<void> {
  const destinations = await listDestinationsByIds(trx, destinationIds)
  const free = [...destinations.values()].filter((destination) => stoppedBy(integration, destination) === undefined)
  await startLanes(
    trx,
    free.map(({ id }) => id),
    await ctx.storeNow(trx),
  )
}

function resumedDetail(
  { pausedBy, pauseCode }: Pick<SavedDestination, 'pausedBy' | 'pauseCode'>,
  note: string | undefined,
): Record<string, unknown> {
  return { pausedBy, ...(pauseCode !== null && { code: pauseCode }), ...(note && { note }) }
}
