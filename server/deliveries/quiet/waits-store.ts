import { sql } from 'kysely'
import { locking, oneOf, rowsOf } from '../../db/engine.ts'
import { insertRows } from '../../db/insert-rows.ts'
import type { Db, QuietWaitsTable } from '../../db/schema.ts'
import type { SavedDelivery } from '../store.ts'
import { QUIET_CODES } from './quiet.ts'

export type SavedWait = QuietWaitsTable

export async function insertWaits(db: Db, rows: readonly SavedWait[]): Promise<void> {
  if (rows.length > 0) await insertRows(db, 'quiet_waits', WAIT, rows)
}

/** What quiet did to a delivery, for its time line. */
export async function findWait(db: Db, deliveryId: string): Promise<SavedWait | undefined> {
  return db.selectFrom('quietWaits').selectAll().where('deliveryId', '=', deliveryId).executeTakeFirst()
}

/**
 * The oldest message of a thread, or of a line of updates, that waits for the end of what this urgent one broke through;
 * its continuations with it.
 */
export async function listHeldBefore(
  trx: Db,
  urgent: Pick<SavedDelivery, 'id' | 'destinationId'>,
  { column, key }: { column: 'threadKey' | 'updateKey'; key: string },
): Promise<{ delivery: SavedDelivery; wait: SavedWait }[]> {
  const held = trx
    .selectFrom('quietWaits')
    .innerJoin('deliveries', 'deliveries.id', 'quietWaits.deliveryId')
    .innerJoin('quietWaits as mine', 'mine.heldBy', 'quietWaits.heldBy')
    .where('mine.deliveryId', '=', urgent.id)
    .where('mine.outcome', '=', 'broke_through')
    .where('quietWaits.endedAt', 'is', null)
    .where('deliveries.destinationId', '=', urgent.destinationId)
    .where('deliveries.state', '=', sql.lit('held' as const))
    .where('deliveries.code', 'in', [...QUIET_CODES])
  const first = await held
    .select('deliveries.id')
    .where(`deliveries.${column}`, '=', key)
    .where('deliveries.action', '=', 'post')
    .where('deliveries.id', '<', urgent.id)
    .orderBy('deliveries.id')
    .limit(1)
    .executeTakeFirst()
  if (!first) return []
  const deliveries = await held
    .selectAll('deliveries')
    .where((where) => where.or([where('deliveries.id', '=', first.id), where('deliveries.partOf', '=', first.id)]))
    .execute()
  const waits = await trx
    .selectFrom('quietWaits')
    .selectAll()
    .where(
      'deliveryId',
      'in',
      deliveries.map(({ id }) => id),
    )
    .execute()
  const waitOf = new Map(waits.map((wait) => [wait.deliveryId, wait]))
  return deliveries.flatMap((delivery) => {
    const wait = waitOf.get(delivery.id)
    return wait ? [{ delivery, wait }] : []
  })
}

/** The destinations where something has waited long enough, the longest first. */
export async function listDueDestinations(db: Db, now: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('quietWaits')
    .select('destinationId')
    .where('endedAt', 'is', null)
    .where('untilAt', '<=', now)
    .groupBy('destinationId')
    .orderBy((row) => row.fn.min('untilAt'))
    .limit(limit)
    .execute()
  return rows.map(({ destinationId }) => destinationId)
}

/** What has waited long enough for a destination, in the order it was accepted in; nobody else ends it meanwhile. */
export async function lockDueWaits(trx: Db, destinationId: string, now: number, limit: number): Promise<SavedWait[]> {
  return trx
    .selectFrom('quietWaits')
    .selectAll()
    .where('destinationId', '=', destinationId)
    .where('endedAt', 'is', null)
    .where('untilAt', '<=', now)
    .orderBy('deliveryId')
    .limit(limit)
    .$call(locking(trx))
    .execute()
}

