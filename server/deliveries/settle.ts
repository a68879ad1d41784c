import { slackCode } from '../../shared/slack-codes.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { together } from '../db/together.ts'
import { listBotDestinationIds, markAllDelivered, markDestination, updateDestination } from '../destinations/store.ts'
import { markIntegration } from '../integrations/store.ts'
import { LEASE_MS, type Taken } from './claim.ts'
import { type Settled, settleAll, settleArrived } from './claims-store.ts'
import { markDeadEnd } from './dead-ends.ts'
import { settleFolded } from './folding-store.ts'
import { lockBuckets, putBuckets } from './lanes/buckets-store.ts'
import { type ClaimedLane, keepLanes, settleLanes } from './lanes/lanes-store.ts'
import { closeBuckets } from './lanes/pacing.ts'
import { lineUp } from './lanes/places-store.ts'
import { endWaitsBeside, shortenWaits } from './lanes/waits-store.ts'
import { conversationKey, methodKey, methodOf } from './needs.ts'
import { deadEndOf, type Step } from './next-step.ts'
import { followTarget, followThread, isChange, outdatedParts } from './outdated-parts.ts'
import { hasRecovered, noteRecovered, waitAfter } from './recovery.ts'
import { insertAttempts, type SavedAttempt, type SavedDelivery } from './store.ts'
import { trailOf } from './trail.ts'

/** A delivery that was worked on, and what came of it. */
export type Finished = {
  taken: Taken
  step: Step
  attempts: SavedAttempt[]
  sent: { messageTs?: string | undefined; conversationId?: string | undefined; permalink?: string | null }
  /** The message that it was to change, or reply to, which is no longer in Slack. */
  goneTs?: string | undefined
  /** Slack asked to wait so long. */
  limitedMs?: number
}

export type Behind<Next> = {
  /** What the caller does next: it goes out to the database along with this, unless more lanes have to be locked first. */
  run: (one: Db, goingOn: number) => Promise<Next>
  /** Lanes that can go on at once are not let go before it. */
  lanesGoOn: boolean
}

/**
 * Writes what came of deliveries in one transaction: their states, attempts, what it means for destinations and buckets,
 * and when each lane goes on. Of a claim that was lost the attempt is kept and nothing else.
 */
export async function settleFinished<Next>(
  ctx: AppContext,
  trx: Db,
  finished: Finished[],
  now: number,
  behind: Behind<Next>,
): Promise<{ goingOn: ClaimedLane[]; next: Next }> {
  if (finished.length === 0) return { goingOn: [], next: await behind.run(trx, 0) }
  noteRecovered(ctx, finished)
  const rows = finished.map((each) => settledRow(ctx, each, now))
  const attempts = finished.flatMap(({ attempts }) => attempts)
  const plain = new Set(rows.filter((row, place) => isPlain(finished[place], row)))
  const otherRows = rows.filter((row) => !plain.has(row))
  const isAll = otherRows.length === 0 && finished.every((each) => isUneventful(ctx, each))
  const lanes = finished.map(({ taken: { destination, delivery, pacedUntil } }) => ({
    destinationId: destination.id,
    rank: delivery.rank ?? 2,
    nextAt: Math.max(now, pacedUntil),
    goesOn: behind.lanesGoOn && isAll && pacedUntil <= now,
  }))
  // Others may wait for the row of such a delivery, with its lane locked. For one that is simply being sent nobody does,
  // and its lane, which whoever takes something in for it waits for, is locked as late as can be.
  if (otherRows.length > 0) await keepLanes(trx, [...destinationIdsOf(lanes), ...(await stoppedWith(trx, finished))])
  const count = lanes.filter(({ goesOn }) => goesOn).length
  const claim = { by: ctx.workerId, now, leaseEndsAt: now + LEASE_MS }
  const [arrived, others, , goingOn, next] = await together(trx, [
    (one) => settleArrived(one, ctx.workerId, [...plain], now),
    (one) => settleAll(one, ctx.workerId, otherRows, now),
    (one) => insertAttempts(one, attempts),
    // Whether more waits there, and for when, is what the claim finds out that most often follows in this transaction.
    (one) => settleLanes(one, lanes, claim),
    async (one) => (isAll ? { given: await behind.run(one, count) } : undefined),
  ])
  const ours = new Set([...arrived, ...others])
  const settled = finished.filter(({ taken }) => ours.has(taken.delivery.id))
  await markOutcomes(ctx, trx, settled, now)
  await closeLimited(ctx, trx, finished, now)
  const outdated: SavedDelivery[] = []
  for (const each of settled) {
    if (isChange(each)) outdated.push(...(await outdatedParts(ctx, trx, each)))
    if (each.taken.delivery.targetId !== null) await followTarget(trx, each)
    await followThread(trx, each)
  }
  await lineUp(trx, [...settled.flatMap((each) => trailOf(ctx, each)), ...outdated])
  for (const [place, { taken }] of finished.entries()) {
    const row = rows[place]
    const isOver = row !== undefined && row.rank === null && ours.has(row.id)
    if (isOver && taken.delivery.origin === 'summary') await settleFolded(trx, row, now)
  }
  for (const each of finished) tell(ctx, each, ours.has(each.taken.delivery.id))
  return { goingOn, next: next ? next.given : await behind.run(trx, count) }
}

