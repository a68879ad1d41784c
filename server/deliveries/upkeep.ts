import type { AppContext } from '../context.ts'
import { listDestinationsByIds } from '../destinations/store.ts'
import { listIntegrationsByIds } from '../integrations/store.ts'
import { CLOCKS_APART_MS } from './heads.ts'
import { dropFullBuckets, moveBuckets } from './lanes/buckets-store.ts'
import { lookAtAllLanes } from './lanes/lanes-store.ts'
import { touchLanes } from './lanes/places-store.ts'
import { listStoppedLanes, relabelLane, startLane } from './lanes/stops-store.ts'
import { stoppedBy } from './stopped-by.ts'
import { beginCancelling } from './sweeps/begin.ts'
import { sweepOn, WINDOWS_AT_ONCE } from './sweeps/sweep.ts'
import { ranks } from './to-row.ts'
import { adoptStray, listStrays } from './waiting-store.ts'

/** What a worker does beside sending, each second: how many lanes it set going, and whether it has to go on at once. */
export async function keepUp(ctx: AppContext): Promise<{ started: number; isMore: boolean }> {
  await followClock(ctx)
  const adopted = await adoptStrays(ctx)
  const started = await compareSwitches(ctx)
  const { isMore } = await sweepOn(ctx, { windows: WINDOWS_AT_ONCE })
  await dropFullBuckets(ctx.db, ctx.now() - BUCKET_KEPT_MS)
  return { started: adopted + started, isMore }
}

/** A clock that was set back, here or while nobody ran, must not have all that waits sit out as much again. */
async function followClock(ctx: AppContext): Promise<void> {
  const last = read.get(ctx)
  const steadyMs = performance.now()
  const now = await ctx.storeNow(ctx.db)
  read.set(ctx, { now, steadyMs })
  const byMs = last && Math.round(last.now + steadyMs - last.steadyMs - now)
  if (byMs !== undefined && byMs <= CLOCKS_APART_MS) return
  if (byMs !== undefined) ctx.log.warn('clock.set_back', { byMs })
  await ctx.db.transaction().execute(async (trx) => {
    await lookAtAllLanes(trx, now)
    await moveBuckets(trx, now, byMs)
  })
}

const read = new WeakMap<AppContext, { now: number; steadyMs: number }>()

/** Longer than clocks of replicas differ. */
const BUCKET_KEPT_MS = 60_000
const MOST_AT_ONCE = 500

/** Lanes that are stopped for a switch that is on again go on; what waits for something deleted comes to its end. */
async function compareSwitches(ctx: AppContext): Promise<number> {
  const stopped = await listStoppedLanes(ctx.db)
  if (stopped.length === 0) return 0
  const integrations = await listIntegrationsByIds(ctx.db, [...new Set(stopped.map((lane) => lane.integrationId))])
  const destinations = await listDestinationsByIds(
    ctx.db,
    stopped.map((lane) => lane.destinationId),
  )
  const now = await ctx.storeNow(ctx.db)
  let started = 0
  for (const { destinationId, integrationId, stoppedCode } of stopped) {
    const integration = integrations.get(integrationId)
    const destination = destinations.get(destinationId)
    if (!integration || !destination) {
      const gone = integration
        ? ({ kind: 'destination', subject: destinationId } as const)
        : ({ kind: 'integration', subject: integrationId } as const)
      await beginCancelling(ctx, ctx.db, gone)
      await startLane(ctx.db, destinationId, now)
      continue
    }
    const code = stoppedBy(integration, destination)
    if (code === undefined) {
      await startLane(ctx.db, destinationId, now)
      started += 1
    } else if (code !== stoppedCode) {
      await relabelLane(ctx.db, destinationId, code)
    }
  }
  return started
}

/** Takes into line what a replica of the version before has inserted. */
async function adoptStrays(ctx: AppContext): Promise<number> {
  const strays = await listStrays(ctx.db, MOST_AT_ONCE)
  if (strays.length === 0) return 0
  await ctx.db.transaction().execute(async (trx) => {
    const waiting = strays.filter(({ state }) => ['pending', 'retrying', 'held', 'sending'].includes(state))
    const placed = waiting.map((row) => ({ ...row, rank: ranks[row.priority], queueAt: row.createdAt }))
    await touchLanes(trx, placed)
    for (const stray of strays) {
      await adoptStray(trx, stray, waiting.includes(stray) ? ranks[stray.priority] : null)
    }
  })
  return strays.length
}
