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
import type { PausedTypes } from './lanes/places-store.ts'
import { LOOK_AFTER_MS } from './next-step.ts'
import type { Claimed, SavedDelivery } from './store.ts'
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
  /** A reading of performance.now(), not after the lease began: it runs from here, whatever the clocks do. */
  claimedAtMs: number
}

export type ClaimRequest = {
  now: number
  /** A reading of performance.now() from when it was that, or before. */
  nowAtMs: number
  limit: number
  /** Integrations whose method has no token, and until when. Filled here. */
  blocked: Map<string, number>
  /** How many of each integration are in flight: a slow one must leave places to the others. */
  inFlight: ReadonlyMap<string, number>
  pausedTypes?: PausedTypes | undefined
}

/** Places that one integration takes at most. */
export const MOST_OF_ONE = 256
/** From so many on it gets none: one claim is for all integrations alike, and must have room for the others too. */
const CROWDED_FROM = MOST_OF_ONE - 64

/** The lanes of a claim: `due` of at most `room`, and those that are this worker's already. */
type Claimable = { due: ClaimedLane[]; room: number; goingOn: ClaimedLane[] }

/** Locks what is due beside so many lanes that go on, as a claim's first step. */
export async function lockDue(trx: Db, request: ClaimRequest, goingOn: number): Promise<Omit<Claimable, 'goingOn'>> {
  const room = Math.max(0, roomOf(request) - goingOn)
  if (room === 0) return { due: [], room }
  const notOf = [...request.blocked.keys(), ...crowdedOf(request.inFlight)]
  return { due: await lockDueLanes(trx, { now: request.now, limit: room, notOf }), room }
}

/**
 * Takes on what is due, in the caller's transaction: at most one delivery of each destination, each with its tokens.
 * `again`: some lane has another head now, which is due. `isFull`: more may be due than there was room for.
 */
export async function claimDue(
  ctx: AppContext,
  trx: Db,
  request: ClaimRequest,
  { due, room, goingOn }: Claimable,
): Promise<{ taken: Taken[]; again: boolean; isFull: boolean }> {
  const { now } = request
  const isFull = due.length === room
  const lanes = [...goingOn, ...due]
  if (lanes.length === 0) return { taken: [], again: false, isFull }
  const destinationIds = lanes.map((lane) => lane.destinationId)
  const integrationIds = [...new Set(lanes.map((lane) => lane.integrationId))]
  const [listed, first, destinations, integrations] = await together(trx, [
    (one) => listFlying(one, destinationIds),
    (one) => listHeads(one, destinationIds),
    (one) => listDestinationsByIds(one, destinationIds),
    (one) => listIntegrationsByIds(one, integrationIds),
    (one) => claimLanes(one, due, { by: ctx.workerId, leaseEndsAt: now + LEASE_MS }),
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
    { chosen, destinations, integrations, marks, pausedTypes: request.pausedTypes },
    released,
    now,
  )
  const ready = await withTokens(ctx, trx, candidates, released, request)
  const claim = { by: ctx.workerId, now, leaseEndsAt: now + LEASE_MS }
  const [sending, looks] = await together(trx, [
    (one) => markSending(one, sendingOf(ready), claim),
    (one) => claimLooks(one, lookedForOf(ready), claim),
    (one) => releaseLanes(one, ctx.workerId, released),
  ])
  return {
    taken: takenOf(ready, new Set([...sending, ...looks]), { ...claim, claimedAtMs: request.nowAtMs }),
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

type Ready = Candidate & { pacedUntil: number }

const lookedForOf = (ready: readonly Ready[]): string[] =>
  ready.filter(({ act }) => act === 'look').map(({ delivery }) => delivery.id)

const sendingOf = (ready: readonly Ready[]): Pick<SavedDelivery, 'id' | 'threadTs'>[] =>
  ready.flatMap(({ act, delivery }) => (act === 'look' ? [] : [{ id: delivery.id, threadTs: threadOf(act, delivery) }]))

/** The thread that it is sent into, or that what it changes stands in. */
const threadOf = (act: Act, { threadTs }: SavedDelivery): string | null =>
  act.kind === 'delete' ? threadTs : (act.threadTs ?? null)

/** A row that changed meanwhile is left out: it is looked at again when the lane's lease ends. */
function takenOf(
  ready: readonly Ready[],
  marked: ReadonlySet<string>,
  { by, now, leaseEndsAt, claimedAtMs }: { by: string; now: number; leaseEndsAt: number; claimedAtMs: number },
): Taken[] {
  return ready.flatMap(({ delivery, integration, destination, act, pacedUntil }) => {
    if (!marked.has(delivery.id)) return []
    const threadTs = act === 'look' ? delivery.threadTs : threadOf(act, delivery)
    const sending = act === 'look' ? {} : ({ state: 'sending', stateAt: now, threadTs } as const)
    // The row is this turn's own, and fifty columns of each are not worth copying.
    const held = Object.assign(delivery, sending, { claimedBy: by, leaseEndsAt })
    return [{ delivery: held, integration, destination, act, pacedUntil, claimedAtMs }]
  })
}
