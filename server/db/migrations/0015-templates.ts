import type { Kysely } from 'kysely'

/** Templates by their names, and every version that each has had. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('templates')
    .addColumn('name', 'text', (col) => col.primaryKey())
    .addColumn('description', 'text')
    .addColumn('version', 'integer', (col) => col.notNull())
    .execute()

  await db.schema
    .createTable('template_versions')
    .addColumn('name', 'text', (col) => col.notNull())
    .addColumn('number', 'integer', (col) => col.notNull())
    .addColumn('source', 'text', (col) => col.notNull())
    .addColumn('sample', 'text', (col) => col.notNull())
    .addColumn('note', 'text')
    .addColumn('at', 'bigint', (col) => col.notNull())
    .addColumn('by', 'text', (col) => col.notNull())
    .addPrimaryKeyConstraint('template_versions_key', ['name', 'number'])
    .execute()
}
