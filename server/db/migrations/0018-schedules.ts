import { type Kysely, sql } from 'kysely'

/** What runs at which times, and each of its runs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('schedules')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('name', 'text', (col) => col.notNull().unique())
    .addColumn('cron', 'text', (col) => col.notNull())
    .addColumn('time_zone', 'text', (col) => col.notNull())
    .addColumn('type', 'text', (col) => col.notNull())
    .addColumn('source', 'text', (col) => col.notNull())
    .addColumn('disabled_at', 'bigint')
    .addColumn('missed_runs', 'text', (col) => col.notNull())
    .addColumn('overlap', 'text', (col) => col.notNull())
    .addColumn('next_at', 'bigint')
    .addColumn('updated_at', 'bigint', (col) => col.notNull())
    .addColumn('updated_by', 'text', (col) => col.notNull())
    .execute()
  await db.schema.createIndex('schedules_due').on('schedules').column('next_at').execute()

  await db.schema
    .createTable('schedule_runs')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('schedule_id', 'text', (col) => col.notNull().references('schedules.id').onDelete('cascade'))
    .addColumn('planned_at', 'bigint', (col) => col.notNull())
    .addColumn('asked_by', 'text')
    .addColumn('state', 'text', (col) => col.notNull())
    .addColumn('since', 'bigint')
    .addColumn('due_at', 'bigint', (col) => col.notNull())
    .addColumn('tries', 'integer', (col) => col.notNull())
    .addColumn('claimed_by', 'text')
    .addColumn('lease_ends_at', 'bigint')
    .addColumn('started_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .addColumn('events', 'integer', (col) => col.notNull())
    .addColumn('event_ids', 'text', (col) => col.notNull())
    .addColumn('code', 'text')
    .addColumn('detail', 'text')
    // Whichever replica comes first plans a run; the others find it there.
    .addUniqueConstraint('schedule_runs_once', ['schedule_id', 'planned_at'])
    .execute()
  await db.schema.createIndex('schedule_runs_log').on('schedule_runs').columns(['schedule_id', 'id']).execute()
  await db.schema
    .createIndex('schedule_runs_unfinished')
    .on('schedule_runs')
    .columns(['schedule_id', 'due_at'])
    .where(sql.ref('state'), 'in', ['waiting', 'running'])
    .execute()
}
