import { lockForTransaction } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import type { Figure, Series } from './figures.ts'
import { decodeSketch, emptySketch, encodeSketch } from './sketch.ts'
import type { Span } from './spans.ts'

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

const MARK = 'minutes'
const MOST_PER_INSERT = 500
