import { type Kysely, sql } from 'kysely'

/** Which message an update key stands for now, however many changes of it wait or were superseded. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index deliveries_standing on deliveries (destination_id, update_key, id)
    where update_key is not null and message_ts is not null`.execute(db)
}
