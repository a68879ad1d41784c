import type { Db, RetentionDaysTable } from '../db/schema.ts'

export type Deleted = { deliveries: number; events: number; files: number }

/** Adds to what was deleted on a day. */
export async function countDeleted(trx: Db, day: string, { deliveries, events, files }: Deleted): Promise<void> {
  await trx
    .insertInto('retentionDays')
    .values({ day, deliveries, events, files, toldAt: null })
    .onConflict((conflict) =>
      conflict.column('day').doUpdateSet((row) => ({
        deliveries: row('retentionDays.deliveries', '+', deliveries),
        events: row('retentionDays.events', '+', events),
        files: row('retentionDays.files', '+', files),
      })),
    )
    .execute()
}

/** Days before this one that the audit trail has not been told of, oldest first. */
export async function listUntoldDays(db: Db, today: string): Promise<RetentionDaysTable[]> {
  return db
    .selectFrom('retentionDays')
    .selectAll()
    .where('day', '<', today)
    .where('toldAt', 'is', null)
    .orderBy('day')
    .execute()
}

/** False: another replica has told of it. */
export async function markTold(trx: Db, day: string, now: number): Promise<boolean> {
  const updated = await trx
    .updateTable('retentionDays')
    .set({ toldAt: now })
    .where('day', '=', day)
    .where('toldAt', 'is', null)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}
