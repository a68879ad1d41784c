import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { deleteDestination } from '../destinations/change-destination.ts'
import { Refusal } from '../errors.ts'
import { closeIncident } from '../incidents/store.ts'
import type { Actor } from '../users/actor.ts'
import { settleFolded } from './folding-store.ts'
import { getDelivery } from './list-store.ts'
import { cancelOne, cancelWaiting } from './waiting-store.ts'

/** Takes back a delivery that no worker has begun to send. */
export async function cancelDelivery(ctx: AppContext, actor: Actor, id: string): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    const delivery = await getDelivery(trx, id)
    const [code, now] = ['cancelled_by_request', ctx.now()]
    if (!(await cancelOne(trx, id, code, now))) {
      throw new Refusal('conflict', `Delivery ${id} is ${delivery.state} and can't be taken back any more.`)
    }
    // What a summary would have said is not sent either.
    await settleFolded(trx, { ...delivery, state: 'cancelled', code }, now)
    await recordAudit(ctx, trx, actor, {
      action: 'delivery.cancelled',
      subject: { kind: 'delivery', id, name: delivery.title },
    })
  })
}

/** Deletes a destination and, in the same transaction, ends what still waits for it; its history stays. */
export async function deleteWithBacklog(ctx: AppContext, actor: Actor, destinationId: string): Promise<void> {
  await ctx.db.transaction().execute((trx) => eraseWithBacklog(ctx, trx, actor, destinationId))
}

/** The same inside a transaction of the caller. */
export async function eraseWithBacklog(ctx: AppContext, trx: Db, actor: Actor, destinationId: string): Promise<void> {
  const { id, integrationId } = await deleteDestination(ctx, trx, actor, destinationId)
  await cancelWaiting(trx, { integrationId, destinationId: id }, 'destination_deleted', ctx.now())
  await closeIncident(trx, id, { at: ctx.now(), by: actor.name })
}

/** Ends what still waits for an integration that is being deleted, in the transaction of that; gives their number. */
export async function cancelWaitingOf(trx: Db, integrationId: string, at: number): Promise<number> {
  return cancelWaiting(trx, { integrationId }, 'integration_deleted', at)
}
