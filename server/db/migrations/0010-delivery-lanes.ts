import { type Kysely, sql } from 'kysely'

/** Names kept with each delivery, so that history outlives what it names; one message in flight per destination. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('deliveries').addColumn('integration_name', 'text').execute()
  await db.schema.alterTable('deliveries').addColumn('destination_kind', 'text').execute()
  await db.schema.alterTable('deliveries').addColumn('destination_name', 'text').execute()
  await db.schema.alterTable('deliveries').addColumn('replay_of', 'text').execute()
  await db.schema.alterTable('deliveries').addColumn('state_at', 'bigint').execute()

  // A claim steps from lane to lane (one priority of one destination) and takes the head of each: what it costs grows
  // with the lanes that wait, not with the messages in them.
  await db.schema
    .createIndex('deliveries_waiting')
    .on('deliveries')
    .columns(['priority', 'destination_id', 'id'])
    .where(sql.ref('state'), 'in', ['pending', 'retrying'])
    .execute()
  // Claims look before they take; two workers that looked at the same moment are told apart here.
  await db.schema
    .createIndex('deliveries_one_in_flight')
    .on('deliveries')
    .column('destination_id')
    .unique()
    .where(sql.ref('state'), '=', 'sending')
    .execute()
  await db.schema
    .createIndex('deliveries_held')
    .on('deliveries')
    .columns(['integration_id', 'destination_id', 'code'])
    .where(sql.ref('state'), '=', 'held')
    .execute()
  await db.schema.createIndex('deliveries_created').on('deliveries').columns(['created_at', 'id']).execute()
}
