import type { Kysely } from 'kysely'

/** Which minute of an integration was probed last, so that of several replicas one probes it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('probe_claims')
    .addColumn('integration_id', 'text', (col) => col.primaryKey().references('integrations.id').onDelete('cascade'))
    .addColumn('minute_at', 'bigint', (col) => col.notNull())
    .execute()
}
