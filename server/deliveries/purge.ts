import { setImmediate } from 'node:timers/promises'
import type { Purge, Purged, PurgePreview, PurgeQuery } from '../../shared/queue.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { findDestination, listDestinationsByIds } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'
import { findIntegration } from '../integrations/store.ts'
import { toInstant } from '../lib/paging.ts'
import type { Actor } from '../users/actor.ts'
import { forgetQueue } from './queue.ts'
import { cancelBacklog, countBacklog } from './queue-store.ts'

/** What a purge would drop: how much, for whom, and from when to when. */
export async function previewPurge(ctx: AppContext, backlog: PurgeQuery): Promise<PurgePreview> {
  const counts = await countBacklog(ctx.db, backlog)
  const shown = counts.slice(0, MOST_DESTINATIONS)
  const destinations = await listDestinationsByIds(
    ctx.db,
    shown.map(({ destinationId }) => destinationId),
  )
  return {
    count: sumOf(counts),
    byDestination: shown.map(({ destinationId, count }) => ({
      id: destinationId,
      name: destinations.get(destinationId)?.name ?? destinationId,
      count,
    })),
    ...(counts.length > 0 && {
      oldestAt: toInstant(Math.min(...counts.map(({ firstAt }) => firstAt))),
      newestAt: toInstant(Math.max(...counts.map(({ lastAt }) => lastAt))),
    }),
  }
}

/**
 * Cancels a backlog that somebody has seen the size of: fewer than that is all right, since some went out meanwhile;
 * what was added is kept. In many short transactions, so that sending goes on beside it.
 */
export async function purgeBacklog(
  ctx: AppContext,
  actor: Actor,
  { expected, note, ...backlog }: Purge,
): Promise<Purged> {
  const before = ctx.now()
  const counts = await countBacklog(ctx.db, backlog)
  const count = sumOf(counts)
  if (count > expected) throw moreThan(expected, count)
  const subject = await subjectOf(ctx.db, backlog)
  const audited = (trx: Db, action: string, detail: Record<string, unknown>) =>
    recordAudit(ctx, trx, actor, { action, subject, detail: { ...detail, ...(note && { note }) } })
  // What takes many transactions is told of before and after, so that one cut short leaves its trace.
  const isLong = count > BATCH
  if (isLong) await ctx.db.transaction().execute((trx) => audited(trx, 'queue.purge_started', { waiting: count }))
  let cancelled = 0
  for (const destinationIds of batchesOf(counts)) {
    for (;;) {
      const limit = Math.min(BATCH, expected - cancelled)
      const dropped = await ctx.db.transaction().execute(async (trx) => {
        const some = { before, code: 'purged', now: ctx.now(), limit }
        const dropped = await cancelBacklog(trx, { ...backlog, destinationIds }, some)
        if (!isLong && dropped > 0) await audited(trx, 'queue.purged', { cancelled: dropped })
        return dropped
      })
      if (dropped === 0) break
      cancelled += dropped
      // SQLite answers in the same turn of the loop: without this no other request would be served until the end.
      await setImmediate()
    }
  }
  if (isLong) await ctx.db.transaction().execute((trx) => audited(trx, 'queue.purged', { cancelled }))
  forgetQueue(ctx)
  ctx.log.info('queue.purged', { ...backlog, cancelled })
  return { cancelled }
}

const BATCH = 1_000

/** Destinations that are looked through together: the short lines of many, or a long one alone. */
function batchesOf(counts: { destinationId: string; count: number }[]): string[][] {
  const batches: string[][] = []
  let room = 0
  for (const { destinationId, count } of counts) {
    const last = batches.at(-1)
    if (last && count <= room) last.push(destinationId)
    else batches.push([destinationId])
    room = (last && count <= room ? room : BATCH) - count
  }
  return batches
}

const MOST_DESTINATIONS = 200

const sumOf = (counts: { count: number }[]): number => counts.reduce((sum, { count }) => sum + count, 0)

const moreThan = (expected: number, count: number) =>
  new Refusal('conflict', `${count} deliveries wait there by now, which is more than the ${expected} expected.`, {
    field: 'expected',
    fix: `Look at the preview again, then send expected: ${count}.`,
  })

/** As the audit trail names it; it may be deleted by now, with its backlog still on the way out. */
async function subjectOf(db: Db, { destinationId, integrationId, type = '' }: PurgeQuery) {
  if (destinationId !== undefined) {
    const destination = await findDestination(db, destinationId)
    return { kind: 'destination', id: destinationId, name: destination?.name ?? destinationId }
  }
  if (integrationId !== undefined) {
    const integration = await findIntegration(db, integrationId)
    return { kind: 'integration', id: integrationId, name: integration?.name ?? integrationId }
  }
  return { kind: 'notification_type', id: type, name: type }
}
