import type { Db } from '../db/schema.ts'
import type { SavedDelivery } from './store.ts'

/**
 * The message that a thread's key stands for in a destination, or that will be it: the oldest that is there, else the
 * first by its time that may yet be delivered, as itself or on the page of a summary. One that quiet held for longer, or
 * that is meant for later, becomes a reply.
 */
export async function findThreadAnchor(
  db: Db,
  { destinationId, threadKey }: { destinationId: string; threadKey: string },
): Promise<Anchor | undefined> {
  const ofKey = db
    .selectFrom('deliveries')
    .select(ANCHOR)
    .where('destinationId', '=', destinationId)
    .where('threadKey', '=', threadKey)
    .where('action', '=', 'post')
    .limit(1)
  const there = await ofKey.where('messageTs', 'is not', null).orderBy('id').executeTakeFirst()
  if (there) return there
  return ofKey
    .orderBy('queueAt')
    .orderBy('id')
    .where(({ or, and, eb }) =>
      or([eb('rank', 'is not', null), and([eb('foldedInto', 'is not', null), eb('state', '=', 'pending')])]),
    )
    .executeTakeFirst()
}

/**
 * The message that an update key stands for, or that will be it. The last that is there: each change carries the ts of what
 * it changed, and one that was posted anew, since somebody had deleted the message, its own. Of those that wait
 * the first by its time: what is meant for later changes what is said before. A page of a summary is nobody's alone to
 * change.
 */
export async function findUpdateAnchor(
  db: Db,
  { destinationId, updateKey }: { destinationId: string; updateKey: string },
): Promise<Anchor | undefined> {
  const ofKey = db
    .selectFrom('deliveries')
    .select(ANCHOR)
    .where('destinationId', '=', destinationId)
    .where('updateKey', '=', updateKey)
    .where('action', '=', 'post')
    .where('foldedInto', 'is', null)
    .limit(1)
  const there = await ofKey.where('messageTs', 'is not', null).orderBy('id', 'desc').executeTakeFirst()
  return there ?? (await ofKey.where('rank', 'is not', null).orderBy('queueAt').orderBy('id').executeTakeFirst())
}

const ANCHOR = ['id', 'state', 'rank', 'messageTs', 'conversationId', 'threadTs', 'queueAt', 'foldedInto'] as const
export type Anchor = Pick<SavedDelivery, (typeof ANCHOR)[number]>

/**
 * Whether a later change of the same message was made, since it was more urgent, or waits in the same line with its time
 * come. What was meant for later is the later one, whenever it was accepted; a replay says nothing new.
 */
export async function findLaterChange(
  db: Db,
  { destinationId, updateKey, queueAt, id }: Pick<SavedDelivery, 'destinationId' | 'updateKey' | 'queueAt' | 'id'>,
  now: number,
): Promise<'waits' | 'made' | undefined> {
  const later = await db
    .selectFrom(
      latestOf(db, { destinationId, updateKey })
        .select(['state', 'rank', 'action', 'replayOf', 'foldedInto', 'queueAt', 'dueAt'])
        .as('deliveries'),
    )
    .select('rank')
    .where('action', '=', 'post')
    .where('replayOf', 'is', null)
    .where('foldedInto', 'is', null)
    .where(({ or, and, eb }) =>
      or([eb('queueAt', '>', queueAt), and([eb('queueAt', '=', queueAt), eb('id', '>', id)])]),
    )
    .where(({ or, and, eb }) =>
      or([eb('state', '=', 'delivered'), and([eb('rank', 'is not', null), eb('dueAt', '<=', now)])]),
    )
    .orderBy((row) => row.case().when('state', '=', 'delivered').then(0).else(1).end())
    .limit(1)
    .executeTakeFirst()
  return later && (later.rank === null ? 'made' : 'waits')
}

/**
 * Continuations, in Slack still, of all other messages with the same update key, whichever was accepted first: what is
 * meant for later changes what came in after it. Also those of which it is not known yet: what deletes them waits until it is.
 */
export async function listPartsOfOthers(
  db: Db,
  { destinationId, updateKey, id }: Pick<SavedDelivery, 'destinationId' | 'updateKey' | 'id'>,
): Promise<SavedDelivery[]> {
  return db
    .selectFrom('deliveries as main')
    .innerJoin('deliveries as part', 'part.partOf', 'main.id')
    .selectAll('part')
    .where('main.id', 'in', latestOf(db, { destinationId, updateKey }))
    .where('main.id', '<>', id)
    .where(({ or, and, eb }) =>
      or([
        eb('part.messageTs', 'is not', null),
        and([eb('part.state', '=', 'unconfirmed'), eb('part.rank', 'is not', null)]),
      ]),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('deliveries as deleting')
            .select('deleting.id')
            .whereRef('deleting.targetId', '=', 'part.id')
            .where('deleting.action', '=', 'delete')
            .where('deleting.state', 'not in', ['failed', 'suppressed', 'cancelled']),
        ),
      ),
    )
    .orderBy('part.id')
    .execute()
}

/** A progress bar is changed thousands of times: what matters to the next change is among the last of them. */
const latestOf = (db: Db, { destinationId, updateKey }: Pick<SavedDelivery, 'destinationId' | 'updateKey'>) =>
  db
    .selectFrom('deliveries as latest')
    .select('latest.id')
    .where('latest.destinationId', '=', destinationId)
    .where('latest.updateKey', '=', updateKey)
    .orderBy('latest.id', 'desc')
    .limit(MOST_CHANGES)

const MOST_CHANGES = 500

/**
 * The message of a delivery is another one in Slack now, or, where it failed, the one by which a change said it; in the
 * thread of that one.
 */
export async function moveMessage(
  db: Db,
  id: string,
  place: Pick<SavedDelivery, 'messageTs' | 'conversationId' | 'permalink' | 'threadTs'>,
): Promise<void> {
  await db
    .updateTable('deliveries')
    .set(place)
    .where('id', '=', id)
    .where(({ or, eb }) => or([eb('messageTs', 'is not', null), eb('state', '=', 'failed')]))
    .execute()
}

/** Replies to a delivery's message go into another one's thread now. */
export async function moveThread(db: Db, id: string, threadTs: string): Promise<void> {
  await db.updateTable('deliveries').set({ threadTs }).where('id', '=', id).execute()
}

/**
 * A parent that waits behind its reply comes to stand before it, and the reply right behind it in the same rank: also
 * when the parent can't come forward now, since it waits to be looked for, or is meant for later.
 */
export async function standBehind(
  db: Db,
  reply: Pick<SavedDelivery, 'id' | 'rank' | 'queueAt'>,
  parentId: string,
): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ rank: reply.rank })
    .where('id', '=', parentId)
    .where('rank', '>', reply.rank)
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .execute()
  const parent = await db
    .selectFrom('deliveries')
    .select(['rank', 'queueAt'])
    .where('id', '=', parentId)
    .where('rank', 'is not', null)
    .executeTakeFirst()
  if (!parent) return
  await db
    .updateTable('deliveries')
    .set({ rank: parent.rank, queueAt: Math.max(Number(reply.queueAt), Number(parent.queueAt) + 1) })
    .where('id', '=', reply.id)
    .where('rank', 'is not', null)
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .execute()
}
