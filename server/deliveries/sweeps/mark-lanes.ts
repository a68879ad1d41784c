import type { AppContext } from '../../context.ts'
import type { Db } from '../../db/schema.ts'
import { markHeld, markWaiting } from '../waiting-store.ts'
import { Place } from './cursor.ts'
import { placeOf, type Window } from './walk-lanes.ts'
import { type LockedLane, listWaiting, lockSweptLanes, moveLaneSweep, type Waiting } from './walk-store.ts'

/**
 * Marks some deliveries of lanes that were stopped or started; what goes out does not depend on it. False: there is no
 * such lane.
 */
export async function markLanes(ctx: AppContext, trx: Db, window: Window): Promise<boolean> {
  const lanes = await lockSweptLanes(trx, window.lanes)
  let room = window.rows
  for (const lane of lanes) {
    const { destinationId, sweepAfter } = lane
    const after = sweepAfter === null ? null : Place.parse(JSON.parse(sweepAfter))
    const rows = await listWaiting(trx, destinationId, { part: 'line', after, limit: room })
    await mark(trx, lane, rows, ctx.now())
    room -= rows.length
    const last = rows.at(-1)
    const isFull = room === 0 && last !== undefined
    await moveLaneSweep(trx, destinationId, isFull ? placeOf(last) : null)
    if (isFull) break
  }
  return lanes.length > 0
}

/** What is in flight and tests stay. */
async function mark(trx: Db, { sweep, stoppedCode }: LockedLane, rows: readonly Waiting[], now: number): Promise<void> {
  const code = sweep === 'hold' ? stoppedCode : null
  const isMeant = ({ rank, state, code: is }: Waiting): boolean => {
    if (rank < 0) return false
    if (code === null) return state === 'held'
    return state === 'pending' || state === 'retrying' || (state === 'held' && is !== code)
  }
  const ids = rows.filter(isMeant).map(({ id }) => id)
  if (ids.length === 0) return
  if (code === null) await markWaiting(trx, ids, now)
  else await markHeld(trx, ids, code, now)
}
