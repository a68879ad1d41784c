import type { IntegrationBelongings } from '../../shared/integrations.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import { closeIncidentsOf } from '../incidents/store.ts'
import type { Actor } from '../users/actor.ts'
import { deleteDataKeys } from '../vault/store.ts'
import { forgetConnection } from './credentials.ts'
import type { Dependants } from './dependants.ts'
import { deleteIntegrationRow, getIntegration, lockIntegration } from './store.ts'
import { countTests } from './tests-store.ts'

/** What a deletion would take along. */
export async function countBelongings(
  db: Db,
  id: string,
  dependants: Pick<Dependants, 'countDestinations' | 'countWaiting'>,
): Promise<IntegrationBelongings> {
  const { name } = await getIntegration(db, id)
  const destinations = (await dependants.countDestinations(db, [id])).get(id)
  return {
    name,
    destinations: destinations?.all ?? 0,
    webhooks: destinations?.webhooks ?? 0,
    waiting: await dependants.countWaiting(db, id),
    tests: await countTests(db, id),
  }
}

/**
 * Deletes an integration whose exact name was given, and says what went with it. Its data keys go too, so that its
 * secrets can't be opened any more; deliveries that ended stay in the log.
 */
export async function deleteIntegration(
  ctx: AppContext,
  actor: Actor,
  asked: { id: string; name: string | undefined },
  dependants: Dependants,
): Promise<IntegrationBelongings> {
  const { id } = asked
  const gone = await ctx.db.transaction().execute(async (trx) => {
    // First of all, since it locks lanes, which everybody does before anything that belongs to them.
    await dependants.cancelWaiting(ctx, trx, id)
    const { name } = await lockIntegration(trx, id)
    if (asked.name !== name) throw wrongName(name)
    const belongings = await countBelongings(trx, id, dependants)
    await deleteIntegrationRow(trx, id)
    await deleteDataKeys(trx, id)
    await closeIncidentsOf(trx, id, { at: ctx.now(), by: actor.name })
    const { name: _, ...detail } = belongings
    await recordAudit(ctx, trx, actor, {
      action: 'integration.deleted',
      subject: { kind: 'integration', id, name },
      detail,
    })
    return belongings
  })
  forgetConnection(ctx, id)
  await dependants.sweepWaiting(ctx, id)
  return gone
}

const wrongName = (name: string) =>
  new Refusal('invalid', `Deleting asks for the exact name, which is "${name}".`, {
    field: 'name',
    fix: `Send it along: ?name=${encodeURIComponent(name)}`,
  })
