import { type Kysely, sql } from 'kysely'

/** Which events went nowhere, or where the fallback was needed: few, and looked for among all there are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('events').addColumn('landed', 'text').execute()
  await sql`
    update events set landed = 'nowhere'
    where not exists (select 1 from deliveries where deliveries.event_id = events.id)`.execute(db)
  await db.schema
    .createIndex('events_by_landed')
    .on('events')
    .columns(['landed', 'id'])
    .where(sql.ref('landed'), 'is not', null)
    .execute()
}
