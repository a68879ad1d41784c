import { sql } from 'kysely'
import { type RowsStatement, runOverRows } from '../../db/over-rows.ts'
import type { Db, IdempotencyKeysTable } from '../../db/schema.ts'

export type SavedAnswer = IdempotencyKeysTable
type Key = Pick<SavedAnswer, 'source' | 'key'>

/** What was answered to requests with these keys. */
export async function findAnswers(db: Db, keys: readonly Key[]): Promise<SavedAnswer[]> {
  return runOverRows(db, FINDING, keys, [])
}

/**
 * Keeps answers for repeats. False: another replica has kept one for the same key since we looked, and the transaction
 * has to be given up. Waits for such a replica's transaction to end; rows go in one order, so none waits in a circle.
 */
export async function insertAnswers(db: Db, answers: readonly SavedAnswer[]): Promise<boolean> {
  const sorted = [...answers].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  const inserted = await runOverRows(db, KEEPING, sorted, [])
  return inserted.length === answers.length
}

/** Drops answers that nobody will ask for again, some at a time. Gives how many. */
export async function dropAnswersBefore(db: Db, before: number, limit: number): Promise<number> {
  const dropped = await sql`
    delete from idempotency_keys where (source, key) in (
      select source, key from idempotency_keys where created_at < ${before} order by created_at limit ${limit}
    )`.execute(db)
  return Number(dropped.numAffectedRows ?? 0)
}

const orderOf = ({ source, key }: Key): string => JSON.stringify([source, key])

const FINDING: RowsStatement<SavedAnswer> = {
  name: 'find answers',
  columns: { source: 'text', key: 'text' },
  build: (from) => sql`
    select known.source, known.key, known.body_hash, known.answer, known.created_at
    from ${from} as wanted
    join idempotency_keys as known on known.source = wanted.source and known.key = wanted.key`,
}

const KEEPING: RowsStatement<{ key: string }> = {
  name: 'keep answers',
  columns: { source: 'text', key: 'text', bodyHash: 'text', answer: 'text', createdAt: 'bigint' },
  build: (from) => sql`
    insert into idempotency_keys (source, key, body_hash, answer, created_at)
    select source, key, body_hash, answer, created_at from ${from} as new where true
    on conflict (source, key) do nothing returning key`,
}
