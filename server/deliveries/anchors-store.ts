import type { Db } from '../db/schema.ts'
import type { SavedDelivery } from './store.ts'

/**
 * The message that a key stands for in a destination, or that will be it: the oldest that is or may yet be delivered. Of
 * a thread the oldest that is there goes before those that are not: one that quiet held for longer becomes a reply.
 */
export async function findAnchor(
  db: Db,
  { destinationId, column, key }: { destinationId: string; column: 'threadKey' | 'updateKey'; key: string },
): Promise<Anchor | undefined> {
  return db
    .selectFrom('deliveries')
    .select(['id', 'state', 'rank', 'messageTs', 'conversationId', 'threadTs', 'queueAt'])
    .where('destinationId', '=', destinationId)
    .where(column, '=', key)
    .where('action', '=', 'post')
    .where(({ or, eb }) => or([eb('rank', 'is not', null), eb('messageTs', 'is not', null)]))
    .$if(column === 'threadKey', (rows) =>
      rows.orderBy((row) => row.case().when('messageTs', 'is', null).then(1).else(0).end()),
    )
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

export type Anchor = Pick<
  SavedDelivery,
  'id' | 'state' | 'rank' | 'messageTs' | 'conversationId' | 'threadTs' | 'queueAt'
>

/** Whether a later change of the same message waits in the same line. */
export async function hasLaterChange(
  db: Db,
  { destinationId, updateKey, id }: Pick<SavedDelivery, 'destinationId' | 'updateKey' | 'id'>,
): Promise<boolean> {
  const later = await db
    .selectFrom('deliveries')
    .select('id')
    .where('destinationId', '=', destinationId)
    .where('updateKey', '=', updateKey)
    .where('id', '>', id)
    .where('rank', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return later !== undefined
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
