import { DEFAULT_DEDUPE_WINDOW_MS } from '../../shared/notification-types.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { lockForTransaction } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import {
  deleteDeliveries,
  type Ended,
  findEventsWithDeliveries,
  findForgettable,
  findSentFiles,
  listEnded,
} from '../deliveries/old-store.ts'
import { deleteEvents, listOldEvents } from '../events/store.ts'
import { deleteFile } from '../files/store.ts'
import { listKeptTypes } from '../routing/store.ts'
import { SERVER_ACTOR } from '../users/actor.ts'
import { dropSnapshots } from './drop-snapshots.ts'
import { cutoffOf, latestCutoff, type Retention } from './keep-until.ts'
import { countDeleted, type Deleted, listUntoldDays, markTold } from './store.ts'

/** How far a walk over what is old has come. */
export type Walk = {
  deliveries?: { endedAt: number; id: string } | 'done'
  events?: string | 'done'
  /** The revision of the last state of the rules that was looked at. */
  snapshots?: number
}

/**
 * Deletes some of what is older than it is to be kept, from where the walk stands. Gives how the walk goes on; undefined
 * at its end. Each batch is a transaction of its own, and what a crash leaves is found by the next walk.
 */
export async function deleteOld(ctx: AppContext, walk: Walk, defaultDays: number | null): Promise<Walk | undefined> {
  const types = await listKeptTypes(ctx.db)
  const ofType = types.flatMap(({ type, retentionDays }) =>
    retentionDays === null ? [] : [[type, retentionDays] as const],
  )
  const retention = { ofType: new Map(ofType), otherwise: defaultDays }
  const repeats = new Map(types.map(({ type, dedupeWindowMs }) => [type, dedupeWindowMs]))
  const before = latestCutoff(retention, ctx.now())
  if (before === undefined) return undefined
  if (walk.deliveries !== 'done') {
    const after = walk.deliveries
    const ended = await listEnded(ctx.db, before, { after, limit: BATCH })
    await ctx.db.transaction().execute((trx) => deleteEnded(ctx, trx, ended, { retention, repeats }))
    const last = ended.at(-1)
    return { deliveries: last && ended.length === BATCH ? { endedAt: last.endedAt, id: last.id } : 'done' }
  }
  if (walk.events !== 'done') {
    const events = await listOldEvents(ctx.db, before, { after: walk.events, limit: BATCH })
    await ctx.db.transaction().execute((trx) => deleteWithout(ctx, trx, events, retention))
    const last = events.at(-1)
    return { deliveries: 'done', events: last && events.length === BATCH ? last.id : 'done' }
  }
  const snapshots = await dropSnapshots(ctx, walk.snapshots ?? 0, before)
  return snapshots === undefined ? undefined : { ...walk, snapshots }
}

const BATCH = 200

type Kept = { retention: Retention; repeats: ReadonlyMap<string, number> }

async function deleteEnded(ctx: AppContext, trx: Db, ended: readonly Ended[], { retention, repeats }: Kept) {
  const now = ctx.now()
  const expired = ended.flatMap((row) => {
    const cutoff = cutoffOf(retention, row.type, now)
    if (cutoff === undefined || row.endedAt >= cutoff) return []
    const window = (row.type === null ? undefined : repeats.get(row.type)) ?? DEFAULT_DEDUPE_WINDOW_MS
    return [{ id: row.id, cutoff, repeatsSince: now - window }]
  })
  if (expired.length === 0) return
  // One replica at a time: each sees what the one before it has left.
  await lockForTransaction(trx, 'retention')
  const ids = new Set(await findForgettable(trx, expired))
  await deleteDeliveries(trx, [...ids])
  const fileIds = ended.flatMap(({ id, fileId }) => (ids.has(id) && fileId !== null ? [fileId] : []))
  const sent = await findSentFiles(trx, fileIds)
  const gone = [...new Set(fileIds)].filter((id) => !sent.has(id))
  for (const id of gone) await deleteFile(trx, id)
  await told(ctx, trx, { deliveries: ids.size, events: 0, files: gone.length })
}

async function deleteWithout(
  ctx: AppContext,
  trx: Db,
  events: readonly { id: string; type: string; acceptedAt: number }[],
  retention: Retention,
) {
  const expired = events.filter(({ type, acceptedAt }) => acceptedAt < (cutoffOf(retention, type, ctx.now()) ?? 0))
  if (expired.length === 0) return
  await lockForTransaction(trx, 'retention')
  const ids = expired.map(({ id }) => id)
  const needed = await findEventsWithDeliveries(trx, ids)
  const gone = ids.filter((id) => !needed.has(id))
  await deleteEvents(trx, gone)
  await told(ctx, trx, { deliveries: 0, events: gone.length, files: 0 })
}

async function told(ctx: AppContext, trx: Db, deleted: Deleted): Promise<void> {
  if (deleted.deliveries + deleted.events === 0) return
  await countDeleted(trx, dayOf(ctx.now()), deleted)
  ctx.log.info('retention.deleted', deleted)
}

/** Tells the audit trail of each day that is over how much was deleted on it. */
export async function tellOfDays(ctx: AppContext): Promise<void> {
  for (const { day, deliveries, events, files } of await listUntoldDays(ctx.db, dayOf(ctx.now()))) {
    await ctx.db.transaction().execute(async (trx) => {
      if (!(await markTold(trx, day, ctx.now()))) return
      await recordAudit(ctx, trx, SERVER_ACTOR, {
        action: 'retention.deleted',
        subject: { kind: 'retention', id: day, name: `Old deliveries and events, ${day}` },
        detail: { deliveries: Number(deliveries), events: Number(events), files: Number(files) },
      })
    })
  }
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
