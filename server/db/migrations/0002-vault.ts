import type { Kysely } from 'kysely'

/** The keys that seal each integration's secrets, wrapped by the master key. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('data_keys')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('integration_id', 'text', (col) => col.notNull())
    .addColumn('wrapped', 'text', (col) => col.notNull())
    .addColumn('master_key_id', 'text', (col) => col.notNull())
    .addColumn('created_at', 'bigint', (col) => col.notNull())
    .addColumn('retired_at', 'bigint')
    .execute()
  await db.schema.createIndex('data_keys_by_integration').on('data_keys').column('integration_id').execute()
}
