import { type Kysely, sql } from 'kysely'

/** When what goes to whom has to wait, and which deliveries do. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('quiet_hours')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('scope', 'text', (col) => col.notNull())
    .addColumn('days', 'text', (col) => col.notNull())
    .addColumn('begins', 'text', (col) => col.notNull())
    .addColumn('ends', 'text', (col) => col.notNull())
    .addColumn('time_zone', 'text', (col) => col.notNull())
    .addColumn('urgent_breaks_through', 'integer', (col) => col.notNull())
    .addColumn('at_end', 'text', (col) => col.notNull())
    .addColumn('disabled_at', 'bigint')
    .addColumn('updated_at', 'bigint', (col) => col.notNull())
    .addColumn('updated_by', 'text', (col) => col.notNull())
    .execute()

  await db.schema
    .createTable('mutes')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('scope', 'text', (col) => col.notNull())
    .addColumn('from_at', 'bigint', (col) => col.notNull())
    .addColumn('until_at', 'bigint', (col) => col.notNull())
    .addColumn('reason', 'text', (col) => col.notNull())
    .addColumn('created_by', 'text', (col) => col.notNull())
    .addColumn('urgent_breaks_through', 'integer', (col) => col.notNull())
    .addColumn('at_end', 'text', (col) => col.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('ended_by', 'text')
    .execute()
  // Those that run: asked for with every message, among all that ever were.
  // Each message asks for those that run; the ended ones, kept as history, stay out.
  await db.schema
    .createIndex('mutes_running')
    .on('mutes')
    .column('until_at')
    .where(sql.ref('ended_at'), 'is', null)
    .execute()

  // Beside the deliveries, so that one that meets no quiet, nearly every one, costs nothing more.
  await db.schema
    .createTable('quiet_waits')
    .addColumn('delivery_id', 'text', (col) => col.primaryKey())
    .addColumn('destination_id', 'text', (col) => col.notNull())
    .addColumn('code', 'text', (col) => col.notNull())
    .addColumn('held_by', 'text', (col) => col.notNull())
    .addColumn('held_before', 'text', (col) => col.notNull())
    .addColumn('reason', 'text', (col) => col.notNull())
    .addColumn('at_end', 'text', (col) => col.notNull())
    .addColumn('began_at', 'bigint', (col) => col.notNull())
    .addColumn('until_at', 'bigint', (col) => col.notNull())
    .addColumn('meant_at', 'bigint', (col) => col.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('outcome', 'text')
    .execute()
  await db.schema
    .createIndex('quiet_waits_due')
    .on('quiet_waits')
    .columns(['until_at', 'destination_id'])
    .where(sql.ref('ended_at'), 'is', null)
    .execute()
  await db.schema
    .createIndex('quiet_waits_open')
    .on('quiet_waits')
    .columns(['destination_id', 'delivery_id'])
    .where(sql.ref('ended_at'), 'is', null)
    .execute()
  await db.schema
    .createIndex('quiet_waits_by')
    .on('quiet_waits')
    .column('held_by')
    .where(sql.ref('ended_at'), 'is', null)
    .execute()
}
