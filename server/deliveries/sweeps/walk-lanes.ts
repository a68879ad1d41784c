import type { AppContext } from '../../context.ts'
import type { Db } from '../../db/schema.ts'
import { touchLanes } from '../lanes/places-store.ts'
import { isQuietCode } from '../quiet/quiet.ts'
import { cancelWaiting, holdForType, holdQuietForType, releaseFromType, TYPE_PAUSED } from '../waiting-store.ts'
import { cursorOf, type Place, partsOf, type SavedSweep, type SweepCursor, startOf } from './cursor.ts'
import { type LockedLane, listWaiting, lockNextLanes, type Waiting } from './walk-store.ts'

/** What is looked at in one transaction: some milliseconds, in which nothing else is written. */
export type Window = { rows: number; lanes: number }
/** How far a window came, null when that is the end, and how many it changed. */
export type Walked = { cursor: string | null; moved: number }

/** The next lanes, with what waits there as far as the window reaches. Null: it has been through all of them. */
export async function walkLanes(ctx: AppContext, trx: Db, sweep: SavedSweep, window: Window): Promise<Walked> {
  const cursor = cursorOf(sweep)
  const { part } = cursor
  const lanes = await lockNextLanes(trx, sweep, cursor, window.lanes)
  let next = cursor
  let room = window.rows
  let moved = 0
  for (const lane of lanes) {
    const { destinationId } = lane
    const after = destinationId === cursor.destinationId ? cursor.after : null
    const rows = await listWaiting(trx, destinationId, { part, after, limit: room })
    moved += await bring(ctx, trx, { sweep, part, lane, rows })
    room -= rows.length
    const last = rows.at(-1)
    if (room === 0 && last) return { cursor: JSON.stringify({ part, destinationId, after: placeOf(last) }), moved }
    next = { part, destinationId, after: null }
  }
  if (lanes.length === window.lanes) return { cursor: JSON.stringify(next), moved }
  const parts = partsOf(sweep)
  const nextPart = parts[parts.indexOf(part) + 1]
  return { cursor: nextPart ? JSON.stringify(startOf(nextPart)) : null, moved }
}

/** Its place alone. */
export const placeOf = ({ rank, queueAt, id }: Place): Place => ({ rank, queueAt, id })

type Some = { sweep: SavedSweep; part: SweepCursor['part']; lane: LockedLane; rows: readonly Waiting[] }

/** Brings some of a lane to what the sweep is for. Gives how many it changed. */
async function bring(ctx: AppContext, trx: Db, { sweep, part, lane, rows }: Some): Promise<number> {
  const now = ctx.now()
  const { kind, subject, act } = sweep
  const idsOf = (isMeant: (row: Waiting) => boolean) => rows.filter(isMeant).map(({ id }) => id)
  if (kind !== 'type') {
    const code = kind === 'destination' ? 'destination_deleted' : 'integration_deleted'
    return unlessNone(
      idsOf(() => true),
      (ids) => cancelWaiting(trx, ids, code, now),
    )
  }
  if (act === 'hold' && part === 'line') {
    const inLine = idsOf((row) => row.type === subject && row.rank >= 0)
    return unlessNone(inLine, (ids) => holdForType(trx, ids, now))
  }
  if (act === 'hold') {
    const quiet = idsOf((row) => row.type === subject && isQuietCode(row.code))
    return unlessNone(quiet, (ids) => holdQuietForType(trx, ids))
  }
  const paused = idsOf((row) => row.type === subject && row.code === TYPE_PAUSED)
  return unlessNone(paused, async (ids) => {
    const released = await releaseFromType(trx, ids, lane.stoppedCode, now)
    await touchLanes(trx, released)
    return released.length
  })
}

const unlessNone = async (ids: string[], change: (ids: string[]) => Promise<number>): Promise<number> =>
  ids.length === 0 ? 0 : change(ids)
