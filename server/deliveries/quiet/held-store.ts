import { sql } from 'kysely'
import { locking, oneOf, rowsOf } from '../../db/engine.ts'
import type { Db } from '../../db/schema.ts'
import type { SavedDelivery } from '../store.ts'
import { QUIET_CODES } from './quiet.ts'

/** Those of these that quiet holds and nothing else, and that nobody changes meanwhile. */
export async function lockHeld(trx: Db, ids: readonly string[]): Promise<SavedDelivery[]> {
  return trx
    .selectFrom('deliveries')
    .selectAll()
    .where('id', 'in', oneOf(trx, ids))
    .where('state', '=', sql.lit('held' as const))
    .where('code', 'in', [...QUIET_CODES])
    .orderBy('id')
    .$call(locking(trx))
    .execute()
}

/** Of these, those that others are continuations of. */
export async function findSplit(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.selectFrom('deliveries').select('partOf').where('partOf', 'in', oneOf(db, ids)).execute()
  return new Set(rows.flatMap(({ partOf }) => (partOf === null ? [] : [partOf])))
}

export type Released = Pick<SavedDelivery, 'id' | 'message' | 'dueAt' | 'rank' | 'state' | 'code'>

/** Back in line, each in its old place: what it says now, when it is due, and how it stands there. */
export async function releaseHeld(db: Db, rows: readonly Released[], now: number): Promise<void> {
  if (rows.length === 0) return
  const columns = {
    id: 'text',
    message: 'text',
    dueAt: 'bigint',
    rank: 'integer',
    state: 'text',
    code: 'text',
  } as const
  await sql`
    update deliveries set state = new.state, state_at = ${now}, code = new.code, message = new.message,
      due_at = new.due_at, rank = new.rank
    from ${rowsOf(db, columns, rows)} as new
    where deliveries.id = new.id and deliveries.state = 'held'`.execute(db)
}

/** They are never sent: what held them drops what it holds. */
export async function dropHeld(db: Db, ids: readonly string[], now: number): Promise<void> {
  if (ids.length === 0) return
  await db
    .updateTable('deliveries')
    .set({ state: 'suppressed', stateAt: now, endedAt: now, code: 'quiet_dropped' })
    .where('id', 'in', oneOf(db, ids))
    .where('state', '=', sql.lit('held' as const))
    .execute()
}

/** They wait on, until then and for that. */
export async function holdOn(db: Db, rows: readonly Pick<SavedDelivery, 'id' | 'code' | 'dueAt'>[]): Promise<void> {
  if (rows.length === 0) return
  const columns = { id: 'text', code: 'text', dueAt: 'bigint' } as const
  await sql`
    update deliveries set code = new.code, due_at = new.due_at
    from ${rowsOf(db, columns, rows)} as new
    where deliveries.id = new.id and deliveries.state = 'held'`.execute(db)
}

/** Quiet is over for what something else holds still: it is due again when it was meant to be. */
export async function restoreDue(db: Db, rows: readonly Pick<SavedDelivery, 'id' | 'dueAt'>[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update deliveries set due_at = new.due_at
    from ${rowsOf(db, { id: 'text', dueAt: 'bigint' }, rows)} as new
    where deliveries.id = new.id and deliveries.state = 'held'`.execute(db)
}
