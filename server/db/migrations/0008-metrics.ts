import type { Kysely } from 'kysely'

/** Probes, and the figures of whole minutes and hours that the dashboards read. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('probes')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('integration_id', 'text', (col) => col.notNull())
    .addColumn('at', 'bigint', (col) => col.notNull())
    .addColumn('took_ms', 'double precision', (col) => col.notNull())
    .addColumn('ok', 'integer', (col) => col.notNull())
    .addColumn('code', 'text')
    .execute()
  await db.schema.createIndex('probes_at').on('probes').column('at').execute()

  await db.schema
    .createTable('rollups')
    .addColumn('step_ms', 'integer', (col) => col.notNull())
    .addColumn('at', 'bigint', (col) => col.notNull())
    .addColumn('integration_id', 'text', (col) => col.notNull())
    .addColumn('series', 'text', (col) => col.notNull())
    .addColumn('label', 'text', (col) => col.notNull())
    .addColumn('good', 'integer', (col) => col.notNull())
    .addColumn('bad', 'integer', (col) => col.notNull())
    .addColumn('first', 'integer', (col) => col.notNull())
    .addColumn('sketch', 'text', (col) => col.notNull())
    // The order in which a window is read: one width, then time.
    .addPrimaryKeyConstraint('rollups_pk', ['step_ms', 'at', 'integration_id', 'series', 'label'])
    .execute()
  // Different people can't be added up from figures: a window counts them from this index alone, without the rows.
  await db.schema
    .createIndex('invocations_people')
    .on('invocations')
    .columns(['received_at', 'integration_id', 'user_id'])
    .execute()

  await db.schema
    .createTable('rollup_marks')
    .addColumn('name', 'text', (col) => col.primaryKey())
    .addColumn('at', 'bigint', (col) => col.notNull())
    .execute()
}
