import { sql } from 'kysely'
import type { Db } from '../db/schema.ts'
import type { Span } from './spans.ts'

/** How many different people used a command. People can't be added up, so this is always asked of the rows. */
export async function countPeople(db: Db, span: Span, integrationId?: string): Promise<number> {
  const row = await db
    .selectFrom('invocations')
    .select((query) => query.fn.count('userId').distinct().as('people'))
    .where('receivedAt', '>=', span.from)
    .where('receivedAt', '<', span.to)
    .$if(integrationId !== undefined, (query) => query.where('integrationId', '=', integrationId ?? ''))
    .executeTakeFirst()
  return Number(row?.people ?? 0)
}

/** What waits in lines that are stopped, and what paused types hold: counted from indexes, as there may be a million. */
export async function countHeld(db: Db, integrationId?: string): Promise<number> {
  const own = integrationId === undefined ? sql`` : sql`and integration_id = ${integrationId}`
  const { rows } = await sql<{ count: number }>`
    select (
      select count(*) from deliveries where rank >= 0 and destination_id in (
        select destination_id from lanes where stopped_code is not null ${own})
    ) + (
      select count(*) from deliveries where code = 'type_paused' and code is not null ${own}
    ) as count`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

/** Deliveries of which nobody knows whether they arrived. */
export async function countUnconfirmed(db: Db, integrationId?: string): Promise<number> {
  const row = await db
    .selectFrom('deliveries')
    .select((query) => query.fn.countAll().as('count'))
    .where(IN_TROUBLE)
    .where('state', '=', 'unconfirmed')
    .$if(integrationId !== undefined, (query) => query.where('integrationId', '=', integrationId ?? ''))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Word for word the condition of the index by state: SQLite uses it for nothing less. */
export const IN_TROUBLE = sql<boolean>`
  state in ('retrying', 'unconfirmed', 'held', 'failed', 'suppressed', 'cancelled')`

/** Refused requests since the beginning. */
export async function countRefused(db: Db): Promise<{ surface: string; reason: string; count: number }[]> {
  const rows = await db
    .selectFrom('refusedRequests')
    .select((row) => ['surface', 'reason', row.fn.sum('count').as('count')])
    .groupBy(['surface', 'reason'])
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}
