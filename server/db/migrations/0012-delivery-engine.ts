import { type Kysely, sql } from 'kysely'
import { engineOf } from '../engine.ts'

/**
 * Lanes, buckets, events and replays. Columns are only added, so that a replica of the version before can run beside this
 * one while it is replaced: what it inserts is taken into line by the upkeep. Its claims lose their index and get slower,
 * since each index costs every delivery; its guard of one message in flight for each destination stays.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [name, type] of DELIVERY_COLUMNS) {
    await db.schema.alterTable('deliveries').addColumn(name, type).execute()
  }
  await sql`
    update deliveries set queue_at = created_at,
      rank = case when state in ('pending', 'sending', 'retrying', 'held')
        then case priority when 'urgent' then 0 when 'normal' then 1 else 2 end end`.execute(db)

  // The head of each priority of a destination: what a claim looks at, whatever waits behind it.
  await db.schema
    .createIndex('deliveries_in_line')
    .on('deliveries')
    .columns(['destination_id', 'rank', 'queue_at', 'id'])
    .where(sql.ref('rank'), 'is not', null)
    .execute()
  // Written by a replica that knows no lanes.
  await db.schema
    .createIndex('deliveries_stray')
    .on('deliveries')
    .column('id')
    .where(sql.ref('queue_at'), 'is', null)
    .execute()
  for (const column of ['thread_key', 'update_key', 'dedupe_key']) {
    await db.schema
      .createIndex(`deliveries_by_${column}`)
      .on('deliveries')
      .columns(['destination_id', column, 'id'])
      .where(sql.ref(column), 'is not', null)
      .execute()
  }
  for (const column of ['event_id', 'type', 'recipient', 'part_of', 'folded_into', 'replay_of', 'replay_id']) {
    await db.schema
      .createIndex(`deliveries_by_${column}`)
      .on('deliveries')
      .columns([column, 'id'])
      .where(sql.ref(column), 'is not', null)
      .execute()
  }
  // The states that few deliveries are in; of the others a walk by id finds a page at once.
  await db.schema
    .createIndex('deliveries_in_trouble')
    .on('deliveries')
    .columns(['state', 'id'])
    .where(sql.ref('state'), 'in', ['retrying', 'unconfirmed', 'held', 'failed', 'suppressed', 'cancelled'])
    .execute()
  await db.schema
    .createIndex('deliveries_by_code')
    .on('deliveries')
    .columns(['code', 'id'])
    .where(sql.ref('code'), 'is not', null)
    .execute()
  for (const unused of [
    'deliveries_waiting',
    'deliveries_by_integration',
    'deliveries_by_state',
    'deliveries_created',
    'deliveries_leased',
    'deliveries_held',
  ]) {
    await db.schema.dropIndex(unused).execute()
  }

  await db.schema
    .createTable('lanes')
    .addColumn('destination_id', 'text', (col) => col.primaryKey())
    .addColumn('integration_id', 'text', (col) => col.notNull())
    .addColumn('rank', 'integer', (col) => col.notNull())
    .addColumn('next_at', 'bigint')
    .addColumn('tail_at', 'bigint', (col) => col.notNull())
    .addColumn('claimed_by', 'text')
    .addColumn('lease_ends_at', 'bigint')
    .addColumn('stopped_code', 'text')
    .addColumn('stopped_at', 'bigint')
    .addColumn('sweep', 'text')
    .execute()
  await db.schema
    .createIndex('lanes_swept')
    .on('lanes')
    .column('sweep')
    .where(sql.ref('sweep'), 'is not', null)
    .execute()
  await db.schema
    .createIndex('lanes_due')
    .on('lanes')
    .columns(['rank', 'next_at'])
    .where(sql.ref('next_at'), 'is not', null)
    .execute()
  await db.schema.createIndex('lanes_by_integration').on('lanes').column('integration_id').execute()
  await db.schema
    .createIndex('lanes_stopped')
    .on('lanes')
    .column('stopped_code')
    .where(sql.ref('stopped_code'), 'is not', null)
    .execute()
  await sql`
    insert into lanes (destination_id, integration_id, rank, next_at, tail_at)
    select destination_id, min(integration_id), min(rank), 0, max(queue_at) from deliveries where rank is not null
    group by destination_id`.execute(db)

  await db.schema
    .createTable('buckets')
    .addColumn('key', 'text', (col) => col.primaryKey())
    .addColumn('full_at', 'bigint', (col) => col.notNull())
    .addColumn('closed_until', 'bigint', (col) => col.notNull())
    .addColumn('limited_by', 'text')
    .addColumn('limited_at', 'bigint')
    .execute()

  await db.schema
    .createTable('events')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('source', 'text', (col) => col.notNull())
    .addColumn('type', 'text', (col) => col.notNull())
    .addColumn('body', 'text', (col) => col.notNull())
    .addColumn('accepted_at', 'bigint', (col) => col.notNull())
    .execute()
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('source', 'text', (col) => col.notNull())
    .addColumn('key', 'text', (col) => col.notNull())
    .addColumn('body_hash', 'text', (col) => col.notNull())
    .addColumn('answer', 'text', (col) => col.notNull())
    .addColumn('created_at', 'bigint', (col) => col.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_pk', ['source', 'key'])
    .execute()
  await db.schema.createIndex('idempotency_keys_created').on('idempotency_keys').column('created_at').execute()

  await db.schema
    .createTable('files')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('name', 'text', (col) => col.notNull())
    .addColumn('size_bytes', 'bigint', (col) => col.notNull())
    .addColumn('content_type', 'text', (col) => col.notNull())
    .addColumn('alt_text', 'text')
    .addColumn('sha256', 'text', (col) => col.notNull())
    .addColumn('created_at', 'bigint', (col) => col.notNull())
    .addColumn('created_by', 'text', (col) => col.notNull())
    .execute()
  await db.schema
    .createTable('file_chunks')
    .addColumn('file_id', 'text', (col) => col.notNull())
    .addColumn('number', 'integer', (col) => col.notNull())
    .addColumn('bytes', engineOf(db) === 'postgres' ? 'bytea' : 'blob', (col) => col.notNull())
    .addPrimaryKeyConstraint('file_chunks_pk', ['file_id', 'number'])
    .execute()

  await db.schema
    .createTable('notification_types')
    .addColumn('type', 'text', (col) => col.primaryKey())
    .addColumn('policy', 'text', (col) => col.notNull())
    .addColumn('max_attempts', 'integer')
    .addColumn('next_attempt_delay_ms', 'integer')
    .addColumn('fold_after', 'integer')
    .addColumn('dedupe_window_ms', 'bigint', (col) => col.notNull())
    .addColumn('update_trail', 'integer', (col) => col.notNull())
    .addColumn('paused_at', 'bigint')
    .addColumn('paused_by', 'text')
    .addColumn('updated_at', 'bigint', (col) => col.notNull())
    .addColumn('updated_by', 'text', (col) => col.notNull())
    .execute()

  await db.schema
    .createTable('incidents')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('subject_kind', 'text', (col) => col.notNull())
    .addColumn('subject_id', 'text', (col) => col.notNull())
    .addColumn('subject_name', 'text', (col) => col.notNull())
    .addColumn('integration_id', 'text', (col) => col.notNull())
    .addColumn('code', 'text', (col) => col.notNull())
    .addColumn('detail', 'text')
    .addColumn('delivery_id', 'text')
    .addColumn('opened_at', 'bigint', (col) => col.notNull())
    .addColumn('closed_at', 'bigint')
    .addColumn('closed_by', 'text')
    .execute()
  await db.schema
    .createIndex('incidents_one_open')
    .on('incidents')
    .column('subject_id')
    .unique()
    .where(sql.ref('closed_at'), 'is', null)
    .execute()

  for (const table of ['destinations', 'integrations']) {
    if (table === 'destinations') await db.schema.alterTable(table).addColumn('paused_at', 'bigint').execute()
    await db.schema.alterTable(table).addColumn('paused_by', 'text').execute()
    await db.schema.alterTable(table).addColumn('pause_code', 'text').execute()
  }
  await db.schema.alterTable('integrations').addColumn('max_attempts', 'integer').execute()
  await db.schema.alterTable('integrations').addColumn('next_attempt_delay_ms', 'integer').execute()

  await db.schema
    .createTable('replays')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('state', 'text', (col) => col.notNull())
    .addColumn('filter', 'text', (col) => col.notNull())
    .addColumn('options', 'text', (col) => col.notNull())
    .addColumn('cursor', 'text')
    .addColumn('total', 'integer', (col) => col.notNull())
    .addColumn('made', 'integer', (col) => col.notNull())
    .addColumn('skipped', 'integer', (col) => col.notNull())
    .addColumn('created_at', 'bigint', (col) => col.notNull())
    .addColumn('created_by', 'text', (col) => col.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('due_at', 'bigint', (col) => col.notNull())
    .addColumn('claimed_by', 'text')
    .addColumn('lease_ends_at', 'bigint')
    .execute()
}

const DELIVERY_COLUMNS = [
  ['rank', 'integer'],
  ['queue_at', 'bigint'],
  ['type', 'text'],
  ['recipient', 'text'],
  ['action', 'text'],
  ['thread_key', 'text'],
  ['thread_ts', 'text'],
  ['broadcast', 'integer'],
  ['update_key', 'text'],
  ['update_trail', 'integer'],
  ['dedupe_key', 'text'],
  ['target_id', 'text'],
  ['part_of', 'text'],
  ['folded_into', 'text'],
  ['duplicate_of', 'text'],
  ['policy', 'text'],
  ['max_attempts', 'integer'],
  ['next_attempt_delay_ms', 'integer'],
  ['fold_after', 'integer'],
  ['unsure_since', 'bigint'],
  ['looks', 'integer'],
  ['file_id', 'text'],
  ['upload_id', 'text'],
  ['replay_id', 'text'],
  ['detail', 'text'],
] as const
