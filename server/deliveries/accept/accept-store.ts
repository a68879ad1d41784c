import { sql } from 'kysely'
import { oneOf, rowsOf } from '../../db/engine.ts'
import type { Db } from '../../db/schema.ts'
import type { SavedDelivery } from '../store.ts'

/** Why nothing but tests leaves them: those of these destinations whose lane is stopped. */
export async function findStopped(db: Db, destinationIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('lanes')
    .select(['destinationId', 'stoppedCode'])
    .where('destinationId', 'in', oneOf(db, destinationIds))
    .where('stoppedCode', 'is not', null)
    .execute()
  return new Map(rows.map((row) => [row.destinationId, row.stoppedCode ?? '']))
}

export type DedupeQuestion = { destinationId: string; dedupeKey: string; since: number }

/** The last delivery to each destination with the key since then, unless neither it nor a later change of it was said. */
export async function findSaid(
  db: Db,
  questions: readonly DedupeQuestion[],
): Promise<{ destinationId: string; dedupeKey: string; id: string }[]> {
  if (questions.length === 0) return []
  const columns = { destinationId: 'text', dedupeKey: 'text', since: 'bigint' } as const
  const { rows } = await sql<{ destinationId: string; dedupeKey: string; id: string | null }>`
    select wanted.destination_id, wanted.dedupe_key, (
      select said.id from deliveries as said
      where said.destination_id = wanted.destination_id and said.dedupe_key = wanted.dedupe_key
        and said.created_at >= wanted.since and said.state not in ('cancelled', 'failed')
        and (said.state <> 'suppressed' or said.code = 'superseded')
      order by said.id desc limit 1) as id
    from ${rowsOf(db, columns, questions)} as wanted`.execute(db)
  return rows.flatMap(({ id, ...row }) => (id === null ? [] : [{ ...row, id }]))
}

/** The key by which replies find this message as their parent: its own id, if it has none. */
export const threadKeyOf = ({ id, threadKey }: Pick<SavedDelivery, 'id' | 'threadKey'>): string => threadKey ?? id

/** Gives a message that key, and what it is. */
export async function giveThreadKey(db: Db, message: Pick<SavedDelivery, 'id' | 'threadKey'>): Promise<string> {
  const key = threadKeyOf(message)
  if (message.threadKey !== null) return key
  await db
    .updateTable('deliveries')
    .set({ threadKey: key })
    .where('id', '=', message.id)
    .where('threadKey', 'is', null)
    .execute()
  return key
}

/** The continuations of a message that was too long for one. */
export async function listParts(db: Db, id: string): Promise<SavedDelivery[]> {
  return db.selectFrom('deliveries').selectAll().where('partOf', '=', id).orderBy('id').execute()
}

/** The same with those of every other delivery that stands for the same message. */
export async function listPartsOfMessage(db: Db, message: InSlack): Promise<SavedDelivery[]> {
  const parts = await listParts(db, message.id)
  const others = othersOf(db, message)
  if (!others) return parts
  const ofOthers = db.selectFrom('deliveries').selectAll().where('partOf', 'in', others).orderBy('id')
  return [...parts, ...(await ofOthers.execute())]
}

type InSlack = Pick<SavedDelivery, 'id' | 'destinationId' | 'updateKey' | 'messageTs'>

/** The ids of the other deliveries that stand for the same message, by its update key; nothing where there can be none. */
function othersOf(db: Db, { id, destinationId, updateKey, messageTs }: InSlack) {
  if (updateKey === null || messageTs === null) return undefined
  return db
    .selectFrom('deliveries as other')
    .select('other.id')
    .where('other.destinationId', '=', destinationId)
    .where('other.updateKey', '=', updateKey)
    .where('other.messageTs', '=', messageTs)
    .where('other.id', '<>', id)
}

/** Puts other words into a delivery that nobody has begun to send. False: somebody has. */
export async function replaceContent(
  db: Db,
  id: string,
  content: Pick<SavedDelivery, 'message' | 'title' | 'fileId' | 'threadKey'>,
): Promise<boolean> {
  const updated = await db
    .updateTable('deliveries')
    .set(content)
    .where('id', '=', id)
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .where('claimedBy', 'is', null)
    .where('foldedInto', 'is', null)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

/** Ends the changes of a message that wait for it to be sent: it says by itself what is newer. */
export async function supersedeChanges(db: Db, id: string, now: number): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ state: 'suppressed', stateAt: now, endedAt: now, code: 'superseded', rank: null })
    .where('targetId', '=', id)
    .where('action', '=', 'update')
    .where('state', 'in', ['pending', 'retrying', 'held'])
    .where('claimedBy', 'is', null)
    .execute()
}

/** Whether a change of a message that failed was posted in its stead, or is going to be. */
export async function isSaidByChange(
  db: Db,
  { id, state, messageTs }: Pick<SavedDelivery, 'id' | 'state' | 'messageTs'>,
): Promise<boolean> {
  if (state !== 'failed' || messageTs !== null) return state === 'failed'
  const waiting = await db
    .selectFrom('deliveries')
    .select('id')
    .where('targetId', '=', id)
    .where('action', '=', 'update')
    .where('rank', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return waiting !== undefined
}

/**
 * Whether a delivery that deletes this one's message waits, is under way or has done so, by this one's id or by that of
 * another that stands for the same message.
 */
export async function isBeingDeleted(db: Db, message: InSlack): Promise<boolean> {
  const deleting = db
    .selectFrom('deliveries as deleting')
    .select('deleting.id')
    .where('deleting.action', '=', 'delete')
    .where('deleting.state', 'not in', ['failed', 'suppressed', 'cancelled'])
    .limit(1)
  if (await deleting.where('deleting.targetId', '=', message.id).executeTakeFirst()) return true
  const others = othersOf(db, message)
  if (!others) return false
  return (await deleting.where('deleting.targetId', 'in', others).executeTakeFirst()) !== undefined
}
