import type { AppContext } from '../context.ts'
import { hasDecidedEvent } from '../events/store.ts'
import { deleteSnapshots, listSnapshotTimes } from '../routing/store.ts'

/**
 * Deletes some of the states of the rules that no event names any more, those after a revision and followed by another
 * before an instant. Gives the revision to go on from; undefined at the end. What follows a state says that nothing more
 * is decided by it, so the newest always stays.
 */
export async function dropSnapshots(ctx: AppContext, after: number, before: number): Promise<number | undefined> {
  const kept = await listSnapshotTimes(ctx.db, { after, limit: BATCH + 1 })
  const gone: number[] = []
  for (const [place, { revision, at }] of kept.slice(0, BATCH).entries()) {
    const next = kept[place + 1]
    if (next && next.at < before - APART_MS && !(await isNamed(ctx, revision, at, next.at))) gone.push(revision)
  }
  await deleteSnapshots(ctx.db, gone)
  if (gone.length > 0) ctx.log.info('retention.snapshots_deleted', { snapshots: gone.length })
  return kept.length > BATCH ? kept[BATCH - 1]?.revision : undefined
}

const BATCH = 200
/** More than the clocks of replicas differ, and than taking in an event takes. */
const APART_MS = 60 * 60_000

/** Mostly the first look tells; the second is for events whose replica had another clock. */
async function isNamed(ctx: AppContext, revision: number, from: number, to: number): Promise<boolean> {
  if (await hasDecidedEvent(ctx.db, revision, { from, to })) return true
  return hasDecidedEvent(ctx.db, revision, { from: from - APART_MS, to: to + APART_MS })
}
