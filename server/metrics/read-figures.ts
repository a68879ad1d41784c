import type { AppContext } from '../context.ts'
import { type Figure, figuresOf } from './figures.ts'
import { findRolledUpTo } from './roll-up.ts'
import { readRows } from './rows-store.ts'
import { MINUTE_MS, partsOf, type Span } from './spans.ts'
import { type FigureFilter, listFigures, sumFigures } from './store.ts'

/**
 * The figures of a span of whole minutes: from roll-ups as far as they reach, the rest from the rows themselves, so that
 * they are those of the rows at any moment. With `stepMs`, each lies inside one step.
 */
export function readFigures(
  ctx: AppContext,
  span: Span & { stepMs?: number },
  filter: FigureFilter = {},
): Promise<Figure[]> {
  return read(ctx, span, filter, listFigures)
}

/** The same for counts alone, over the whole span: no sketches, no steps. */
export function readCounts(ctx: AppContext, { from, to }: Span, filter: FigureFilter = {}): Promise<Figure[]> {
  return read(ctx, { from, to }, filter, sumFigures)
}

async function read(
  ctx: AppContext,
  span: Span & { stepMs?: number },
  filter: FigureFilter,
  readRolledUp: typeof listFigures,
): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const { from, to, stepMs } of partsOf(span, await findRolledUpTo(ctx), span.stepMs)) {
    if (stepMs !== undefined) figures.push(...(await readRolledUp(ctx.db, { from, to, stepMs }, filter)))
    else figures.push(...figuresOf(await readRows(ctx.db, { from, to }, filter.integrationId), MINUTE_MS))
  }
  const { series } = filter
  return series ? figures.filter((figure) => series.includes(figure.series)) : figures
}
