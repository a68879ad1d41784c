import type { AppContext } from '../context.ts'
import type { SendLimits } from '../providers/provider.ts'
import { LEASE_MS, type Taken } from './claim.ts'
import { extendLease } from './claims-store.ts'

/** For as long as an upload runs its claim is made longer; once that fails, nothing more is sent. */
export function keepClaim(
  ctx: AppContext,
  taken: Taken,
  stopping?: AbortSignal,
): { limits: SendLimits; end: () => Promise<void> } {
  const lost = new AbortController()
  let extending: Promise<void> = Promise.resolve()
  const extend = async () => {
    const leaseEndsAt = (await ctx.storeNow(ctx.db)) + LEASE_MS
    if (!(await extendLease(ctx.db, taken.delivery, leaseEndsAt))) throw new Error('The claim was lost.')
    taken.delivery.leaseEndsAt = leaseEndsAt
  }
  const timer = setInterval(() => {
    extending = extend().catch((error: unknown) => lost.abort(error))
  }, LEASE_MS / 3)
  return {
    limits: { signal: AbortSignal.any([lost.signal, ...(stopping ? [stopping] : [])]) },
    end: async () => {
      clearInterval(timer)
      await extending
    },
  }
}
