import { type Kysely, sql } from 'kysely'

/** What the log is read along: by the instant deliveries ended, and by what changed a moment ago. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // With the id in it, thousands that ended in one moment, as when a backlog is dropped, still come in pages.
  await db.schema.dropIndex('deliveries_ended').execute()
  await db.schema
    .createIndex('deliveries_ended')
    .on('deliveries')
    .columns(['ended_at', 'id'])
    .where(sql.ref('ended_at'), 'is not', null)
    .execute()
  // What the live view can't tell by an id or an end. A delivery that goes out at once is never in it.
  await sql`
    create index deliveries_unsettled on deliveries (state_at)
    where state in ('pending', 'retrying', 'unconfirmed', 'held') and state_at > created_at`.execute(db)
  await db.schema
    .createIndex('deliveries_by_target_id')
    .on('deliveries')
    .columns(['target_id', 'id'])
    .where(sql.ref('target_id'), 'is not', null)
    .execute()
}
