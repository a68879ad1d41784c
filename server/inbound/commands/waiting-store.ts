import { notifyLoop, skippingLocked } from '../../db/engine.ts'
import type { Db, InvocationsTable, WaitingCommandsTable } from '../../db/schema.ts'
import { insertInvocations, type NewInvocation } from '../store.ts'

export type SavedWaiting = WaitingCommandsTable
export type AskedUse = { invocation: NewInvocation; waiting: SavedWaiting }

/** Keeps these uses and that they wait, in one commit. Answers which are new, in their order, as insertInvocations. */
export async function insertAsked(db: Db, uses: AskedUse[]): Promise<boolean[]> {
  return db.transaction().execute(async (trx) => {
    const isNew = await insertInvocations(
      trx,
      uses.map(({ invocation }) => invocation),
    )
    const waiting = uses.filter((_, place) => isNew[place]).map((use) => use.waiting)
    if (waiting.length > 0) await trx.insertInto('waitingCommands').values(waiting).execute()
    await notifyLoop(trx, 'commands')
    return isNew
  })
}

type Claim = { by: string; now: number; leaseMs: number; limit: number; besides: readonly string[] }

/**
 * Takes uses that wait, and those whose worker was lost, oldest first; none of the integrations `besides`. Two workers
 * never hold the same one.
 */
export async function claimWaiting(db: Db, { by, now, leaseMs, limit, besides }: Claim): Promise<SavedWaiting[]> {
  return db
    .updateTable('waitingCommands')
    .set(({ eb }) => ({ tries: eb('tries', '+', 1), dueAt: now + leaseMs, claimedBy: by }))
    .where('invocationId', 'in', (query) =>
      query
        .selectFrom('waitingCommands as due')
        .select('due.invocationId')
        .where('due.dueAt', '<=', now)
        .$if(besides.length > 0, (rows) => rows.where('due.integrationId', 'not in', besides))
        .orderBy('due.dueAt')
        .orderBy('due.invocationId')
        .limit(limit)
        .$call(skippingLocked(db)),
    )
    .where('dueAt', '<=', now)
    .returningAll()
    .execute()
}

/** Gives back what other processes hold; for when there is none but this one. */
export async function endForeignClaims(db: Db, by: string, now: number): Promise<void> {
  await db.updateTable('waitingCommands').set({ claimedBy: null, dueAt: now }).where('claimedBy', '!=', by).execute()
}

/** Lets a claimed use wait once more, with its answer. False: the lease ran out, and another worker has it. */
export async function putOff(db: Db, waiting: SavedWaiting, answer: string, dueAt: number): Promise<boolean> {
  const updated = await db
    .updateTable('waitingCommands')
    .set({ answer, dueAt, claimedBy: null })
    .where('invocationId', '=', waiting.invocationId)
    .where('claimedBy', '=', waiting.claimedBy)
    .where('tries', '=', waiting.tries)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

export type SavedEnding = Pick<InvocationsTable, 'outcome' | 'code' | 'detail' | 'platformMs' | 'callId' | 'endedAt'>

/** Writes what became of a claimed use; that it waited is forgotten with its address. False as above. */
export async function endWaiting(trx: Db, waiting: SavedWaiting, ending: SavedEnding): Promise<boolean> {
  const deleted = await trx
    .deleteFrom('waitingCommands')
    .where('invocationId', '=', waiting.invocationId)
    .where('claimedBy', '=', waiting.claimedBy)
    .where('tries', '=', waiting.tries)
    .executeTakeFirst()
  if (deleted.numDeletedRows !== 1n) return false
  await trx
    .updateTable('invocations')
    .set(ending)
    .where('id', '=', waiting.invocationId)
    .where('outcome', '=', 'waiting')
    .execute()
  return true
}

export async function findInvocation(db: Db, id: string): Promise<InvocationsTable | undefined> {
  return db.selectFrom('invocations').selectAll().where('id', '=', id).executeTakeFirst()
}
