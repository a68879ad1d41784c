import { locking, notifyLoop, oneOf, skippingLocked } from '../../db/engine.ts'
import type { Db } from '../../db/schema.ts'
import type { SavedSweep } from './cursor.ts'
import type { Mark } from './keeps-back.ts'

/** What a sweep is about. */
export type Swept = Pick<SavedSweep, 'kind' | 'subject'>

/**
 * Begins a sweep, in the transaction of the change that it follows. One of the same that is under way begins anew, if the
 * new one is not ready yet; else it goes on where it is, and nobody waits for the window that it is in.
 */
export async function putSweep(db: Db, sweep: Omit<SavedSweep, 'cursor' | 'moved'>): Promise<void> {
  const row = { ...sweep, cursor: null, moved: 0 }
  await db
    .insertInto('sweeps')
    .values(row)
    .onConflict((conflict) => {
      const same = conflict.columns(['kind', 'subject'])
      return sweep.readyAt === null ? same.doUpdateSet(row) : same.doNothing()
    })
    .execute()
  await notifyLoop(db, 'deliveries')
}

/** Those that wait until all that was decided by the settings before is written. */
export async function listUnready(db: Db): Promise<Pick<SavedSweep, 'id' | 'kind'>[]> {
  return db.selectFrom('sweeps').select(['id', 'kind']).where('readyAt', 'is', null).execute()
}

/**
 * It is written; a sweep that was begun anew meanwhile has another id, and waits on. Changes that come at once mark each
 * other's: they lock them in one order, or would wait in a circle.
 */
export async function markReady(db: Db, ids: readonly string[], now: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const unready = await trx
      .selectFrom('sweeps')
      .select('id')
      .where('id', 'in', oneOf(trx, ids))
      .where('readyAt', 'is', null)
      .orderBy('id')
      .$call(locking(trx))
      .execute()
    const locked = unready.map(({ id }) => id)
    await trx.updateTable('sweeps').set({ readyAt: now }).where('id', 'in', oneOf(trx, locked)).execute()
  })
}

/**
 * A sweep to go on with, if there is one that nobody else goes on with at this moment. Whoever asks for one by name waits
 * for its turn: what was asked for is not left to a loop because somebody had that sweep in hand.
 */
export async function lockSweep(trx: Db, only?: Swept): Promise<SavedSweep | undefined> {
  return trx
    .selectFrom('sweeps')
    .selectAll()
    .where('readyAt', 'is not', null)
    .$if(only !== undefined, (query) =>
      query.where('kind', '=', only?.kind ?? 'type').where('subject', '=', only?.subject ?? ''),
    )
    .orderBy('askedAt')
    .orderBy('id')
    .limit(1)
    .$call(only === undefined ? skippingLocked(trx) : locking(trx))
    .executeTakeFirst()
}

export async function moveSweep(trx: Db, { id, cursor, moved }: SavedSweep): Promise<void> {
  await trx.updateTable('sweeps').set({ cursor, moved }).where('id', '=', id).execute()
}

export async function endSweep(trx: Db, { id }: SavedSweep): Promise<void> {
  await trx.deleteFrom('sweeps').where('id', '=', id).execute()
}

/** Those that keep deliveries from being sent until they have reached them. */
export async function listMarks(db: Db): Promise<Mark[]> {
  return db
    .selectFrom('sweeps')
    .select(['kind', 'subject', 'act', 'cursor'])
    .where('kind', 'in', ['type', 'replay'])
    .execute()
}

/** Which of a kind are being swept, and what for. */
export async function listSwept(db: Db, kind: SavedSweep['kind']): Promise<Map<string, SavedSweep['act']>> {
  const rows = await db.selectFrom('sweeps').select(['subject', 'act']).where('kind', '=', kind).execute()
  return new Map(rows.map(({ subject, act }) => [subject, act]))
}

/** What is being swept, the oldest first. */
export async function listUnderWay(db: Db): Promise<Pick<SavedSweep, 'kind' | 'subject' | 'act' | 'moved'>[]> {
  return db.selectFrom('sweeps').select(['kind', 'subject', 'act', 'moved']).orderBy('askedAt').orderBy('id').execute()
}
