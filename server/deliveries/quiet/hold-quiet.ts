import type { SavedDelivery } from '../store.ts'
import type { Quiet, Quieting } from './quiet.ts'
import type { SavedWait } from './waits-store.ts'

/**
 * The records of what quiet does to a message that was placed, changing its rows: those that wait are due at its end.
 * One that was suppressed meets none.
 */
export function holdQuiet({ rows, quiet, brokeThrough }: Quieting & { rows: readonly SavedDelivery[] }): SavedWait[] {
  if (rows[0]?.state === 'suppressed') return []
  if (quiet) {
    return rows.map((row) => {
      const wait = waitOf(row, quiet)
      row.dueAt = Math.max(row.dueAt, quiet.until)
      return wait
    })
  }
  if (!brokeThrough) return []
  return rows.map((row) => ({ ...waitOf(row, brokeThrough), endedAt: row.createdAt, outcome: 'broke_through' }))
}

function waitOf(row: SavedDelivery, { code, by, reason, atEnd, until }: Quiet): SavedWait {
  return {
    deliveryId: row.id,
    destinationId: row.destinationId,
    code,
    heldBy: by,
    heldBefore: '[]',
    reason,
    atEnd,
    beganAt: row.createdAt,
    untilAt: until,
    meantAt: row.dueAt,
    endedAt: null,
    outcome: null,
  }
}
