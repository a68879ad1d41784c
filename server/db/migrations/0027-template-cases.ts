import type { Kysely } from 'kysely'

/** What a version of a template must make of named events. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('template_versions')
    .addColumn('cases', 'text', (col) => col.notNull().defaultTo('[]'))
    .execute()
}
