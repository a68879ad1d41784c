import type { AppContext } from '../../context.ts'
import type { Db } from '../../db/schema.ts'
import { findThreadAnchor, findUpdateAnchor } from '../anchors-store.ts'
import type { SavedDelivery } from '../store.ts'
import { ranks } from '../to-row.ts'
import { delayed } from './end-quiet.ts'
import { releaseHeld } from './held-store.ts'
import { endWaits, listHeldBefore } from './waits-store.ts'

/**
 * An urgent message that did not wait for quiet takes along what it replies to, or changes, when the same quiet holds
 * that: alone it would say half of it, and a thread would begin with its second message. Its lane is claimed.
 */
export async function takeAlong(ctx: AppContext, trx: Db, urgent: SavedDelivery, now: number): Promise<void> {
  if (urgent.rank !== ranks.urgent || urgent.threadTs !== null || urgent.targetId !== null) return
  const column = urgent.updateKey === null ? 'threadKey' : 'updateKey'
  const key = urgent[column]
  if (key === null) return
  const { id, destinationId, rank } = urgent
  const anchor =
    column === 'threadKey'
      ? await findThreadAnchor(trx, { destinationId, threadKey: key })
      : await findUpdateAnchor(trx, { destinationId, updateKey: key })
  if (anchor && anchor.id !== id) return
  const held = await listHeldBefore(trx, urgent, { column, key })
  await releaseHeld(
    trx,
    held.map(({ delivery, wait }) => ({
      ...{ id: delivery.id, state: 'pending' as const, code: null, rank, dueAt: Math.min(wait.meantAt, now) },
      message: delivery.partOf === null ? delayed(delivery.message, wait.meantAt) : delivery.message,
    })),
    now,
  )
  const ids = held.map(({ delivery }) => delivery.id)
  await endWaits(trx, ids, 'taken_along', now)
  if (ids.length > 0) ctx.log.info('quiet.taken_along', { deliveryId: id, destinationId, deliveries: ids.length })
}
