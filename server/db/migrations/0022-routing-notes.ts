import type { Kysely } from 'kysely'

/** What deciding an event anew can't find out: who its recipient was found to be, and why its template was not used. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('events').addColumn('routing_notes', 'text').execute()
}
