import { oneOf } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import type { SavedDelivery } from './store.ts'

/** Deliveries that a summary stands for share its outcome. */
export async function settleFolded(
  db: Db,
  folding: Pick<
    SavedDelivery,
    'id' | 'state' | 'messageTs' | 'threadTs' | 'conversationId' | 'permalink' | 'code' | 'mark'
  >,
  now: number,
): Promise<void> {
  const { id, state, messageTs, threadTs, conversationId, permalink, code, mark } = folding
  await db
    .updateTable('deliveries')
    .set({
      state,
      stateAt: now,
      endedAt: now,
      ...(state === 'delivered' && { deliveredAt: now, tries: 1 }),
      messageTs,
      // Who replies to one of them does so where its page stands.
      threadTs,
      conversationId,
      permalink,
      code,
      // One that may have arrived before it was folded keeps its own.
      ...(mark !== null && { mark }),
    })
    .where('foldedInto', '=', id)
    .where('state', '=', 'pending')
    .execute()
}

/** The low ones of a type that wait in a lane and may be folded, oldest first. */
export async function listFoldable(
  db: Db,
  { destinationId, type }: Pick<SavedDelivery, 'destinationId' | 'type'>,
  limit: number,
): Promise<SavedDelivery[]> {
  return foldable(db)
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

/** Whether it may be folded; a look at it alone, whatever waits behind it. */
export async function isFoldable(db: Db, id: string): Promise<boolean> {
  return (await foldable(db).select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}

/**
 * Files, changes of earlier messages, what is longer than a page and messages that are longer than one stand for
 * themselves; so does what is urgent, also behind a parent of low priority.
 */
const foldable = (db: Db) =>
  db
    .selectFrom('deliveries')
    .where('priority', '=', 'low')
    .where('updateKey', 'is', null)
    .where('fileId', 'is', null)
    .where((row) => row(row.fn<number>('length', ['message']), '<=', LONGEST_FOLDED))
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('deliveries as part').select('part.id').whereRef('part.partOf', '=', 'deliveries.id'))),
    )

/** As JSON, where words stand twice, as text and in blocks: of what is shorter no text was cut. */
const LONGEST_FOLDED = 8_000

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
