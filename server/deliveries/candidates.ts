import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import type { SavedDestination } from '../destinations/store.ts'
import type { SavedIntegration } from '../integrations/store.ts'
import type { Act } from '../providers/provider.ts'
import { endUnsent, holdTest, leaveLine } from './claims-store.ts'
import { foldFlood } from './fold.ts'
import type { ClaimedLane, Head, Released } from './lanes/lanes-store.ts'
import type { PausedTypes } from './lanes/places-store.ts'
import { stopLanes } from './lanes/stops-store.ts'
import { planOf } from './plan.ts'
import { takeAlong } from './quiet/take-along.ts'
import { hasEnded } from './states.ts'
import { stoppedBy } from './stopped-by.ts'
import type { SavedDelivery } from './store.ts'
import { beginCancelling } from './sweeps/begin.ts'
import { keepsBack, type Mark } from './sweeps/keeps-back.ts'
import { holdForType } from './waiting-store.ts'

export type Candidate = {
  lane: ClaimedLane
  delivery: SavedDelivery
  integration: SavedIntegration
  destination: SavedDestination
  act: Act | 'look'
}

/** Heads whose time has come, with what is known of the places they go to. */
type Found = {
  chosen: readonly { lane: ClaimedLane; head: Head }[]
  destinations: ReadonlyMap<string, SavedDestination>
  integrations: ReadonlyMap<string, SavedIntegration>
  marks: readonly Mark[]
  pausedTypes?: PausedTypes | undefined
}

/** What of the heads may go out now. The lanes of the others are let go, each with the reason dealt with. */
export async function candidatesOf(
  ctx: AppContext,
  trx: Db,
  { chosen, destinations, integrations, marks, pausedTypes }: Found,
  released: Released[],
  now: number,
): Promise<{ candidates: Candidate[]; again: boolean }> {
  const candidates: Candidate[] = []
  const over: string[] = []
  let again = false
  // What a worker had in hand while its type was paused could not be held then.
  const types = new Set(chosen.flatMap(({ head }) => (isTriedAgain(head) && head.type !== null ? [head.type] : [])))
  const paused = types.size > 0 ? await pausedTypes?.(trx, [...types]) : undefined
  for (const { lane, head: delivery } of chosen) {
    const integration = integrations.get(delivery.integrationId)
    const destination = destinations.get(delivery.destinationId)
    const letGo = { destinationId: lane.destinationId, rank: lane.rank, nextAt: now }
    if (hasEnded(delivery.state)) {
      over.push(lane.destinationId)
      released.push(letGo)
      again = true
      continue
    }
    if (!integration || !destination) {
      const gone = integration
        ? ({ kind: 'destination', subject: delivery.destinationId } as const)
        : ({ kind: 'integration', subject: delivery.integrationId } as const)
      await beginCancelling(ctx, trx, gone)
      released.push({ ...letGo, nextAt: null })
      continue
    }
    if (keepsBack(marks, delivery)) {
      released.push({ ...letGo, nextAt: now + SWEPT_WITHIN_MS })
      continue
    }
    if (isTriedAgain(delivery) && delivery.type !== null && paused?.has(delivery.type)) {
      await holdForType(trx, [delivery.id], now)
      released.push(letGo)
      again = true
      continue
    }
    const code = stoppedBy(integration, destination, delivery.rank === -1)
    if (code !== undefined) {
      await stop(ctx, trx, delivery, code, now)
      // Once more, as one that only tests leave: one may wait behind this delivery.
      released.push({ ...letGo, rank: -1 })
      again = true
      continue
    }
    const act = delivery.state === 'unconfirmed' ? 'look' : await actOf(ctx, trx, { delivery, destination }, now)
    if (act) candidates.push({ lane, delivery, integration, destination, act })
    else {
      released.push(letGo)
      again = true
    }
  }
  await leaveLine(trx, over)
  return { candidates, again }
}

const isTriedAgain = ({ state, rank }: Head): boolean => state === 'retrying' && rank >= 0

/** When a head that a sweep has to reach first is looked at again. */
const SWEPT_WITHIN_MS = 1_000

/** Undefined: the lane has another head now. */
async function actOf(
  ctx: AppContext,
  trx: Db,
  { delivery, destination }: Pick<Candidate, 'delivery' | 'destination'>,
  now: number,
): Promise<Act | undefined> {
  if (delivery.rank === 2 && delivery.foldAfter !== null && (await foldFlood(ctx, trx, delivery, destination, now))) {
    return undefined
  }
  if (destination.kind !== 'webhook') await takeAlong(ctx, trx, delivery, now)
  const plan = await planOf(trx, delivery, destination, now)
  switch (plan.kind) {
    case 'go':
      return plan.act
    case 'after_parent':
      return undefined
    case 'suppress':
      await endUnsent(trx, delivery.id, { state: 'suppressed', code: plan.code }, now)
      ctx.log.info('delivery.suppressed', { deliveryId: delivery.id, code: plan.code })
      return undefined
    case 'fail':
      await endUnsent(trx, delivery.id, { state: 'failed', code: plan.code }, now)
      ctx.log.warn('delivery.failed', { deliveryId: delivery.id, code: plan.code })
      return undefined
  }
}

/** A switch was found off that the lane knew nothing of. */
async function stop(ctx: AppContext, trx: Db, delivery: SavedDelivery, code: string, now: number): Promise<void> {
  const { destinationId } = delivery
  if (delivery.rank === -1) await holdTest(trx, delivery.id, code, now)
  await stopLanes(trx, { destinationIds: [destinationId] }, code, now)
  ctx.log.info('lane.stopped', { destinationId, code })
}
