import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { listDestinationsByIds, type SavedDestination } from '../destinations/store.ts'
import { listIntegrationsByIds, type SavedIntegration } from '../integrations/store.ts'
import type { Act } from '../providers/provider.ts'
import { providers } from '../providers/registry.ts'
import { foldFlood } from './fold.ts'
import { lockBuckets, putBuckets, type SavedBucket } from './lanes/buckets-store.ts'
import {
  type ClaimedLane,
  claimLanes,
  type Head,
  listFlying,
  listHeads,
  type Released,
  releaseLanes,
  stopLanes,
} from './lanes/lanes-store.ts'
import { freeAtOf, takeTokens } from './lanes/pacing.ts'
import { needsOf } from './needs.ts'
import { LOOK_AFTER_MS } from './next-step.ts'
import { planOf } from './plan.ts'
import { stoppedBy } from './stopped-by.ts'
import {
  type Claimed,
  cancelWaiting,
  claimLooks,
  holdTest,
  listByIds,
  markLost,
  markSending,
  type SavedDelivery,
  suppressOne,
} from './store.ts'

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
export const MOST_OF_ONE = 64

type Candidate = {
  lane: ClaimedLane
  delivery: SavedDelivery
  integration: SavedIntegration
  destination: SavedDestination
  act: Act | 'look'
}

/**
 * Takes on what is due, in the caller's transaction: at most one delivery of each destination, each with its tokens.
 * `again`: some lane has another head now, which is due.
 */
export async function claimDue(
  ctx: AppContext,
  trx: Db,
  request: ClaimRequest,
): Promise<{ taken: Taken[]; again: boolean }> {
  const { now, limit, blocked } = request
  const claimedAtMs = performance.now()
  const crowded = [...request.inFlight].filter(([, count]) => count >= MOST_OF_ONE).map(([id]) => id)
  const notOf = [...blocked.keys(), ...crowded]
  const claimed = await claimLanes(trx, { by: ctx.workerId, now, leaseMs: LEASE_MS, limit, notOf })
  const { lanes, released } = withRoom(claimed, request.inFlight)
  if (claimed.length === 0) return { taken: [], again: false }
  const destinationIds = lanes.map((lane) => lane.destinationId)
  const flying = new Map((await listFlying(trx, destinationIds)).map((each) => [each.destinationId, each]))
  const heads = Map.groupBy(await listHeads(trx, destinationIds), (head) => head.destinationId)
  const chosen = new Map<string, { lane: ClaimedLane; head: Head }>()
  const lost: string[] = []
  for (const lane of lanes) {
    const { destinationId, rank } = lane
    const ofLane = heads.get(destinationId) ?? []
    const isStopped = lane.stoppedCode !== null
    const sending = flying.get(destinationId)
    const head = dueHead(ofLane, isStopped, now)
    if (sending) {
      const isLost = sending.leaseEndsAt <= now
      if (isLost) lost.push(sending.id)
      released.push({ destinationId, rank, nextAt: isLost ? now : sending.leaseEndsAt })
    } else if (head) chosen.set(head.id, { lane, head })
    else released.push(nextLookAt({ destinationId, isStopped }, ofLane, now))
  }
  await markLost(trx, lost, { now, dueAt: now + LOOK_AFTER_MS })
  for (const id of lost) ctx.log.warn('delivery.lost', { deliveryId: id })

  const { candidates, again } = await candidatesOf(ctx, trx, chosen, released, now)
  const ready = await withTokens(ctx, trx, candidates, released, request)
  await releaseLanes(trx, ctx.workerId, released)
  return {
    taken: await mark(ctx, trx, ready, { now, claimedAtMs }),
    again: again || lost.length > 0 || lanes.length < claimed.length,
  }
}

/** Lanes beyond what their integration may have in flight keep their place in the order. */
function withRoom(claimed: ClaimedLane[], inFlight: ReadonlyMap<string, number>) {
  const counts = new Map(inFlight)
  const released: Released[] = []
  const lanes = claimed.filter(({ destinationId, integrationId, rank, nextAt }) => {
    const count = counts.get(integrationId) ?? 0
    counts.set(integrationId, count + 1)
    if (count < MOST_OF_ONE) return true
    released.push({ destinationId, rank, nextAt })
    return false
  })
  return { lanes, released }
}

/** The first of the lowest rank whose time has come. Of a stopped lane only tests go out. */
export function dueHead(heads: readonly Head[], isStopped: boolean, now: number): Head | undefined {
  return heads
    .filter((head) => head.readyAt <= now && (!isStopped || head.rank < 0))
    .reduce<Head | undefined>((best, head) => (best && best.rank <= head.rank ? best : head), undefined)
}

/** When a lane is looked at next: at once if something is due, else when the first wait ends. */
export function nextLookAt(
  { destinationId, isStopped }: { destinationId: string; isStopped: boolean },
  heads: readonly Head[],
  now: number,
  notBefore = 0,
): Released {
  const due = dueHead(heads, isStopped, now)
  if (due) return { destinationId, rank: due.rank, nextAt: Math.max(now, notBefore) }
  const waiting = heads.filter((head) => !isStopped || head.rank < 0)
  const soonest = waiting.reduce<Head | undefined>(
    (best, head) => (best && best.readyAt <= head.readyAt ? best : head),
    undefined,
  )
  return soonest
    ? { destinationId, rank: soonest.rank, nextAt: Math.max(soonest.readyAt, notBefore) }
    : { destinationId, rank: 2, nextAt: null }
}

