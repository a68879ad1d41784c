import { type Kysely, sql } from 'kysely'

/** The customer's own service: where it is, what calls to it are signed with, and what became of each. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('platform_endpoints')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('integration_id', 'text', (col) =>
      col.notNull().unique().references('integrations.id').onDelete('cascade'),
    )
    .addColumn('url', 'text', (col) => col.notNull())
    .addColumn('disabled_at', 'bigint')
    .addColumn('updated_at', 'bigint', (col) => col.notNull())
    .addColumn('updated_by', 'text', (col) => col.notNull())
    .execute()

  await db.schema
    .createTable('platform_secrets')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('endpoint_id', 'text', (col) => col.notNull().references('platform_endpoints.id').onDelete('cascade'))
    .addColumn('sealed', 'text', (col) => col.notNull())
    .addColumn('ending', 'text', (col) => col.notNull())
    .addColumn('made_at', 'bigint', (col) => col.notNull())
    .addColumn('ends_at', 'bigint')
    .execute()
  await db.schema.createIndex('platform_secrets_of').on('platform_secrets').column('endpoint_id').execute()

  await db.schema
    .createTable('platform_calls')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('integration_id', 'text', (col) => col.notNull().references('integrations.id').onDelete('cascade'))
    .addColumn('kind', 'text', (col) => col.notNull())
    .addColumn('state', 'text', (col) => col.notNull())
    .addColumn('request', 'text', (col) => col.notNull())
    .addColumn('tries', 'integer', (col) => col.notNull())
    .addColumn('due_at', 'bigint', (col) => col.notNull())
    .addColumn('claimed_by', 'text')
    .addColumn('lease_ends_at', 'bigint')
    .addColumn('created_at', 'bigint', (col) => col.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('code', 'text')
    .addColumn('detail', 'text')
    .execute()
  await db.schema.createIndex('platform_calls_log').on('platform_calls').columns(['integration_id', 'id']).execute()
  // Notices that wait, by whom they are for; calls that ended, nearly all of the table, stay out of it.
  await db.schema
    .createIndex('platform_calls_due')
    .on('platform_calls')
    .columns(['integration_id', 'due_at', 'id'])
    .where(sql.ref('state'), 'in', ['pending', 'sending', 'retrying'])
    .execute()

  await db.schema
    .createTable('platform_attempts')
    .addColumn('call_id', 'text', (col) => col.notNull().references('platform_calls.id').onDelete('cascade'))
    .addColumn('number', 'integer', (col) => col.notNull())
    .addColumn('started_at', 'bigint', (col) => col.notNull())
    .addColumn('took_ms', 'integer', (col) => col.notNull())
    .addColumn('http_status', 'integer')
    .addColumn('code', 'text')
    .addColumn('answer', 'text')
    .addPrimaryKeyConstraint('platform_attempts_key', ['call_id', 'number'])
    .execute()
}
