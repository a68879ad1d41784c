import type { AppContext } from '../context.ts'
import { type Repeating, repeat } from '../lib/repeat.ts'
import { listDueIntegrations, listLogged, pruneCalls } from './calls-store.ts'
import { sendNotices } from './send-notices.ts'

const LOOK_EVERY_MS = 1_000
const PRUNE_EVERY_MS = 10 * 60_000
const KEPT_MS = 30 * 24 * 3_600_000
/** Of each integration: a platform that is asked for every command would otherwise fill the disk. */
const MOST_KEPT = 10_000
const PRUNED_AT_ONCE = 500

/**
 * Sends notices, this process or another, and keeps the log of calls at its length. A slow platform is waited for beside
 * the others; at the end those under way are waited for.
 */
export function startPlatformNotices(ctx: AppContext): Repeating {
  const underWay = new Map<string, Promise<void>>()
  let pruneAt = ctx.now() + PRUNE_EVERY_MS
  const onError = (error: unknown) => ctx.log.error('platform.worker_broke', { error })

  const loop = repeat(
    async (signal) => {
      for (const id of await listDueIntegrations(ctx.db, await ctx.storeNow(ctx.db))) {
        if (underWay.has(id)) continue
        const sending = sendAll(ctx, id, signal).catch(onError)
        underWay.set(id, sending)
        sending.finally(() => underWay.delete(id))
      }
      if (ctx.now() < pruneAt) return false
      const isMore = await pruneOnce(ctx)
      if (!isMore) pruneAt = ctx.now() + PRUNE_EVERY_MS
      return isMore
    },
    LOOK_EVERY_MS,
    onError,
  )
  return {
    nudge: loop.nudge,
    stop: async () => {
      await loop.stop()
      await Promise.all(underWay.values())
    },
  }
}

async function sendAll(ctx: AppContext, integrationId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await sendNotices(ctx, integrationId)) > 0);
}

/** Deletes a few old calls of each integration; true when there may be more. */
async function pruneOnce(ctx: AppContext): Promise<boolean> {
  const old = { endedBefore: ctx.now() - KEPT_MS, most: MOST_KEPT, limit: PRUNED_AT_ONCE }
  let isMore = false
  for (const id of await listLogged(ctx.db)) {
    if ((await pruneCalls(ctx.db, id, old)) === PRUNED_AT_ONCE) isMore = true
  }
  return isMore
}
