import type { DirectoryLists } from '../../shared/mentions.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { getIntegration } from '../integrations/store.ts'
import type { Actor } from '../users/actor.ts'
import { beginLists, findLists } from './lists-store.ts'
import { hasMentions } from './refresh-directories.ts'
import { showLists } from './show-lists.ts'

/** Nobody gains by starting over sooner. */
const SHORTEST_BETWEEN_MS = 10_000

/** Reads people and groups again as soon as Slack's limits allow; says how far the reading is. */
export async function refreshOnDemand(ctx: AppContext, actor: Actor, integrationId: string): Promise<DirectoryLists> {
  const integration = await getIntegration(ctx.db, integrationId)
  const lists = await findLists(ctx.db, integrationId)
  const endedAt = Math.max(0, ...lists.map((list) => list.endedAt ?? 0))
  if (hasMentions(integration) && ctx.now() - endedAt >= SHORTEST_BETWEEN_MS) {
    await ctx.db.transaction().execute(async (trx) => {
      await beginLists(trx, { integrationId, generation: ctx.newId('req'), now: ctx.now(), again: true })
      await recordAudit(ctx, trx, actor, {
        action: 'mentions.refresh_asked',
        subject: { kind: 'integration', id: integrationId, name: integration.name },
      })
    })
    ctx.nudge('mentions')
  }
  return showLists(ctx.db, integrationId)
}
