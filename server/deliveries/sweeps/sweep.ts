import { setTimeout } from 'node:timers/promises'
import type { AppContext } from '../../context.ts'
import { durably } from '../../db/durable-writes.ts'
import type { Db } from '../../db/schema.ts'
import { forgetQueue } from '../queue.ts'
import { decideAnew } from '../quiet/waits-store.ts'
import { cancelReplayed } from '../replayable-store.ts'
import type { SavedSweep } from './cursor.ts'
import { markLanes } from './mark-lanes.ts'
import { endSweep, lockSweep, moveSweep, type Swept } from './sweeps-store.ts'
import { type Walked, type Window, walkLanes } from './walk-lanes.ts'

const WINDOW: Window = { rows: 250, lanes: 50 }

/**
 * Goes on with what sweeps are under way, so many windows of them, each a transaction by itself: whoever is killed in
 * between leaves the rest to whoever looks next, and others have their turn after each. With `only` none but that one.
 * Says how many deliveries it changed, and whether there may be more.
 */
export async function sweepOn(
  ctx: AppContext,
  { windows, only, window = WINDOW }: { windows: number; only?: Swept; window?: Window },
): Promise<{ moved: number; isMore: boolean }> {
  let moved = 0
  for (let count = 0; count < windows; count += 1) {
    const beganMs = performance.now()
    const swept = await durably(ctx.db, (one) =>
      one.transaction().execute((trx) => sweepWindow(ctx, trx, window, only)),
    )
    if (swept === undefined) return { moved, isMore: false }
    moved += swept
    forgetQueue(ctx)
    // As long again for everything else: on SQLite a window that follows at once would leave nobody a turn.
    await setTimeout(performance.now() - beganMs)
  }
  return { moved, isMore: true }
}

/** As much as whoever asked for it waits for; a larger backlog is left to the workers. */
export const WINDOWS_AT_ONCE = 20

/** Undefined: there was nothing to go on with. */
async function sweepWindow(
  ctx: AppContext,
  trx: Db,
  window: Window,
  only: Swept | undefined,
): Promise<number | undefined> {
  const sweep = await lockSweep(trx, only)
  if (!sweep) return only === undefined && (await markLanes(ctx, trx, window)) ? 0 : undefined
  const { cursor, moved } = await walk(ctx, trx, sweep, window)
  const swept = { ...sweep, cursor, moved: sweep.moved + moved }
  if (cursor !== null) await moveSweep(trx, swept)
  else {
    await endSweep(trx, sweep)
    ctx.log.info('sweep.ended', { kind: sweep.kind, subject: sweep.subject, act: sweep.act, moved: swept.moved })
  }
  return moved
}

async function walk(ctx: AppContext, trx: Db, sweep: SavedSweep, window: Window): Promise<Walked> {
  const { kind, subject, cursor } = sweep
  const some = { now: ctx.now(), limit: window.rows }
  switch (kind) {
    case 'type':
    case 'destination':
    case 'integration':
      return walkLanes(ctx, trx, sweep, window)
    case 'replay':
      return cancelReplayed(trx, subject, { ...some, before: cursor })
    case 'quiet': {
      const moved = await decideAnew(trx, subject, some)
      return { cursor: moved === window.rows ? subject : null, moved }
    }
  }
}
