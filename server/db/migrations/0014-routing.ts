import { type Kysely, sql } from 'kysely'

/** What becomes of a type of event, the rules that add to it, and the state of both under which an event was decided. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of TEXT_COLUMNS_OF_TYPES) {
    await db.schema.alterTable('notification_types').addColumn(column, 'text').execute()
  }
  await db.schema.alterTable('notification_types').addColumn('disabled_at', 'bigint').execute()
  await db.schema.alterTable('notification_types').addColumn('retention_days', 'integer').execute()

  await db.schema
    .createTable('routing_rules')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('position', 'integer', (col) => col.notNull())
    .addColumn('name', 'text', (col) => col.notNull().unique())
    .addColumn('condition', 'text', (col) => col.notNull())
    .addColumn('disabled_at', 'bigint')
    .addColumn('stop', 'integer', (col) => col.notNull())
    .addColumn('destinations', 'text', (col) => col.notNull())
    .addColumn('mentions', 'text', (col) => col.notNull())
    .addColumn('priority', 'text')
    .addColumn('updated_at', 'bigint', (col) => col.notNull())
    .addColumn('updated_by', 'text', (col) => col.notNull())
    .execute()

  await db.schema
    .createTable('routing_state')
    .addColumn('only_one', 'integer', (col) => col.primaryKey().check(sql`only_one = 1`))
    .addColumn('revision', 'bigint', (col) => col.notNull())
    .addColumn('fallback', 'text', (col) => col.notNull())
    .execute()
  await sql`insert into routing_state (only_one, revision, fallback) values (1, 1, '[]')`.execute(db)

  await db.schema
    .createTable('routing_snapshots')
    .addColumn('revision', 'bigint', (col) => col.primaryKey())
    .addColumn('body', 'text', (col) => col.notNull())
    .addColumn('at', 'bigint', (col) => col.notNull())
    .execute()

  await db.schema.alterTable('events').addColumn('routing_revision', 'bigint').execute()
  // The latest events of a type: what a template is shown with, and a draft rule is tried on.
  await db.schema.createIndex('events_by_type').on('events').columns(['type', 'id']).execute()
}

const TEXT_COLUMNS_OF_TYPES = [
  'description',
  'destinations',
  'priority',
  'mentions',
  'emoji',
  'template',
  'threading',
  'update_by',
  'allowed_fields',
]
