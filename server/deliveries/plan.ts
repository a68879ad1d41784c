import type { Db } from '../db/schema.ts'
import type { SavedDestination } from '../destinations/store.ts'
import type { Act } from '../providers/provider.ts'
import { type Anchor, findLaterChange, findThreadAnchor, findUpdateAnchor, standBehind } from './anchors-store.ts'
import { listByIds, type SavedDelivery } from './store.ts'

/** What sending a delivery means at this moment. */
export type Plan =
  | { kind: 'go'; act: Act }
  /** The message it replies to, or changes, comes first; it was put before this one. */
  | { kind: 'after_parent' }
  | { kind: 'suppress'; code: 'superseded' | 'nothing_to_change' }
  /** It would go on with what never arrived. */
  | { kind: 'fail'; code: 'first_part_failed' }

/**
 * Finds the message that a delivery replies to or changes. Its lane is claimed, so nothing of it is in flight, and what
 * stood before it has come to an end; only a parent of less priority may wait still, and then it goes first.
 */
export async function planOf(
  db: Db,
  delivery: SavedDelivery,
  destination: SavedDestination,
  now: number,
): Promise<Plan> {
  if (delivery.partOf !== null && belongsTo(delivery.partOf, delivery)) {
    const part = { mainId: delivery.partOf, changes: destination.kind !== 'webhook' }
    const ended = await endOfPart(db, delivery, part, now)
    if (ended) return ended
  }
  // A webhook gives no ts, so nothing of it can be replied to or changed.
  if (destination.kind === 'webhook') return post()
  if (delivery.targetId !== null) return planForTarget(db, delivery, delivery.targetId)
  if (delivery.updateKey !== null) {
    const { updateKey, destinationId } = delivery
    const anchor = await findUpdateAnchor(db, { destinationId, updateKey })
    if (anchor && anchor.id !== delivery.id) return planForUpdate(db, delivery, anchor, now)
  }
  const broadcast = delivery.broadcast !== null
  if (delivery.threadTs !== null) return post({ threadTs: delivery.threadTs, broadcast })
  if (delivery.threadKey === null) return post()
  const { threadKey, destinationId } = delivery
  const parent = await findThreadAnchor(db, { destinationId, threadKey })
  if (!parent || parent.id === delivery.id) return post()
  if (parent.messageTs === null) return afterParent(db, delivery, { id: parent.foldedInto ?? parent.id })
  return post({ threadTs: parent.threadTs ?? parent.messageTs, broadcast })
}

/** One that is sent again alone names the first part of before, which may have failed; along with its first part, that one. */
const belongsTo = (mainId: string, { replayOf }: SavedDelivery): boolean => replayOf === null || mainId > replayOf

async function planForTarget(db: Db, delivery: SavedDelivery, targetId: string): Promise<Plan> {
  const [target] = await listByIds(db, [targetId])
  if (target?.messageTs) {
    const standing = { messageTs: target.messageTs, threadTs: target.threadTs, ...(await standingOf(db, target)) }
    return delivery.action === 'delete'
      ? { kind: 'go', act: { kind: 'delete', messageTs: standing.messageTs } }
      : change(standing)
  }
  if (target && target.rank !== null) return afterParent(db, delivery, target)
  // Of a message that failed the change is said all the same; of what was taken back, or that a later one stands for, nothing.
  const isSaidNoMore = target?.state === 'cancelled' || target?.state === 'suppressed'
  if (isSaidNoMore && delivery.replayOf === null) return { kind: 'suppress', code: 'nothing_to_change' }
  if (delivery.action === 'delete') return { kind: 'suppress', code: 'nothing_to_change' }
  return post(target?.threadTs ? { threadTs: target.threadTs, broadcast: target.broadcast !== null } : {})
}

/** Of a message with an update key where it stands now: a change may have posted it anew. */
async function standingOf(db: Db, { destinationId, updateKey }: SavedDelivery): Promise<Standing | undefined> {
  const anchor = updateKey === null ? undefined : await findUpdateAnchor(db, { destinationId, updateKey })
  return anchor && anchor.messageTs !== null ? { messageTs: anchor.messageTs, threadTs: anchor.threadTs } : undefined
}

type Standing = { messageTs: string; threadTs: string | null }

/**
 * Continuations of what failed, was taken back, or is a change that a later one stands for, would say half of it. Where
 * nothing `changes`, a later one stands for nothing but itself.
 */
async function endOfPart(
  db: Db,
  { queueAt, id }: SavedDelivery,
  { mainId, changes }: { mainId: string; changes: boolean },
  now: number,
): Promise<Plan | undefined> {
  const [main] = await listByIds(db, [mainId])
  if (!main) return undefined
  // One that failed may have been posted by a change of it.
  if (main.state === 'failed' && main.messageTs === null) return { kind: 'fail', code: 'first_part_failed' }
  const { destinationId, updateKey } = main
  const isReplaced = async () =>
    changes &&
    updateKey !== null &&
    (await findLaterChange(db, { destinationId, updateKey, queueAt, id }, now)) === 'made'
  const isSaidNoMore = main.state === 'suppressed' || main.state === 'cancelled' || (await isReplaced())
  return isSaidNoMore ? { kind: 'suppress', code: 'superseded' } : undefined
}

async function planForUpdate(db: Db, delivery: SavedDelivery, anchor: Anchor, now: number): Promise<Plan> {
  if (anchor.messageTs === null) return afterParent(db, delivery, anchor)
  const later = delivery.replayOf === null ? await findLaterChange(db, delivery, now) : undefined
  // Nobody would see a change that the next one replaces a second later, unless each leaves its trail; and an old one must
  // not replace a new one that was more urgent.
  if (later === 'made' || (later === 'waits' && delivery.updateTrail === null)) {
    return { kind: 'suppress', code: 'superseded' }
  }
  return change({ messageTs: anchor.messageTs, threadTs: anchor.threadTs })
}

async function afterParent(db: Db, delivery: SavedDelivery, parent: Pick<Anchor, 'id'>): Promise<Plan> {
  await standBehind(db, delivery, parent.id)
  return { kind: 'after_parent' }
}

function change({ messageTs, threadTs }: Standing): Plan {
  return { kind: 'go', act: { kind: 'update', messageTs, ...(threadTs !== null && { threadTs }) } }
}

function post({ threadTs, broadcast }: { threadTs?: string; broadcast?: boolean } = {}): Plan {
  return {
    kind: 'go',
    act: { kind: 'post', ...(threadTs !== undefined && { threadTs }), ...(threadTs && broadcast && { broadcast }) },
  }
}