/** They wait on, for something else. */
export async function extendWaits(
  db: Db,
  waits: readonly Pick<SavedWait, 'deliveryId' | 'code' | 'heldBy' | 'heldBefore' | 'reason' | 'atEnd' | 'untilAt'>[],
): Promise<void> {
  if (waits.length === 0) return
  const columns = {
    deliveryId: 'text',
    code: 'text',
    heldBy: 'text',
    heldBefore: 'text',
    reason: 'text',
    atEnd: 'text',
    untilAt: 'bigint',
  } as const
  await sql`
    update quiet_waits set code = new.code, held_by = new.held_by, held_before = new.held_before, reason = new.reason,
      at_end = new.at_end, until_at = new.until_at
    from ${rowsOf(db, columns, waits)} as new
    where quiet_waits.delivery_id = new.delivery_id`.execute(db)
}

export async function endWaits(
  db: Db,
  deliveryIds: readonly string[],
  outcome: NonNullable<SavedWait['outcome']>,
  now: number,
): Promise<void> {
  if (deliveryIds.length === 0) return
  await db
    .updateTable('quietWaits')
    .set({ endedAt: now, outcome })
    .where('deliveryId', 'in', oneOf(db, deliveryIds))
    .execute()
}

/** Some of what these quiet hours or this mute hold is decided anew at once, also by themselves as they are now. Gives how many. */
export async function decideAnew(
  trx: Db,
  heldBy: string,
  { now, limit }: { now: number; limit: number },
): Promise<number> {
  const waits = await trx
    .selectFrom('quietWaits')
    .select('deliveryId')
    .where('heldBy', '=', heldBy)
    .where('endedAt', 'is', null)
    // In the order in which whoever ends waits locks them.
    .orderBy('deliveryId')
    .limit(limit)
    .$call(locking(trx))
    .execute()
  await trx
    .updateTable('quietWaits')
    .set({ heldBy: '', untilAt: now })
    .where(
      'deliveryId',
      'in',
      oneOf(
        trx,
        waits.map(({ deliveryId }) => deliveryId),
      ),
    )
    .execute()
  return waits.length
}

export type QuietLine = {
  destinationId: string
  code: SavedWait['code']
  count: number
  untilAt: number
  reason: string
}

/**
 * What waits for the end of quiet hours or a mute, by destination and reason, the most first; `untilAt` is when the first
 * ends.
 */
export async function listQuietLines(db: Db, limit: number): Promise<QuietLine[]> {
  const rows = await db
    .selectFrom('quietWaits')
    .innerJoin('deliveries', 'deliveries.id', 'quietWaits.deliveryId')
    .select((row) => [
      'quietWaits.destinationId',
      'quietWaits.code',
      'quietWaits.reason',
      row.fn.countAll().as('count'),
      row.fn.min('quietWaits.untilAt').as('untilAt'),
    ])
    .where('quietWaits.endedAt', 'is', null)
    .where('deliveries.state', '=', sql.lit('held' as const))
    .where('deliveries.code', 'in', [...QUIET_CODES])
    .groupBy(['quietWaits.destinationId', 'quietWaits.code', 'quietWaits.reason'])
    .orderBy(sql`count(*)`, 'desc')
    .orderBy('quietWaits.destinationId')
    .orderBy('quietWaits.reason')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/** How many deliveries wait for the end of each of these. */
export async function countHeldBy(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('quietWaits')
    .innerJoin('deliveries', 'deliveries.id', 'quietWaits.deliveryId')
    .select((row) => ['quietWaits.heldBy', row.fn.countAll().as('count')])
    .where('quietWaits.heldBy', 'in', oneOf(db, ids))
    .where('quietWaits.endedAt', 'is', null)
    // Somebody may have cancelled it.
    .where('deliveries.state', '=', sql.lit('held' as const))
    .where('deliveries.code', 'in', [...QUIET_CODES])
    .groupBy('quietWaits.heldBy')
    .execute()
  return new Map(rows.map(({ heldBy, count }) => [heldBy, Number(count)]))
}

const TEXT = 'text'

const WAIT = {
  deliveryId: TEXT,
  destinationId: TEXT,
  code: TEXT,
  heldBy: TEXT,
  heldBefore: TEXT,
  reason: TEXT,
  atEnd: TEXT,
  beganAt: 'bigint',
  untilAt: 'bigint',
  meantAt: 'bigint',
  endedAt: 'bigint',
  outcome: TEXT,
} as const satisfies { [Name in keyof SavedWait]: string }
