import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { lineUp } from '../deliveries/lanes/places-store.ts'
import { replayOf } from '../deliveries/replay-delivery.ts'
import { listCandidates } from '../deliveries/replayable-store.ts'
import { listByIds, type SavedDelivery } from '../deliveries/store.ts'
import { findPausedTypes } from '../routing/store.ts'
import { claimReplay, lockClaimed, putProgress, type SavedReplay } from './store.ts'
import { optionsOf, type Sorted, sorting, wantedOf } from './wanted.ts'

/** Longer than a batch can take: one transaction of a hundred rows. */
const LEASE_MS = 30_000
/** Deliveries looked at for one batch. */
const LOOKED_AT = 200
/** How far a late batch may make up for lost time. */
const MOST_LATE_MS = 1_000

/** Makes the next few deliveries of a replay that is due. Says whether there was one. */
export async function replayNext(ctx: AppContext): Promise<boolean> {
  const claim = { by: ctx.workerId, now: await ctx.storeNow(ctx.db), leaseMs: LEASE_MS }
  const claimed = await claimReplay(ctx.db, claim)
  if (!claimed) return false
  // The deliveries and how far the replay has come are written together: wherever it stops, nothing is made twice.
  const made = await ctx.db.transaction().execute(async (trx) => {
    const replay = await lockClaimed(trx, claimed.id, ctx.workerId)
    return replay && makeBatch(ctx, trx, replay)
  })
  if (made) {
    ctx.nudge('deliveries')
    ctx.log.info('replay.advanced', { replayId: claimed.id, made })
  }
  return true
}

async function makeBatch(ctx: AppContext, trx: Db, replay: SavedReplay): Promise<number> {
  const { perMinute, markDelayed } = optionsOf(replay.options)
  const batch = await nextBatch(trx, replay, Math.max(1, Math.floor(perMinute / 60)))
  const olds = new Map(
    (
      await listByIds(
        trx,
        batch.made.map(({ delivery }) => delivery.id),
      )
    ).map((row) => [row.id, row]),
  )
  const rows = batch.made.flatMap(({ delivery, place }): SavedDelivery[] => {
    const old = olds.get(delivery.id)
    const how = { createdBy: replay.createdBy, markDelayed, replayId: replay.id }
    return old && place ? [replayOf(ctx, old, place, how)] : []
  })
  await lineUp(trx, rows, findPausedTypes)
  const now = await ctx.storeNow(trx)
  // Not by what a clock wrote that was set back since.
  const since = Math.min(now, Math.max(Number(replay.dueAt), now - MOST_LATE_MS))
  await putProgress(trx, replay.id, {
    state: batch.isLast ? 'done' : 'running',
    cursor: batch.cursor,
    made: replay.made + rows.length,
    skipped: replay.skipped + batch.skipped,
    dueAt: Math.ceil(since + (rows.length * 60_000) / perMinute),
    endedAt: batch.isLast ? ctx.now() : null,
  })
  return rows.length
}

type Batch = { made: Sorted[]; skipped: number; cursor: string | null; isLast: boolean }

/** Goes on from the cursor until there are enough to make, or as many were looked at as one batch may. */
async function nextBatch(trx: Db, replay: SavedReplay, most: number): Promise<Batch> {
  const after = replay.cursor ?? undefined
  const { candidates, next } = await listCandidates(trx, wantedOf(replay), { after, limit: Math.max(LOOKED_AT, most) })
  const sort = sorting(trx)
  const batch: Batch = { made: [], skipped: 0, cursor: replay.cursor, isLast: false }
  for (const candidate of candidates) {
    const sorted = await sort(candidate)
    if (sorted.place && batch.made.length === most) return batch
    if (sorted.place) batch.made.push(sorted)
    else batch.skipped += 1
    batch.cursor = candidate.delivery.id
  }
  return { ...batch, cursor: next ?? batch.cursor, isLast: next === undefined }
}
