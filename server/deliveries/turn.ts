import type { AppContext } from '../context.ts'
import { durably } from '../db/durable-writes.ts'
import { MOST_LAG_MS } from '../db/store-clock.ts'
import { type ClaimRequest, claimDue, crowdedOf, lockDue, type Taken } from './claim.ts'
import { CLOCKS_APART_MS } from './heads.ts'
import { findNextLook } from './lanes/lanes-store.ts'
import { type Finished, settleFinished } from './settle.ts'
import { LONGEST_BLOCK_MS } from './tokens.ts'

export type Turn = {
  taken: Taken[]
  /** There is more to take on right away. */
  again: boolean
  /** More may be due than there was room for. */
  isFull: boolean
  /** How long until a lane has to be looked at again; undefined when nothing waits for its time. Asked once all is sent off. */
  nextLook: () => Promise<number | undefined>
}

export type TurnRequest = Partial<Omit<ClaimRequest, 'now' | 'nowAtMs'>> &
  Pick<ClaimRequest, 'limit'> & {
    /** Lanes go on without being let go: each is written once in place of twice, but no other gets its place. */
    lanesGoOn?: boolean
  }

/**
 * One transaction of a worker: writes what came of the deliveries it worked on and takes on new ones. It is on disk
 * before this resolves, so that no request leaves whose delivery does not say that it is being sent.
 */
export async function takeTurn(
  ctx: AppContext,
  finished: Finished[],
  { limit, blocked = new Map(), inFlight = new Map(), lanesGoOn = false, pausedTypes }: TurnRequest,
): Promise<Turn> {
  return durably(ctx.db, (one) =>
    one.transaction().execute(async (trx) => {
      const nowAtMs = performance.now() - MOST_LAG_MS
      const now = await ctx.storeNow(trx)
      for (const [integrationId, until] of blocked) {
        // Later than anybody is left out for: the clock was set back.
        if (until <= now || until > now + LONGEST_BLOCK_MS + CLOCKS_APART_MS) blocked.delete(integrationId)
      }
      // Buckets that are closed are locked: a claim would lock others behind them, and wait in a circle with one that has
      // those.
      const isLimited = ctx.pace !== 'off' && finished.some(({ limitedMs }) => limitedMs !== undefined)
      const request = { now, nowAtMs, limit: isLimited ? 0 : limit, blocked, inFlight, pausedTypes }
      const { goingOn, next } = await settleFinished(ctx, trx, finished, now, {
        run: (one, count) => lockDue(one, request, count),
        lanesGoOn: lanesGoOn && request.limit > 0 && blocked.size === 0 && crowdedOf(inFlight).length === 0,
      })
      if (request.limit === 0) {
        return { taken: [], again: isLimited && limit > 0, isFull: true, nextLook: async () => undefined }
      }
      const { taken, again, isFull } = await claimDue(ctx, trx, request, { ...next, goingOn })
      // With every place taken, or all that one integration may have, the next look comes when one is free.
      const notOf = [...blocked.keys(), ...crowdedOf(inFlight)]
      const nextLook = async () => {
        const nextAt = isFull ? undefined : await findNextLook(ctx.db, notOf)
        const soonest = Math.min(nextAt ?? Number.POSITIVE_INFINITY, ...blocked.values())
        return Number.isFinite(soonest) ? Math.max(0, soonest - now) : undefined
      }
      return { taken, again, isFull, nextLook }
    }),
  )
}
