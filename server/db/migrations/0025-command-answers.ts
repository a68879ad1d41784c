import { type Kysely, sql } from 'kysely'

/** Uses of commands that the platform answers: what came of each, and those that wait for it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('invocations').addColumn('ended_at', 'bigint').execute()
  await db.schema.alterTable('invocations').addColumn('platform_ms', 'double precision').execute()
  await db.schema.alterTable('invocations').addColumn('call_id', 'text').execute()
  await db.schema.alterTable('invocations').addColumn('detail', 'text').execute()
  // Charts ask for what ended in a span of time; the many that we answered ourselves stay out of it.
  await db.schema
    .createIndex('invocations_ended')
    .on('invocations')
    .column('ended_at')
    .where(sql.ref('ended_at'), 'is not', null)
    .execute()

  await db.schema
    .createTable('waiting_commands')
    .addColumn('invocation_id', 'text', (col) => col.primaryKey())
    .addColumn('integration_id', 'text', (col) => col.notNull())
    .addColumn('asked', 'text', (col) => col.notNull())
    .addColumn('answer', 'text')
    .addColumn('tries', 'integer', (col) => col.notNull())
    .addColumn('due_at', 'bigint', (col) => col.notNull())
    .addColumn('claimed_by', 'text')
    .addColumn('expires_at', 'bigint', (col) => col.notNull())
    .execute()
  await db.schema.createIndex('waiting_commands_due').on('waiting_commands').column('due_at').execute()
}
