import { sql } from 'kysely'
import type { Db } from '../db/schema.ts'
import type { Rows } from './figures.ts'
import type { Span } from './spans.ts'

/** What figures are made from, of one span of time. */
export async function readRows(db: Db, span: Span, integrationId?: string): Promise<Rows> {
  return {
    deliveries: await countEnded(db, span, integrationId),
    attempts: await db
      .selectFrom('attempts')
      .select(['endedAt', 'integrationId', 'method', 'outcome', 'tookMs'])
      .where('endedAt', '>=', span.from)
      .where('endedAt', '<', span.to)
      .$if(integrationId !== undefined, (query) => query.where('integrationId', '=', integrationId ?? ''))
      .execute(),
    invocations: await listUses(db, span, integrationId),
    probes: await countProbes(db, span, integrationId),
  }
}

/**
 * Uses of commands by when they were counted: those that the platform answers when its answer was there, which may be
 * long after they came, and their minute be rolled up by then.
 */
async function listUses(db: Db, { from, to }: Span, integrationId?: string): Promise<Rows['invocations']> {
  const uses = db
    .selectFrom('invocations')
    .select(['integrationId', 'command', 'outcome', 'ackMs'])
    .$if(integrationId !== undefined, (query) => query.where('integrationId', '=', integrationId ?? ''))
  return uses
    .select('receivedAt as at')
    .where('receivedAt', '>=', from)
    .where('receivedAt', '<', to)
    .where('endedAt', 'is', null)
    .where('outcome', '<>', 'waiting')
    .unionAll(
      uses
        .select(({ ref }) => ref('endedAt').$notNull().as('at'))
        .where('endedAt', '>=', from)
        .where('endedAt', '<', to),
    )
    .execute()
}

/** Where the next thing that is counted happened, at or after this instant; undefined when there is none. */
export async function findNextRow(db: Db, from: number): Promise<number | undefined> {
  const instants = [
    await db
      .selectFrom('deliveries')
      .select((row) => row.fn.min('endedAt').as('at'))
      .where('endedAt', '>=', from)
      .executeTakeFirst(),
    await db
      .selectFrom('attempts')
      .select((row) => row.fn.min('endedAt').as('at'))
      .where('endedAt', '>=', from)
      .executeTakeFirst(),
    await db
      .selectFrom('invocations')
      .select((row) => row.fn.min('receivedAt').as('at'))
      .where('receivedAt', '>=', from)
      .executeTakeFirst(),
    await db
      .selectFrom('invocations')
      .select((row) => row.fn.min('endedAt').as('at'))
      .where('endedAt', '>=', from)
      .executeTakeFirst(),
    await db
      .selectFrom('probes')
      .select((row) => row.fn.min('at').as('at'))
      .where('at', '>=', from)
      .executeTakeFirst(),
  ].flatMap((row) => (row?.at === null || row?.at === undefined ? [] : [Number(row.at)]))
  return instants.length > 0 ? Math.min(...instants) : undefined
}

async function countEnded(db: Db, span: Span, integrationId?: string): Promise<Rows['deliveries']> {
  const minute = sql<number>`ended_at - ended_at % 60000`
  const isFirst = sql<number>`case when tries <= 1 then 1 else 0 end`
  const rows = await db
    .selectFrom('deliveries')
    .select((row) => [minute.as('at'), 'integrationId', 'state', isFirst.as('isFirst'), row.fn.countAll().as('count')])
    .where('endedAt', '>=', span.from)
    .where('endedAt', '<', span.to)
    .$if(integrationId !== undefined, (query) => query.where('integrationId', '=', integrationId ?? ''))
    .groupBy([minute, 'integrationId', 'state', isFirst])
    .execute()
  return rows.map((row) => ({
    ...row,
    at: Number(row.at),
    isFirst: Number(row.isFirst) === 1,
    count: Number(row.count),
  }))
}

async function countProbes(db: Db, span: Span, integrationId?: string): Promise<Rows['probes']> {
  const minute = sql<number>`at - at % 60000`
  const rows = await db
    .selectFrom('probes')
    .select((row) => [minute.as('at'), 'integrationId', 'ok', row.fn.countAll().as('count')])
    .where('at', '>=', span.from)
    .where('at', '<', span.to)
    .$if(integrationId !== undefined, (query) => query.where('integrationId', '=', integrationId ?? ''))
    .groupBy([minute, 'integrationId', 'ok'])
    .execute()
  return rows.map((row) => ({
    at: Number(row.at),
    integrationId: row.integrationId,
    isOk: row.ok === 1,
    count: Number(row.count),
  }))
}
