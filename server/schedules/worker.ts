import type { AppContext } from '../context.ts'
import { eventTaker } from '../events/accept-events.ts'
import { type Repeating, repeat } from '../lib/repeat.ts'
import { claimRun } from './claim-run.ts'
import { planDue } from './plan-due.ts'
import { runSchedule, type TakeEvents } from './run-schedule.ts'

const LOOK_EVERY_MS = 1_000
const AT_ONCE = 10

/**
 * Plans and runs what is due, this process or another. A slow platform is waited for beside the others; at the end those
 * under way are waited for.
 */
export function startSchedules(ctx: AppContext): Repeating {
  const take = eventTaker(ctx)
  const underWay = new Set<Promise<void>>()
  const onError = (error: unknown) => ctx.log.error('schedule.worker_broke', { error })
  const loop = repeat(
    async (signal) => {
      while (!signal.aborted && (await planDue(ctx)));
      while (!signal.aborted && underWay.size < AT_ONCE) {
        const claimed = await claimRun(ctx)
        if (!claimed) break
        const running: Promise<void> = runSchedule(ctx, take, claimed)
          .catch(onError)
          .finally(() => {
            underWay.delete(running)
            // The next of the same schedule may have waited for it.
            loop.nudge()
          })
        underWay.add(running)
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
      await Promise.all(underWay)
    },
  }
}

/** Plans and runs all that is due now, one after the other. Gives the number of runs. */
export async function runDue(ctx: AppContext, take: TakeEvents): Promise<number> {
  while (await planDue(ctx));
  for (let count = 0; ; count += 1) {
    const claimed = await claimRun(ctx)
    if (!claimed) return count
    await runSchedule(ctx, take, claimed)
  }
}
