import { type Kysely, sql } from 'kysely'

/** What was deleted because it was old enough, day by day. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('retention_days')
    .addColumn('day', 'text', (col) => col.primaryKey())
    .addColumn('deliveries', 'bigint', (col) => col.notNull())
    .addColumn('events', 'bigint', (col) => col.notNull())
    .addColumn('files', 'bigint', (col) => col.notNull())
    .addColumn('told_at', 'bigint')
    .execute()
  // Whether a file is still sent by any delivery; the many without one stay out of it.
  await db.schema
    .createIndex('deliveries_by_file_id')
    .on('deliveries')
    .column('file_id')
    .where(sql.ref('file_id'), 'is not', null)
    .execute()
}
