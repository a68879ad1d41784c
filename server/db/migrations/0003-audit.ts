import type { Kysely } from 'kysely'

/** Who changed what. `number` has no gaps and `hash` covers the entry before, so a missing or altered row shows. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_entries')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('number', 'bigint', (col) => col.notNull().unique())
    .addColumn('at', 'bigint', (col) => col.notNull())
    .addColumn('actor_kind', 'text', (col) => col.notNull())
    .addColumn('actor_id', 'text')
    .addColumn('actor_name', 'text', (col) => col.notNull())
    .addColumn('action', 'text', (col) => col.notNull())
    .addColumn('subject_kind', 'text', (col) => col.notNull())
    .addColumn('subject_id', 'text', (col) => col.notNull())
    .addColumn('subject_name', 'text', (col) => col.notNull())
    .addColumn('detail', 'text', (col) => col.notNull())
    .addColumn('hash', 'text', (col) => col.notNull())
    .execute()
  await db.schema.createIndex('audit_entries_by_subject').on('audit_entries').columns(['subject_id', 'id']).execute()
}
