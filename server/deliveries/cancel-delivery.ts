import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { deleteDestination } from '../destinations/change-destination.ts'
import { Refusal } from '../errors.ts'
import { closeIncident } from '../incidents/store.ts'
import type { Actor } from '../users/actor.ts'
import { listParts } from './accept/accept-store.ts'
import { auditSubject } from './audit-subject.ts'
import { settleFolded } from './folding-store.ts'
import { lockLanes } from './lanes/stops-store.ts'
import { getDelivery } from './list-store.ts'
import { beginCancelling } from './sweeps/begin.ts'
import { sweepOn, WINDOWS_AT_ONCE } from './sweeps/sweep.ts'
import { cancelOne } from './waiting-store.ts'

/** Takes back a delivery that no worker has begun to send, with its continuations. */
export async function cancelDelivery(ctx: AppContext, actor: Actor, id: string): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    const delivery = await getDelivery(trx, id)
    const now = ctx.now()
    await lockLanes(trx, { destinationId: delivery.destinationId })
    if ((await getDelivery(trx, id)).foldedInto !== null) {
      throw new Refusal('conflict', `Delivery ${id} was summed up with others, and the summary says it.`)
    }
    if (!(await cancelOne(trx, id, 'cancelled_by_request', now))) {
      throw new Refusal('conflict', `Delivery ${id} is ${delivery.state} and can't be taken back any more.`)
    }
    for (const part of await listParts(trx, id)) await cancelOne(trx, part.id, 'cancelled_by_request', now)
    // What a summary would have said is not sent either.
    await settleFolded(trx, await getDelivery(trx, id), now)
    await recordAudit(ctx, trx, actor, {
      action: 'delivery.cancelled',
      subject: auditSubject(delivery),
    })
  })
}

/** Deletes a destination; from then on nothing is sent there, and what still waits for it is ended. Its history stays. */
export async function deleteWithBacklog(ctx: AppContext, actor: Actor, destinationId: string): Promise<void> {
  await ctx.db.transaction().execute((trx) => eraseWithBacklog(ctx, trx, actor, destinationId))
  await sweepOn(ctx, { windows: WINDOWS_AT_ONCE, only: { kind: 'destination', subject: destinationId } })
}

/** The same inside a transaction of the caller; the workers end what waits. */
export async function eraseWithBacklog(ctx: AppContext, trx: Db, actor: Actor, destinationId: string): Promise<void> {
  const { id } = await deleteDestination(ctx, trx, actor, destinationId)
  await beginCancelling(ctx, trx, { kind: 'destination', subject: id })
  await closeIncident(trx, id, { at: ctx.now(), by: actor.name })
}

/** Ends what still waits for an integration that is being deleted, from the transaction of that on. */
export async function cancelWaitingOf(ctx: AppContext, trx: Db, integrationId: string): Promise<void> {
  await lockLanes(trx, { integrationId })
  await beginCancelling(ctx, trx, { kind: 'integration', subject: integrationId })
}

/** Goes on with that once it is committed, for as long as whoever deletes it can wait. */
export async function sweepWaitingOf(ctx: AppContext, integrationId: string): Promise<void> {
  await sweepOn(ctx, { windows: WINDOWS_AT_ONCE, only: { kind: 'integration', subject: integrationId } })
}
