import { type Kysely, sql } from 'kysely'

/** The people and user groups of each workspace, by which @name and @group are turned into Slack's ids. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('slack_users')
    .addColumn('integration_id', 'text', (col) => col.notNull().references('integrations.id').onDelete('cascade'))
    .addColumn('id', 'text', (col) => col.notNull())
    .addColumn('handle', 'text', (col) => col.notNull())
    .addColumn('display_name', 'text', (col) => col.notNull())
    .addColumn('real_name', 'text', (col) => col.notNull())
    .addColumn('handle_key', 'text', (col) => col.notNull())
    .addColumn('display_key', 'text', (col) => col.notNull())
    .addColumn('real_key', 'text', (col) => col.notNull())
    .addColumn('email', 'text')
    .addColumn('is_deleted', 'integer', (col) => col.notNull())
    .addColumn('is_bot', 'integer', (col) => col.notNull())
    .addColumn('refresh_id', 'bigint', (col) => col.notNull())
    .addPrimaryKeyConstraint('slack_users_pk', ['integration_id', 'id'])
    .execute()
  for (const column of ['handle_key', 'display_key', 'real_key', 'email']) {
    await db.schema
      .createIndex(`slack_users_by_${column}`)
      .on('slack_users')
      .columns(['integration_id', column])
      .execute()
  }
  await db.schema
    .createTable('slack_groups')
    .addColumn('integration_id', 'text', (col) => col.notNull().references('integrations.id').onDelete('cascade'))
    .addColumn('id', 'text', (col) => col.notNull())
    .addColumn('handle', 'text', (col) => col.notNull())
    .addColumn('name', 'text', (col) => col.notNull())
    .addColumn('handle_key', 'text', (col) => col.notNull())
    .addColumn('name_key', 'text', (col) => col.notNull())
    .addColumn('is_disabled', 'integer', (col) => col.notNull())
    .addColumn('refresh_id', 'bigint', (col) => col.notNull())
    .addPrimaryKeyConstraint('slack_groups_pk', ['integration_id', 'id'])
    .execute()
  await db.schema
    .createTable('slack_lists')
    .addColumn('integration_id', 'text', (col) => col.notNull().references('integrations.id').onDelete('cascade'))
    .addColumn('list', 'text', (col) => col.notNull())
    .addColumn('generation', 'text', (col) => col.notNull())
    .addColumn('refresh_id', 'bigint', (col) => col.notNull())
    .addColumn('state', 'text', (col) => col.notNull())
    .addColumn('cursor', 'text')
    .addColumn('pages', 'integer', (col) => col.notNull())
    .addColumn('whole_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .addColumn('due_at', 'bigint', (col) => col.notNull())
    .addColumn('claimed_by', 'text')
    .addColumn('lease_ends_at', 'bigint')
    .addColumn('code', 'text')
    .addPrimaryKeyConstraint('slack_lists_pk', ['integration_id', 'list'])
    .execute()
  await db.schema
    .createTable('slack_email_lookups')
    .addColumn('integration_id', 'text', (col) => col.notNull().references('integrations.id').onDelete('cascade'))
    .addColumn('email', 'text', (col) => col.notNull())
    .addColumn('user_id', 'text')
    .addColumn('user_name', 'text')
    .addColumn('looked_at', 'bigint', (col) => col.notNull())
    .addPrimaryKeyConstraint('slack_email_lookups_pk', ['integration_id', 'email'])
    .execute()

  // As for a new integration: the next connection test then says which scope is still to be given.
  await sql`update integrations set features = replace(features, ']', ',"mentions"]') where features <> '[]'`.execute(
    db,
  )
}
