import { sql } from 'kysely'
import { oneOf } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import { replayableStates } from './states.ts'
import type { SavedDelivery } from './store.ts'

/** The continuations that a message, or a change of one, was made with, in their order. */
export async function listContinuations(db: Db, { id }: SavedDelivery): Promise<SavedDelivery[]> {
  return continuationsOf(db, [id]).selectAll('part').orderBy('part.id').execute()
}

/** The ids of those that were made with any of these and can be sent again; in no order. */
export async function listReplayableContinuations(db: Db, ids: readonly string[]): Promise<string[]> {
  const rows = await continuationsOf(db, ids)
    .select('part.id')
    .where('part.state', 'in', replayableStates)
    .where('part.rank', 'is', null)
    .execute()
  return rows.map(({ id }) => id)
}

/** Not those that a change in place put others for, nor those that were sent again alone. */
const continuationsOf = (db: Db, ids: readonly string[]) =>
  db
    .selectFrom('deliveries as first')
    .innerJoin('deliveries as part', (join) => join.on('part.partOf', '=', sql`coalesce(first.target_id, first.id)`))
    .where('first.id', 'in', oneOf(db, ids))
    .whereRef('part.id', '>', 'first.id')
    .where(({ not, and, eb }) => not(and([eb('part.state', '=', 'cancelled'), eb('part.code', '=', 'superseded')])))
    .where(({ or, eb, ref }) => or([eb('part.replayOf', 'is', null), eb('part.replayOf', '<', ref('part.partOf'))]))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('deliveries as change')
            .select('change.id')
            .whereRef('change.targetId', '=', 'part.partOf')
            .where('change.action', '=', 'update')
            .whereRef('change.id', '>', 'first.id')
            .whereRef('change.id', '<', 'part.id'),
        ),
      ),
    )
