import type { RoutingFallback, RoutingFallbackChange } from '../../shared/routing-rules.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import type { Actor } from '../users/actor.ts'
import { countRevision, readRoutingState, updateFallback } from './store.ts'
import { resolveTargets, type SavedTarget, targetsIn, targetsShower } from './targets.ts'

/** Where events go that nothing else sends anywhere. */
export async function readFallback(db: Db): Promise<RoutingFallback> {
  const targets = targetsIn((await readRoutingState(db)).fallback)
  return { destinations: targets.map(await targetsShower(db, targets)) }
}

export async function changeFallback(
  ctx: AppContext,
  actor: Actor,
  change: RoutingFallbackChange,
): Promise<RoutingFallback> {
  const targets = await resolveTargets(ctx, actor, change.destinations, 'destinations')
  return ctx.db.transaction().execute(async (trx) => {
    await countRevision(trx)
    await writeFallback(ctx, trx, actor, targets)
    return readFallback(trx)
  })
}

/** The same inside a transaction of the caller, who counts the revision before, and knows the targets. */
export async function writeFallback(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  targets: readonly SavedTarget[],
): Promise<void> {
  await updateFallback(trx, JSON.stringify(targets))
  await recordAudit(ctx, trx, actor, {
    action: 'routing_fallback.changed',
    subject: { kind: 'routing_fallback', id: 'fallback', name: 'Fallback' },
    detail: { destinations: targets },
  })
}
