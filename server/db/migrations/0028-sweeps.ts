import { type Kysely, sql } from 'kysely'

/** What waits is brought to a new state some hundreds at a time; how far each such sweep has come. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sweeps')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('kind', 'text', (col) => col.notNull())
    .addColumn('subject', 'text', (col) => col.notNull())
    .addColumn('act', 'text', (col) => col.notNull())
    .addColumn('cursor', 'text')
    .addColumn('moved', 'integer', (col) => col.notNull())
    .addColumn('asked_at', 'bigint', (col) => col.notNull())
    .addColumn('ready_at', 'bigint')
    .addUniqueConstraint('sweeps_one_for_each', ['kind', 'subject'])
    .execute()
  await db.schema.alterTable('lanes').addColumn('sweep_after', 'text').execute()
  // What waits beside the lines: for its type, for the end of quiet hours, or for the summary that tells of it.
  await sql`
    create index deliveries_beside on deliveries (destination_id, queue_at, id)
    where rank is null and state in ('held', 'pending')`.execute(db)
}
