import { type Kysely, sql } from 'kysely'

/** When Slack last reached each address of an integration, and what each connection test found to compare with later. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('inbound_seen')
    .addColumn('integration_id', 'text', (col) => col.notNull().references('integrations.id').onDelete('cascade'))
    .addColumn('surface', 'text', (col) => col.notNull())
    .addColumn('last_called_at', 'bigint')
    .addColumn('last_refused_at', 'bigint')
    .addColumn('last_refused_reason', 'text')
    .addColumn('last_refused_skew_ms', 'bigint')
    .addPrimaryKeyConstraint('inbound_seen_pk', ['integration_id', 'surface'])
    .execute()
  await db.schema
    .alterTable('connection_tests')
    .addColumn('facts', 'text', (col) => col.notNull().defaultTo('{}'))
    .execute()
  await db.schema.alterTable('connection_tests').addColumn('awaits_call_since', 'bigint').execute()
  // Two tests of one integration at once would post each other's messages and race for its state.
  await db.schema
    .createIndex('connection_tests_one_running')
    .on('connection_tests')
    .column('integration_id')
    .unique()
    .where(sql.ref('state'), '=', 'running')
    .execute()
}