/** It means nothing for any other delivery, and for no other lane. */
function isUneventful(ctx: AppContext, finished: Finished): boolean {
  const { delivery } = finished.taken
  const isPlainPost = delivery.tries === 0 && delivery.origin !== 'summary' && delivery.targetId === null
  return isPlainPost && !isChange(finished) && trailOf(ctx, finished).length === 0
}

/** Where nothing is sent any more either, since a credential or an integration was found dead. */
async function stoppedWith(trx: Db, finished: readonly Finished[]): Promise<string[]> {
  const dead = new Set<string>()
  for (const { step, taken } of finished) {
    const deadEnd = deadEndOf(step)
    if (deadEnd && deadEnd.stops !== 'destination') dead.add(taken.integration.id)
  }
  const ids: string[] = []
  for (const id of dead) ids.push(...(await listBotDestinationIds(trx, id)))
  return ids
}

const destinationIdsOf = (lanes: readonly { destinationId: string }[]) => lanes.map((lane) => lane.destinationId)

/** It arrived while the claim was ours beyond doubt, and there is nothing to write down but where. */
function isPlain(finished: Finished | undefined, row: Settled): boolean {
  if (!finished || row.state !== 'delivered') return false
  const { act, delivery, claimedAtMs } = finished.taken
  return act !== 'look' && row.threadTs === delivery.threadTs && performance.now() < claimedAtMs + LEASE_MS
}

function settledRow(ctx: AppContext, finished: Finished, now: number): Settled {
  const { taken, step, sent, limitedMs } = finished
  const { delivery, act } = taken
  const isOver = step.state === 'delivered' || step.state === 'failed'
  const leavesLine = isOver || 'ends' in step
  return {
    id: delivery.id,
    leaseEndsAt: delivery.leaseEndsAt,
    state: step.state,
    rank: leavesLine ? null : delivery.rank,
    tries: step.tries,
    dueAt: 'waitMs' in step ? now + waitAfter(ctx, finished, step.waitMs) : delivery.dueAt,
    endedAt: isOver ? now : null,
    deliveredAt: step.state === 'delivered' ? now : null,
    messageTs: sent.messageTs ?? delivery.messageTs,
    conversationId: sent.conversationId ?? delivery.conversationId,
    permalink: sent.permalink ?? delivery.permalink,
    code: 'code' in step ? step.code : null,
    detail: 'detail' in step ? step.detail : null,
    mark: 'mark' in step ? step.mark : delivery.mark,
    unsureSince: step.state === 'unconfirmed' ? (delivery.unsureSince ?? delivery.stateAt) : delivery.unsureSince,
    // One that Slack asked to wait for found out nothing, and gives nothing up either.
    looks: act === 'look' && limitedMs === undefined ? (delivery.looks ?? 0) + 1 : delivery.looks,
    threadTs: threadOf(finished),
  }
}

