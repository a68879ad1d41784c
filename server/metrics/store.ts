import { sql } from 'kysely'
import { lockForTransaction } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import type { Figure, Rows, Series } from './figures.ts'
import { decodeSketch, emptySketch, encodeSketch } from './sketch.ts'
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

/** Everything before this instant is rolled up; undefined when nothing ever was. */
export async function findMark(db: Db): Promise<number | undefined> {
  const row = await db.selectFrom('rollupMarks').select('at').where('name', '=', MARK).executeTakeFirst()
  return row && Number(row.at)
}

export async function putMark(db: Db, at: number): Promise<void> {
  await db
    .insertInto('rollupMarks')
    .values({ name: MARK, at })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ at }))
    .execute()
}

/** One replica rolls up at a time; the others wait for the end of its transaction. */
export async function lockRollUp(trx: Db): Promise<void> {
  await lockForTransaction(trx, 'rollups')
}

export type FigureFilter = { integrationId?: string | undefined; series?: readonly Series[] | undefined }

/** Figures of one width. */
export async function listFigures(
  db: Db,
  span: Span & { stepMs: number },
  filter: FigureFilter = {},
): Promise<Figure[]> {
  const rows = await figuresIn(db, span, filter)
    .select(['at', 'integrationId', 'series', 'label', 'good', 'bad', 'first', 'sketch'])
    .execute()
  return rows.map(({ sketch, ...row }) => ({
    ...row,
    at: Number(row.at),
    series: row.series as Series, // written by replaceFigures only
    sketch: decodeSketch(sketch),
  }))
}

/** The counts of figures of one width, added up over the span; far quicker than reading them with their sketches. */
export async function sumFigures(
  db: Db,
  span: Span & { stepMs: number },
  filter: FigureFilter = {},
): Promise<Figure[]> {
  const rows = await figuresIn(db, span, filter)
    .select(({ fn }) => [
      'integrationId',
      'series',
      'label',
      fn.sum('good').as('good'),
      fn.sum('bad').as('bad'),
      fn.sum('first').as('first'),
    ])
    .groupBy(['integrationId', 'series', 'label'])
    .execute()
  return rows.map((row) => ({
    ...row,
    at: span.from,
    series: row.series as Series,
    good: Number(row.good),
    bad: Number(row.bad),
    first: Number(row.first),
    sketch: emptySketch(),
  }))
}

function figuresIn(db: Db, { stepMs, from, to }: Span & { stepMs: number }, filter: FigureFilter) {
  const { integrationId, series } = filter
  return db
    .selectFrom('rollups')
    .where('stepMs', '=', stepMs)
    .where('at', '>=', from)
    .where('at', '<', to)
    .$if(integrationId !== undefined, (query) => query.where('integrationId', '=', integrationId ?? ''))
    .$if(series !== undefined, (query) => query.where('series', 'in', series ?? []))
}

/** Puts these figures in the place of all that was there for the span. Doing it twice changes nothing. */
export async function replaceFigures(db: Db, span: Span & { stepMs: number }, figures: Figure[]): Promise<void> {
  const { stepMs, from, to } = span
  await db.deleteFrom('rollups').where('stepMs', '=', stepMs).where('at', '>=', from).where('at', '<', to).execute()
  for (let place = 0; place < figures.length; place += MOST_PER_INSERT) {
    const rows = figures
      .slice(place, place + MOST_PER_INSERT)
      .map((figure) => ({ ...figure, stepMs, sketch: encodeSketch(figure.sketch) }))
    await db.insertInto('rollups').values(rows).execute()
  }
}

export async function deleteFiguresBefore(
  db: Db,
  { stepMs, before }: { stepMs: number; before: number },
): Promise<void> {
  await db.deleteFrom('rollups').where('stepMs', '=', stepMs).where('at', '<', before).execute()
}

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

const MARK = 'minutes'
const MOST_PER_INSERT = 500

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
