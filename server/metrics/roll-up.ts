import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { figuresOf, widened } from './figures.ts'
import { findNextRow, readRows } from './rows-store.ts'
import { floorTo, MINUTE_MS, MINUTES_KEPT_MS, type Span, widths } from './spans.ts'
import { deleteFiguresBefore, findMark, listFigures, lockRollUp, putMark, replaceFigures } from './store.ts'

/**
 * Computes the figures of the next whole minutes from their rows, and of every wider span that they complete, in one
 * transaction. True: more minutes wait. A minute is left alone until nothing can come for it any more, and the last few
 * are computed again for whatever came even later; computing them twice changes nothing.
 */
export async function rollUp(ctx: AppContext): Promise<boolean> {
  const settledTo = settledAt(ctx.now())
  if ((await findMark(ctx.db)) === settledTo) return false
  return ctx.db.transaction().execute(async (trx) => {
    await lockRollUp(trx)
    const mark = (await findMark(trx)) ?? (await findBeginning(trx, settledTo))
    // A mark ahead of the clock was made before the clock was set back: what is counted from now on lies before it, where
    // single minutes may be gone.
    const from = mark > settledTo ? floorTo(settledTo - AGAIN_MS, HALF_HOUR_MS) : mark - AGAIN_MS
    const to = await batchEnd(trx, from, settledTo)
    await replaceFigures(trx, { stepMs: MINUTE_MS, from, to }, figuresOf(await readRows(trx, { from, to }), MINUTE_MS))
    await widen(trx, { from, to })
    await deleteFiguresBefore(trx, { stepMs: MINUTE_MS, before: floorTo(to - MINUTES_KEPT_MS, HALF_HOUR_MS) })
    await putMark(trx, to)
    return to < settledTo
  })
}

/** Until when figures can be read from roll-ups; what comes after is read from the rows. */
export async function findRolledUpTo(ctx: AppContext): Promise<number> {
  return Math.min((await findMark(ctx.db)) ?? 0, settledAt(ctx.now()))
}

const settledAt = (now: number): number => floorTo(now - SETTLES_MS, MINUTE_MS)

/** Wider spans are made from narrower ones, once they are complete. */
async function widen(trx: Db, { from, to }: Span): Promise<void> {
  for (const [place, stepMs] of widths.slice(1).entries()) {
    const span = { from: floorTo(from, stepMs), to: floorTo(to, stepMs) }
    if (span.from >= span.to) return
    const narrow = await listFigures(trx, { ...span, stepMs: widths[place] ?? MINUTE_MS })
    await replaceFigures(trx, { ...span, stepMs }, widened(narrow, stepMs))
  }
}

async function findBeginning(trx: Db, settledTo: number): Promise<number> {
  const first = await findNextRow(trx, 0)
  return first === undefined ? settledTo : Math.min(settledTo, floorTo(first, MINUTE_MS))
}

/** A batch ends after so many minutes, or, when nothing happened after them, where something did. */
async function batchEnd(trx: Db, from: number, settledTo: number): Promise<number> {
  const end = from + BATCH_MS
  if (end >= settledTo) return settledTo
  const next = await findNextRow(trx, end)
  return next === undefined ? settledTo : Math.min(settledTo, floorTo(next, MINUTE_MS))
}

/** Rows are written within moments of the instant they carry; this is far more. */
const SETTLES_MS = 2 * MINUTE_MS
const AGAIN_MS = 3 * MINUTE_MS
const HALF_HOUR_MS = 30 * MINUTE_MS
/** Small enough that a batch of a busy hour does not hold up anything else. */
const BATCH_MS = 30 * MINUTE_MS
