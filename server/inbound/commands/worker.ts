import type { AppContext } from '../../context.ts'
import { type Repeating, repeat } from '../../lib/repeat.ts'
import { answerCommand } from './answer-command.ts'
import { claimWaiting, type SavedWaiting } from './waiting-store.ts'

const LOOK_EVERY_MS = 1_000
/** Well above what asking the platform and posting twice may take: it ends only when its worker is no more. */
const LEASE_MS = 60_000
const AT_ONCE = 100
/** A slow platform must not take up the places of others. */
const AT_ONCE_OF_ONE = 25

/** Answers uses of declared commands, this process or another; at the end those under way are waited for. */
export function startCommands(ctx: AppContext): Repeating {
  const underWay = new Map<Promise<void>, string>()
  const onError = (error: unknown) => ctx.log.error('command.worker_broke', { error })
  const begin = (waiting: SavedWaiting) => {
    const answering: Promise<void> = answerCommand(ctx, waiting)
      .catch(onError)
      .finally(() => {
        underWay.delete(answering)
        loop.nudge()
      })
    underWay.set(answering, waiting.integrationId)
  }
  const loop = repeat(
    async (signal) => {
      while (!signal.aborted && underWay.size < AT_ONCE) {
        const claimed = await claim(ctx, AT_ONCE_OF_ONE, busyAmong(underWay.values()))
        claimed.forEach(begin)
        if (claimed.length === 0) break
      }
      return false
    },
    LOOK_EVERY_MS,
    onError,
  )
  return {
    nudge: loop.nudge,
    stop: async () => {
      await loop.stop()
      await Promise.all(underWay.keys())
    },
  }
}

/** Answers all that waits now, and gives its number. */
export async function answerDue(ctx: AppContext): Promise<number> {
  for (let count = 0; ; ) {
    const claimed = await claim(ctx, AT_ONCE_OF_ONE, [])
    if (claimed.length === 0) return count
    await Promise.all(claimed.map((waiting) => answerCommand(ctx, waiting)))
    count += claimed.length
  }
}

async function claim(ctx: AppContext, limit: number, besides: readonly string[]): Promise<SavedWaiting[]> {
  const now = await ctx.storeNow(ctx.db)
  return claimWaiting(ctx.db, { by: ctx.workerId, now, leaseMs: LEASE_MS, limit, besides })
}

function busyAmong(integrationIds: Iterable<string>): string[] {
  const counted = Map.groupBy(integrationIds, (id) => id)
  return [...counted].filter(([, under]) => under.length >= AT_ONCE_OF_ONE).map(([id]) => id)
}
