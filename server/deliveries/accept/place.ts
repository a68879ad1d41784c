import type { Db } from '../../db/schema.ts'
import { insertWholeFile } from '../../files/store.ts'
import type { Folded } from '../folded-rows.ts'
import { heldBy, takePlaces } from '../lanes/places-store.ts'
import { holdQuiet } from '../quiet/hold-quiet.ts'
import type { Quieting } from '../quiet/quiet.ts'
import { insertWaits } from '../quiet/waits-store.ts'
import { insertDeliveries, type SavedDelivery } from '../store.ts'
import { TYPE_PAUSED } from '../waiting-store.ts'
import { findSaid } from './accept-store.ts'

/** One message that arrives, with its continuations, what its type says about it, and whether it has to wait. */
export type Arrival = Folded & Quieting & { dedupeWindowMs: number; isTypePaused: boolean }

/**
 * Decides where each message stands, changing its rows: suppressed when it was said a short time before, held when its
 * lane or its type is stopped or it is quiet, else in line. The lanes are locked first, so no other replica decides beside us.
 */
export async function place(trx: Db, arrivals: readonly Arrival[], now: number): Promise<void> {
  const rows = arrivals.flatMap((arrival) => arrival.rows)
  if (rows.length === 0) return
  const { rows: placed, stopped } = await takePlaces(trx, rows)
  for (const [index, { queueAt }] of placed.entries()) Object.assign(rows[index] ?? {}, { queueAt })
  await suppressRepeats(trx, arrivals, now)
  for (const { rows, isTypePaused, quiet } of arrivals) {
    const [main] = rows
    if (main.state === 'suppressed') continue
    const beside = isTypePaused ? TYPE_PAUSED : quiet?.code
    for (const row of rows) Object.assign(row, heldBy(row.rank, beside, stopped.get(main.destinationId)))
  }
}

/** Inserts what was placed. */
export async function insertArrivals(trx: Db, arrivals: readonly Arrival[]): Promise<void> {
  const waits = arrivals.flatMap(holdQuiet)
  await insertDeliveries(
    trx,
    arrivals.flatMap((arrival) => arrival.rows),
  )
  await insertWaits(trx, waits)
  for (const { file } of arrivals) if (file) await insertWholeFile(trx, file)
}

async function suppressRepeats(trx: Db, arrivals: readonly Arrival[], now: number): Promise<void> {
  const withKey = arrivals.filter(({ rows, dedupeWindowMs }) => rows[0].dedupeKey !== null && dedupeWindowMs > 0)
  const questions = new Map(
    withKey.map(({ rows: [main], dedupeWindowMs }) => [
      keyOf(main),
      { destinationId: main.destinationId, dedupeKey: main.dedupeKey ?? '', since: now - dedupeWindowMs },
    ]),
  )
  const said = new Map((await findSaid(trx, [...questions.values()])).map((row) => [keyOf(row), row.id]))
  for (const { rows } of withKey) {
    const [main] = rows
    const first = said.get(keyOf(main))
    if (first === undefined) said.set(keyOf(main), main.id)
    else for (const row of rows) suppress(row, first, now)
  }
}

function suppress(row: SavedDelivery, duplicateOf: string, now: number): void {
  Object.assign(row, { state: 'suppressed', code: 'duplicate', duplicateOf, rank: null, endedAt: now })
}

const keyOf = ({ destinationId, dedupeKey }: Pick<SavedDelivery, 'destinationId' | 'dedupeKey'>): string =>
  `${destinationId} ${dedupeKey}`
