import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { findThreadAnchor, findUpdateAnchor, listPartsOfOthers, moveMessage, moveThread } from './anchors-store.ts'
import type { Finished } from './settle.ts'
import { listByIds, type SavedDelivery } from './store.ts'
import { deletionOf } from './to-row.ts'

/** It has changed, in place, what an earlier message with its update key said. */
export function isChange({ taken: { act, delivery }, step }: Finished): boolean {
  return act !== 'look' && act.kind === 'update' && delivery.updateKey !== null && step.state === 'delivered'
}

/** Takes the continuations of what the message said before out of Slack. */
export async function outdatedParts(ctx: AppContext, trx: Db, { taken }: Finished): Promise<SavedDelivery[]> {
  const { delivery } = taken
  const parts = await listPartsOfOthers(trx, delivery)
  return parts.map((part) => deletionOf(ctx, part, { origin: part.origin, createdBy: delivery.createdBy }))
}

/** A message that was gone from Slack, or was refused, was posted by its change: from now on it is that one. */
export async function followTarget(trx: Db, { taken: { act, delivery }, step, sent }: Finished): Promise<void> {
  const { targetId, action, threadTs } = delivery
  if (targetId === null || action !== 'update' || step.state !== 'delivered') return
  if (act !== 'look' && act.kind !== 'post') return
  const { messageTs = null, conversationId = null, permalink = null } = sent
  if (messageTs === null) return
  const place = { messageTs, conversationId, permalink, threadTs: act === 'look' ? threadTs : (act.threadTs ?? null) }
  await moveMessage(trx, targetId, place)
  const [target] = await listByIds(trx, [targetId])
  if (!target || target.updateKey === null) return
  // Later changes of it by its key carry the ts of what is gone, and the next one goes by the last of them.
  const { destinationId, updateKey } = target
  const last = await findUpdateAnchor(trx, { destinationId, updateKey })
  if (last && last.id !== targetId) await moveMessage(trx, last.id, place)
}

/**
 * What its thread's key stood for was gone, and it was posted anew, or beside it: from now on the thread is that one's.
 * A look does not know what was gone; but what stands beside the thread of its key was posted there for that reason.
 */
export async function followThread(trx: Db, { taken: { act, delivery }, step, sent, goneTs }: Finished): Promise<void> {
  const { destinationId, threadKey, updateKey } = delivery
  const { messageTs = null } = sent
  if (threadKey === null || messageTs === null || delivery.action !== 'post' || step.state !== 'delivered') return
  const isFoundBeside = act === 'look' && delivery.threadTs === null && updateKey === null
  if (goneTs === undefined && !isFoundBeside) return
  const parent = await findThreadAnchor(trx, { destinationId, threadKey })
  if (!parent || parent.messageTs === null || parent.id === delivery.id) return
  if (goneTs === undefined || (parent.threadTs ?? parent.messageTs) === goneTs) {
    await moveThread(trx, parent.id, messageTs)
  }
}