/** What of the heads may go out now. The lanes of the others are let go, each with the reason dealt with. */
async function candidatesOf(
  ctx: AppContext,
  trx: Db,
  chosen: Map<string, { lane: ClaimedLane; head: Head }>,
  released: Released[],
  now: number,
): Promise<{ candidates: Candidate[]; again: boolean }> {
  const deliveries = await listByIds(trx, [...chosen.keys()])
  const integrations = await listIntegrationsByIds(trx, [...new Set(deliveries.map((each) => each.integrationId))])
  const destinations = await listDestinationsByIds(
    trx,
    deliveries.map((each) => each.destinationId),
  )
  const candidates: Candidate[] = []
  let again = false
  for (const delivery of deliveries) {
    const lane = chosen.get(delivery.id)?.lane
    if (!lane) continue
    const integration = integrations.get(delivery.integrationId)
    const destination = destinations.get(delivery.destinationId)
    const letGo = { destinationId: lane.destinationId, rank: lane.rank, nextAt: now }
    if (!integration || !destination) {
      await cancelLane(ctx, trx, delivery, integration ? 'destination_deleted' : 'integration_deleted', now)
      released.push({ ...letGo, nextAt: null })
      continue
    }
    const code = stoppedBy(integration, destination, delivery.rank === -1)
    if (code !== undefined) {
      await stop(ctx, trx, delivery, code, now)
      released.push({ ...letGo, nextAt: null })
      continue
    }
    const act = delivery.state === 'unconfirmed' ? 'look' : await actOf(ctx, trx, { delivery, destination }, now)
    if (act) candidates.push({ lane, delivery, integration, destination, act })
    else {
      released.push(letGo)
      again = true
    }
  }
  return { candidates, again }
}

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
  const plan = await planOf(trx, delivery, destination)
  switch (plan.kind) {
    case 'go':
      return plan.act
    case 'after_parent':
      return undefined
    case 'suppress':
      await suppressOne(trx, delivery.id, plan.code, now)
      ctx.log.info('delivery.suppressed', { deliveryId: delivery.id, code: plan.code })
      return undefined
  }
}

async function cancelLane(ctx: AppContext, trx: Db, delivery: SavedDelivery, code: string, now: number) {
  const { integrationId, destinationId } = delivery
  const count = await cancelWaiting(trx, { integrationId, destinationId }, code, now)
  ctx.log.info('delivery.cancelled', { destinationId, code, count })
}

/** A switch was found off that the lane knew nothing of. */
async function stop(ctx: AppContext, trx: Db, delivery: SavedDelivery, code: string, now: number): Promise<void> {
  const { destinationId } = delivery
  if (delivery.rank === -1) await holdTest(trx, delivery.id, code, now)
  await stopLanes(trx, { destinationIds: [destinationId] }, code, now)
  ctx.log.info('lane.stopped', { destinationId, code })
}

/** Those that get all the tokens they need; the others wait for theirs, with no attempt used up. */
async function withTokens(
  ctx: AppContext,
  trx: Db,
  candidates: Candidate[],
  released: Released[],
  { now, blocked }: ClaimRequest,
): Promise<(Candidate & { pacedUntil: number })[]> {
  if (ctx.pace === 'off') return candidates.map((candidate) => ({ ...candidate, pacedUntil: 0 }))
  const wanted = candidates.map((candidate) => {
    const { integration, delivery, act } = candidate
    return { candidate, needs: needsOf(providers[integration.provider], candidate, delivery, act) }
  })
  const buckets = await lockBuckets(trx, [...new Set(wanted.flatMap(({ needs }) => needs.map(({ key }) => key)))])
  const before = new Map(buckets)
  const taken: (Candidate & { pacedUntil: number })[] = []
  // By rank, then by who waits longest: the order in which the lanes were claimed.
  for (const { candidate, needs } of wanted.sort((a, b) => order(a.candidate.lane, b.candidate.lane))) {
    const freeAt = needs.length > 0 ? takeTokens(buckets, needs, now) : undefined
    const own = needs.find(({ key }) => !key.startsWith('method '))
    if (freeAt === undefined) {
      const pacedUntil = own ? freeAtOf(buckets.get(own.key), own.rate, now) : 0
      taken.push({ ...candidate, pacedUntil })
      continue
    }
    released.push(waitForToken(candidate, freeAt, buckets, needs, { now, blocked }))
  }
  await putBuckets(
    trx,
    [...buckets.values()].filter((bucket) => before.get(bucket.key) !== bucket),
  )
  return taken
}

const order = (a: ClaimedLane, b: ClaimedLane): number => a.rank - b.rank || a.nextAt - b.nextAt

/**
 * Without a token of its conversation a lane waits for that one. Without one of the method all lanes of the integration
 * would come back in vain, so it is left out for the moment that takes, and each keeps its place.
 */
function waitForToken(
  { lane, integration }: Candidate,
  freeAt: number,
  buckets: Map<string, SavedBucket>,
  needs: ReturnType<typeof needsOf>,
  { now, blocked }: Pick<ClaimRequest, 'now' | 'blocked'>,
): Released {
  const { destinationId, rank, nextAt } = lane
  const method = needs.find(({ key }) => key.startsWith('method '))
  const isMethod = method !== undefined && freeAtOf(buckets.get(method.key), method.rate, now) >= freeAt
  if (!isMethod || freeAt - now > LONGEST_BLOCK_MS) return { destinationId, rank, nextAt: freeAt }
  blocked.set(integration.id, Math.max(freeAt, blocked.get(integration.id) ?? 0))
  return { destinationId, rank, nextAt }
}

const LONGEST_BLOCK_MS = 1_000

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
    const held = { ...delivery, ...sending, claimedBy: claim.by, leaseEndsAt: claim.leaseEndsAt }
    return [{ delivery: held, integration, destination, act, pacedUntil, claimedAtMs }]
  })
}
