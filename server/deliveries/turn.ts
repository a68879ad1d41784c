import type { AppContext } from '../context.ts'
import { durably } from '../db/durable-writes.ts'
import { claimDue, type Taken } from './claim.ts'
import { findNextLook } from './lanes/lanes-store.ts'
import { type Finished, settleFinished } from './settle.ts'

export type Turn = {
  taken: Taken[]
  /** There is more to take on right away. */
  again: boolean
  /** How long until a lane has to be looked at again; undefined when nothing waits for its time. */
  nextLookInMs: number | undefined
}

/**
 * One transaction of a worker: writes what came of the deliveries it worked on and takes on new ones. It is on disk
 * before this resolves, so that no request leaves whose delivery does not say that it is being sent.
 */
export async function takeTurn(
  ctx: AppContext,
  finished: Finished[],
  limit: number,
  blocked: Map<string, number>,
): Promise<Turn> {
  return durably(ctx.db, (one) =>
    one.transaction().execute(async (trx) => {
      const now = await ctx.storeNow(trx)
      for (const [integrationId, until] of blocked) if (until <= now) blocked.delete(integrationId)
      await settleFinished(ctx, trx, finished, now)
      const { taken, again } =
        limit > 0 ? await claimDue(ctx, trx, { now, limit, blocked }) : { taken: [], again: false }
      const nextAt = limit > 0 ? await findNextLook(trx, [...blocked.keys()]) : undefined
      const soonest = Math.min(nextAt ?? Number.POSITIVE_INFINITY, ...blocked.values())
      return { taken, again, nextLookInMs: Number.isFinite(soonest) ? Math.max(0, soonest - now) : undefined }
    }),
  )
}
