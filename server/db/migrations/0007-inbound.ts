import type { Kysely } from 'kysely'

/** What Slack says to us. The signature is unique: a captured request that is sent again is refused. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('invocations')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('integration_id', 'text', (col) => col.notNull())
    .addColumn('command', 'text', (col) => col.notNull())
    .addColumn('text', 'text', (col) => col.notNull())
    .addColumn('user_id', 'text', (col) => col.notNull())
    .addColumn('user_name', 'text', (col) => col.notNull())
    .addColumn('channel_id', 'text', (col) => col.notNull())
    .addColumn('channel_name', 'text', (col) => col.notNull())
    .addColumn('team_id', 'text', (col) => col.notNull())
    .addColumn('signature', 'text', (col) => col.notNull())
    .addColumn('received_at', 'bigint', (col) => col.notNull())
    .addColumn('ack_ms', 'double precision', (col) => col.notNull())
    .addColumn('outcome', 'text', (col) => col.notNull())
    .addColumn('code', 'text')
    .addUniqueConstraint('invocations_once', ['integration_id', 'signature'])
    .execute()
  await db.schema.createIndex('invocations_received').on('invocations').column('received_at').execute()
  await db.schema
    .createIndex('invocations_by_integration')
    .on('invocations')
    .columns(['integration_id', 'received_at'])
    .execute()

  await db.schema
    .createTable('interactions')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('integration_id', 'text', (col) => col.notNull())
    .addColumn('kind', 'text', (col) => col.notNull())
    .addColumn('action_id', 'text', (col) => col.notNull())
    .addColumn('value', 'text', (col) => col.notNull())
    .addColumn('user_id', 'text', (col) => col.notNull())
    .addColumn('user_name', 'text', (col) => col.notNull())
    .addColumn('channel_id', 'text', (col) => col.notNull())
    .addColumn('message_ts', 'text', (col) => col.notNull())
    .addColumn('signature', 'text', (col) => col.notNull())
    .addColumn('received_at', 'bigint', (col) => col.notNull())
    .addColumn('ack_ms', 'double precision', (col) => col.notNull())
    .addUniqueConstraint('interactions_once', ['integration_id', 'signature'])
    .execute()
  await db.schema
    .createIndex('interactions_by_integration')
    .on('interactions')
    .columns(['integration_id', 'received_at'])
    .execute()

  await db.schema
    .createTable('refused_requests')
    .addColumn('integration_id', 'text', (col) => col.notNull())
    .addColumn('surface', 'text', (col) => col.notNull())
    .addColumn('reason', 'text', (col) => col.notNull())
    .addColumn('minute_at', 'bigint', (col) => col.notNull())
    .addColumn('count', 'integer', (col) => col.notNull())
    .addColumn('last_at', 'bigint', (col) => col.notNull())
    .addColumn('last_skew_ms', 'bigint')
    .addPrimaryKeyConstraint('refused_requests_pk', ['integration_id', 'surface', 'reason', 'minute_at'])
    .execute()
}
