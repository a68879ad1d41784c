import { oneOf } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import type { SavedDelivery } from './store.ts'

/** Deliveries that a summary stands for share its outcome. */
export async function settleFolded(
  db: Db,
  folding: Pick<SavedDelivery, 'id' | 'state' | 'messageTs' | 'conversationId' | 'permalink' | 'code' | 'mark'>,
  now: number,
): Promise<void> {
  const { id, state, messageTs, conversationId, permalink, code, mark } = folding
  await db
    .updateTable('deliveries')
    .set({
      state,
      stateAt: now,
      endedAt: now,
      ...(state === 'delivered' && { deliveredAt: now, tries: 1 }),
      messageTs,
      conversationId,
      permalink,
      code,
      mark,
    })
    .where('foldedInto', '=', id)
    .where('state', '=', 'pending')
    .execute()
}

/** The low ones of a type that wait in a lane, oldest first. */
export async function listFoldable(
  db: Db,
  { destinationId, type }: Pick<SavedDelivery, 'destinationId' | 'type'>,
  limit: number,
): Promise<SavedDelivery[]> {
  return db
    .selectFrom('deliveries')
    .selectAll()
    .where('destinationId', '=', destinationId)
    .where('rank', '=', 2)
    .where('type', '=', type)
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .where('foldAfter', 'is not', null)
    .orderBy('queueAt')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** They leave the line: the page says what they would have said. */
export async function foldInto(db: Db, ids: readonly string[], page: string, now: number): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ foldedInto: page, rank: null, state: 'pending', stateAt: now, code: 'folded' })
    .where('id', 'in', oneOf(db, ids))
    // Somebody may have taken one back since they were read.
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .execute()
}
