import { z } from 'zod'
import type { RouteDestination, RouteTarget } from '../../shared/route-targets.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { destinationFinder } from '../destinations/find-or-create.ts'
import { listDestinationsByIds } from '../destinations/store.ts'
import { Refusal, refusedAt } from '../errors.ts'
import { findIntegration } from '../integrations/store.ts'
import type { Actor } from '../users/actor.ts'

/** A destination, or whoever the event names as its recipient. A channel is kept by its id, whatever it was named by. */
export type SavedTarget = { id: string } | { integrationId: string; recipient: true }

export const SavedTargets = z.array(
  z.union([
    z.strictObject({ id: z.string() }),
    z.strictObject({ integrationId: z.string(), recipient: z.literal(true) }),
  ]),
)

/** The targets in a column. */
export const targetsIn = (column: string | null): SavedTarget[] =>
  column === null ? [] : SavedTargets.parse(JSON.parse(column))

/** The words in a column. */
export const wordsIn = (column: string | null): string[] =>
  column === null ? [] : z.array(z.string()).parse(JSON.parse(column))

/** What an admin named, as it is kept; a channel or person that is no destination yet becomes one. */
export async function resolveTargets(
  ctx: AppContext,
  actor: Actor,
  wanted: readonly RouteTarget[],
  field: string,
): Promise<SavedTarget[]> {
  const find = destinationFinder(ctx)
  const kept = new Map<string, SavedTarget>()
  for (const [place, target] of wanted.entries()) {
    const saved = await resolveTarget(ctx, actor, find, target).catch((error) => refusedAt(error, `${field}.${place}`))
    kept.set(JSON.stringify(saved), saved)
  }
  return [...kept.values()]
}

async function resolveTarget(
  ctx: AppContext,
  actor: Actor,
  find: ReturnType<typeof destinationFinder>,
  target: RouteTarget,
): Promise<SavedTarget> {
  if (typeof target === 'string') {
    if ((await listDestinationsByIds(ctx.db, [target])).has(target)) return { id: target }
    throw new Refusal('invalid', `There is no destination ${target}.`, {
      fix: 'Use an id from GET /api/destinations, or {"integrationId", "channel"}.',
    })
  }
  if (!('recipient' in target)) return { id: await find(actor, target) }
  if (await findIntegration(ctx.db, target.integrationId)) return target
  throw new Refusal('invalid', `There is no integration ${target.integrationId}.`, { field: 'integrationId' })
}

/** Gives the targets their names; one whose destination was deleted meanwhile says so. */
export async function targetsShower(
  db: Db,
  targets: readonly SavedTarget[],
): Promise<(target: SavedTarget) => RouteDestination> {
  const ids = new Set(targets.flatMap((target) => ('id' in target ? [target.id] : [])))
  const rows = await listDestinationsByIds(db, [...ids])
  return (target) => {
    if (!('id' in target)) return { integrationId: target.integrationId, kind: 'recipient', name: 'The recipient' }
    const row = rows.get(target.id)
    if (!row) return { id: target.id, integrationId: '', kind: 'channel', name: `${target.id} (deleted)` }
    return { id: row.id, integrationId: row.integrationId, kind: row.kind, name: row.name }
  }
}