/** None, where its thread was gone and it was posted beside it. */
function threadOf({ taken: { act, delivery }, goneTs }: Finished): string | null {
  if (act === 'look') return goneTs === undefined ? delivery.threadTs : null
  return act.kind === 'post' ? (act.threadTs ?? null) : delivery.threadTs
}

/** What outcomes say about more than their own messages: a place works, or is dead until someone acts. */
async function markOutcomes(ctx: AppContext, trx: Db, settled: Finished[], now: number): Promise<void> {
  const delivered = settled.filter(({ step }) => step.state === 'delivered')
  await markAllDelivered(
    trx,
    delivered.map(({ taken }) => taken.destination),
    now,
  )
  const recovered = delivered.filter(({ taken }) => taken.delivery.tries > 0)
  await endWaitsBeside(
    trx,
    recovered.map((each) => ({
      destinationId: each.taken.destination.id,
      rank: each.taken.delivery.rank ?? 0,
      delayMs: each.taken.integration.nextAttemptDelayMs,
      wasLong: hasRecovered(each),
    })),
    now,
  )
  const troubled = settled.filter(hasRecovered)
  await shortenWaits(
    trx,
    troubled.map(({ taken: { integration } }) => ({
      integrationId: integration.id,
      delayMs: integration.nextAttemptDelayMs,
    })),
    now,
  )
  for (const { taken, sent } of delivered) {
    const { destination } = taken
    const isOpened = destination.kind === 'person' && sent.conversationId !== undefined
    if (isOpened && destination.conversationId !== sent.conversationId) {
      await updateDestination(trx, destination.id, { conversationId: sent.conversationId ?? null })
    }
  }
  for (const { taken, step } of settled) {
    const deadEnd = deadEndOf(step)
    if (deadEnd) await markDeadEnd(ctx, trx, { step: deadEnd, taken, now })
    if (step.state === 'failed' && taken.delivery.origin === 'test') await markFailedTest(trx, taken, step.code, now)
  }
}

/** A test that failed shows on what it tested, without stopping anything. */
async function markFailedTest(trx: Db, { destination, integration }: Taken, code: string, at: number) {
  const { stops } = slackCode(code)
  if (stops === 'destination' || destination.kind === 'webhook') {
    if (stops !== 'message' && stops !== 'nothing')
      await markDestination(trx, destination.id, { state: 'failing', code, at })
  } else if (stops === 'credential' || stops === 'integration') {
    await markIntegration(trx, integration.id, { state: 'failing', code, at })
  }
}

async function closeLimited(ctx: AppContext, trx: Db, finished: Finished[], now: number): Promise<void> {
  const limited = finished.filter(({ limitedMs }) => limitedMs !== undefined)
  if (limited.length === 0 || ctx.pace === 'off') return
  const keysOf = ({ integration, destination, delivery, act }: Taken) => ({
    own: conversationKey({ integration, destination }),
    method:
      destination.kind === 'webhook'
        ? conversationKey({ integration, destination })
        : methodKey(integration.id, methodOf(act, delivery)),
  })
  const buckets = await lockBuckets(trx, [...new Set(limited.flatMap(({ taken }) => Object.values(keysOf(taken))))])
  for (const { taken, limitedMs = 0 } of limited) {
    closeBuckets(buckets, { ...keysOf(taken), destinationId: taken.destination.id, waitMs: limitedMs }, now)
  }
  await putBuckets(trx, [...buckets.values()])
}

function tell(ctx: AppContext, { taken, step, attempts }: Finished, settled: boolean): void {
  const { delivery, destination } = taken
  const last = attempts.at(-1)
  ctx.log.info('delivery.attempted', {
    deliveryId: delivery.id,
    destinationId: destination.id,
    integrationId: delivery.integrationId,
    ...(last && {
      method: last.method,
      number: last.number,
      outcome: last.outcome,
      tookMs: last.tookMs,
      requestId: last.requestId,
      waitedMs: last.startedAt - delivery.createdAt,
    }),
    ...('code' in step && { code: step.code }),
    ...('waitMs' in step && { waitMs: step.waitMs }),
    next: step.state,
    settled,
  })
}
