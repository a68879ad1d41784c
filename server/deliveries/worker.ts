import type { AppContext } from '../context.ts'
import { type Repeating, repeat } from '../lib/repeat.ts'
import { deliver } from './deliver.ts'
import { rescueLost, resumeHeld } from './rescue.ts'
import { type Claimed, claimDue } from './store.ts'

/** Messages one process has in flight; each goes to another destination. */
const AT_ONCE = 16
/** Longer than the slowest attempt can take: two requests of bounded time, and the writes around them. */
const LEASE_MS = 90_000
const LOOK_EVERY_MS = 1_000

/**
 * Sends what is due for as long as it runs. A slow destination holds up one place of many, never the round. Stopping
 * starts nothing new and lets what is in flight end.
 */
export function startDeliveryWorker(ctx: AppContext): Repeating {
  const inFlight = new Set<Promise<void>>()
  const onError = (error: unknown) => ctx.log.error('delivery.worker_broke', { error })

  const sending = repeat(
    async () => {
      const claimed = await claimFor(ctx, AT_ONCE - inFlight.size)
      for (const delivery of claimed) {
        const sent = deliverLoudly(ctx, delivery).then(() => {
          inFlight.delete(sent)
          sending.nudge()
        })
        inFlight.add(sent)
      }
      return undefined
    },
    LOOK_EVERY_MS,
    onError,
  )
  const upkeep = repeat(
    async () => {
      const changed = (await rescueLost(ctx)) + (await resumeHeld(ctx))
      if (changed > 0) sending.nudge()
      return undefined
    },
    LOOK_EVERY_MS,
    onError,
  )

  return {
    nudge: sending.nudge,
    stop: async () => {
      await Promise.all([sending.stop(), upkeep.stop()])
      await Promise.all(inFlight)
    },
  }
}

/** One round to its end: frees and resumes, then sends whatever is due until nothing is. Says how many it took on. */
export async function deliverDue(ctx: AppContext): Promise<number> {
  await rescueLost(ctx)
  await resumeHeld(ctx)
  let count = 0
  for (;;) {
    const claimed = await claimFor(ctx, AT_ONCE)
    if (claimed.length === 0) return count
    await Promise.all(claimed.map((delivery) => deliverLoudly(ctx, delivery)))
    count += claimed.length
  }
}

async function claimFor(ctx: AppContext, limit: number): Promise<Claimed[]> {
  return limit > 0 ? claimDue(ctx.db, { by: ctx.workerId, now: ctx.now(), leaseMs: LEASE_MS, limit }) : []
}

/** What is thrown here is a bug of ours: it is logged, and the lease's end says that the outcome is unknown. */
async function deliverLoudly(ctx: AppContext, delivery: Claimed): Promise<void> {
  try {
    await deliver(ctx, delivery)
  } catch (error) {
    ctx.log.error('delivery.broke', { deliveryId: delivery.id, error })
  }
}
