import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { together } from '../db/together.ts'
import { listDestinationsByIds, type SavedDestination } from '../destinations/store.ts'
import { listIntegrationsByIds, type SavedIntegration } from '../integrations/store.ts'
import type { Act } from '../providers/provider.ts'
import { type Candidate, candidatesOf } from './candidates.ts'
import { claimLooks, markLost, markSending } from './claims-store.ts'
import { dueHead, nextLookAt } from './heads.ts'
import {
  type ClaimedLane,
  claimLanes,
  type Head,
  listFlying,
  listHeads,
  lockDueLanes,
  type Released,
  releaseLanes,
} from './lanes/lanes-store.ts'
import { LOOK_AFTER_MS } from './next-step.ts'
import type { Claimed } from './store.ts'
import { listMarks } from './sweeps/sweeps-store.ts'
import { withTokens } from './tokens.ts'

/** Longer than the slowest attempt can take: a conversation opened and a message posted, each bounded in time. */
export const LEASE_MS = 30_000

/** A delivery to be worked on, with all that its lane and its tokens say about it. */
export type Taken = {
  delivery: Claimed
  integration: SavedIntegration
  destination: SavedDestination
  /** `look`: its outcome is unknown, and it is looked for first. */
  act: Act | 'look'
  /** When its conversation has a token for the next one. */
  pacedUntil: number
  /** A reading of performance.now(): the lease runs from here, whatever the clocks do. */
  claimedAtMs: number
}

export type ClaimRequest = {
  now: number
  limit: number
  /** Integrations whose method has no token, and until when. Filled here. */
  blocked: Map<string, number>
  /** How many of each integration are in flight: a slow one must leave places to the others. */
  inFlight: ReadonlyMap<string, number>
}

/** Places that one integration takes at most. */
export const MOST_OF_ONE = 256
/** From so many on it gets none: one claim is for all integrations alike, and must have room for the others too. */
const CROWDED_FROM = MOST_OF_ONE - 64

/**
 * Takes on what is due, in the caller's transaction: at most one delivery of each destination, each with its tokens.
 * `again`: some lane has another head now, which is due. `isFull`: more may be due than there was room for.
 */
export async function claimDue(
  ctx: AppContext,
  trx: Db,
  request: ClaimRequest,
): Promise<{ taken: Taken[]; again: boolean; isFull: boolean }> {
  const { now, blocked } = request
  const claimedAtMs = performance.now()
  const notOf = [...blocked.keys(), ...crowdedOf(request.inFlight)]
  const room = roomOf(request)
  const lanes = await lockDueLanes(trx, { now, limit: room, notOf })
  if (lanes.length === 0) return { taken: [], again: false, isFull: false }
  const destinationIds = lanes.map((lane) => lane.destinationId)
  const integrationIds = [...new Set(lanes.map((lane) => lane.integrationId))]
  const [listed, first, destinations, integrations] = await together(trx, [
    () => listFlying(trx, destinationIds),
    () => listHeads(trx, destinationIds),
    () => listDestinationsByIds(trx, destinationIds),
    () => listIntegrationsByIds(trx, integrationIds),
    () => claimLanes(trx, lanes, { by: ctx.workerId, leaseEndsAt: now + LEASE_MS }),
  ])
  const flying = new Map(listed.map((each) => [each.destinationId, each]))
  const heads = Map.groupBy(first, (head) => head.destinationId)
  const chosen: { lane: ClaimedLane; head: Head }[] = []
  const released: Released[] = []
  const lost: string[] = []
  let misplaced = false
  for (const lane of lanes) {
    const { destinationId, rank } = lane
    const ofLane = heads.get(destinationId) ?? []
    const isStopped = lane.stoppedCode !== null
    const sending = flying.get(destinationId)
    const head = dueHead(ofLane, isStopped, now)
    if (sending) {
      const isLost = sending.leaseEndsAt <= now
      if (isLost) lost.push(sending.id)
      // A replica of the version before does not wake the lane when it is done.
      const nextAt = isLost ? now : Math.min(sending.leaseEndsAt, now + LOOK_AFTER_MS)
      released.push({ destinationId, rank, nextAt })
    } else if (head && head.rank > rank) {
      // What made the lane more urgent is gone: it stands behind those that still are.
      released.push({ destinationId, rank: head.rank, nextAt: lane.nextAt })
      misplaced = true
    } else if (head) chosen.push({ lane, head })
    else released.push(nextLookAt({ destinationId, isStopped }, ofLane, now))
  }
  await markLost(trx, lost, { now, dueAt: now + LOOK_AFTER_MS })
  for (const id of lost) ctx.log.warn('delivery.lost', { deliveryId: id })

  // Once the lanes are locked: nothing is swept or put into line there meanwhile.
  const marks = chosen.some(({ head }) => head.swept) ? await listMarks(trx) : []
  const { candidates, again } = await candidatesOf(
    ctx,
    trx,
    { chosen, destinations, integrations, marks },
    released,
    now,
  )
  const ready = await withTokens(ctx, trx, candidates, released, request)
  const [taken] = await together(trx, [
    () => mark(ctx, trx, ready, { now, claimedAtMs }),
    () => releaseLanes(trx, ctx.workerId, released, { seen: true }),
  ])
  const isFull = lanes.length === room
  return {
    taken,
    // Lanes that got no token made room: others may be due behind them.
    again: again || misplaced || lost.length > 0 || (isFull && ready.length < lanes.length),
    isFull,
  }
}

/** Integrations that have, or could get by one claim, all the places they may take. */
export const crowdedOf = (inFlight: ClaimRequest['inFlight']): string[] =>
  [...inFlight].filter(([, count]) => count >= CROWDED_FROM).map(([id]) => id)

/** So few that none of the integrations that are not crowded yet can be overcrowded by one claim. */
function roomOf({ limit, inFlight }: ClaimRequest): number {
  const busiest = Math.max(0, ...[...inFlight.values()].filter((count) => count < CROWDED_FROM))
  return Math.min(limit, MOST_OF_ONE - busiest)
}

async function mark(
  ctx: AppContext,
  trx: Db,
  taken: (Candidate & { pacedUntil: number })[],
  { now, claimedAtMs }: { now: number; claimedAtMs: number },
): Promise<Taken[]> {
  const claim = { by: ctx.workerId, now, leaseEndsAt: now + LEASE_MS }
  const ids = (isLook: boolean) =>
    taken.filter(({ act }) => (act === 'look') === isLook).map(({ delivery }) => delivery.id)
  const marked = new Set([...(await markSending(trx, ids(false), claim)), ...(await claimLooks(trx, ids(true), claim))])
  return taken.flatMap(({ delivery, integration, destination, act, pacedUntil }) => {
    // A row that changed meanwhile is looked at again when the lane's lease ends.
    if (!marked.has(delivery.id)) return []
    const sending = act === 'look' ? {} : ({ state: 'sending', stateAt: now } as const)
    // The row is this turn's own, and fifty columns of each are not worth copying.
    const held = Object.assign(delivery, sending, { claimedBy: claim.by, leaseEndsAt: claim.leaseEndsAt })
    return [{ delivery: held, integration, destination, act, pacedUntil, claimedAtMs }]
  })
}
