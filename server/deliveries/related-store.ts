import type { Delivery } from '../../shared/deliveries.ts'
import type { Db } from '../db/schema.ts'
import type { SavedDelivery } from './store.ts'

export type Related = Pick<
  SavedDelivery,
  'id' | 'destinationId' | 'destinationName' | 'title' | 'state' | 'createdAt'
> & {
  why: Delivery['related'][number]['why']
}

type Why = Related['why']
type Link = 'id' | 'partOf' | 'foldedInto' | 'replayOf' | 'targetId' | 'eventId'

/** Deliveries that hang together with one, the nearest first; each once. */
export async function listRelated(db: Db, delivery: SavedDelivery, most: number): Promise<Related[]> {
  const { id } = delivery
  const links: [Why, Link, string | null][] = [
    ['replay_of', 'id', delivery.replayOf],
    ['replay', 'replayOf', id],
    ['folded_into', 'id', delivery.foldedInto],
    ['duplicate_of', 'id', delivery.duplicateOf],
    ['changes', 'id', delivery.targetId],
    ['changed_by', 'targetId', id],
    ['part_of', 'id', delivery.partOf],
    ['part', 'partOf', id],
    ['folds', 'foldedInto', id],
    ['same_event', 'eventId', delivery.eventId],
  ]
  const related = new Map<string, Related>()
  const add = (why: Why, rows: Omit<Related, 'why'>[]) => {
    for (const row of rows) if (row.id !== id && !related.has(row.id)) related.set(row.id, { ...row, why })
  }
  for (const [why, column, value] of links) {
    if (value === null || related.size >= most) continue
    const query = db.selectFrom('deliveries').select(SHOWN).where(column, '=', value)
    add(why, await query.orderBy('id').limit(most).execute())
  }
  await addByUpdateKey(db, delivery, most, add)
  return [...related.values()].slice(0, most)
}

const SHOWN = ['id', 'destinationId', 'destinationName', 'title', 'state', 'createdAt'] as const

/** Messages with one update key stand for one message: earlier ones are what is changed, later ones change it. */
async function addByUpdateKey(
  db: Db,
  { id, updateKey, destinationId }: SavedDelivery,
  most: number,
  add: (why: Why, rows: Omit<Related, 'why'>[]) => void,
): Promise<void> {
  if (updateKey === null) return
  const rows = await db
    .selectFrom('deliveries')
    .select(SHOWN)
    .where('destinationId', '=', destinationId)
    .where('updateKey', '=', updateKey)
    .orderBy('id')
    .limit(most)
    .execute()
  add('changes', rows.filter((row) => row.id < id).slice(0, 1))
  add(
    'changed_by',
    rows.filter((row) => row.id > id),
  )
}
