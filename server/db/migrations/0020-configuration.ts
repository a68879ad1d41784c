import type { Kysely } from 'kysely'

/** What files have set up: each apply as one set of changes, what each thing was set to last, and declared commands. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('change_sets')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('at', 'bigint', (col) => col.notNull())
    .addColumn('by_name', 'text', (col) => col.notNull())
    .addColumn('file', 'text', (col) => col.notNull())
    .addColumn('format', 'text', (col) => col.notNull())
    .addColumn('counts', 'text', (col) => col.notNull())
    .addColumn('changes', 'text', (col) => col.notNull())
    .execute()

  await db.schema
    .createTable('applied_objects')
    .addColumn('kind', 'text', (col) => col.notNull())
    .addColumn('key', 'text', (col) => col.notNull())
    .addColumn('fields', 'text', (col) => col.notNull())
    .addColumn('change_set_id', 'text', (col) => col.notNull().references('change_sets.id'))
    .addPrimaryKeyConstraint('applied_objects_key', ['kind', 'key'])
    .execute()

  await db.schema
    .createTable('declared_commands')
    .addColumn('command', 'text', (col) => col.primaryKey())
    .addColumn('description', 'text', (col) => col.notNull())
    .addColumn('parameters', 'text', (col) => col.notNull())
    .addColumn('handler', 'text', (col) => col.notNull())
    .addColumn('updated_at', 'bigint', (col) => col.notNull())
    .addColumn('updated_by', 'text', (col) => col.notNull())
    .execute()
}
