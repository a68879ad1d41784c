import type { SavedDelivery } from '../store.ts'
import { cursorOf, type SavedSweep } from './cursor.ts'

/** A sweep as far as it matters to what may be sent. */
export type Mark = Pick<SavedSweep, 'kind' | 'subject' | 'act' | 'cursor'>

/**
 * Whether a delivery may not be sent yet, since a sweep has to reach it first: its type is paused or its replay was
 * cancelled; or its type goes on and earlier ones of its lane are not back in line.
 */
export function keepsBack(
  marks: readonly Mark[],
  delivery: Pick<SavedDelivery, 'type' | 'replayId' | 'destinationId' | 'state'>,
): boolean {
  // That one may stand in Slack already: it is looked for, whatever becomes of it.
  if (delivery.state === 'unconfirmed') return false
  return marks.some((mark) => {
    if (mark.kind === 'replay') return mark.subject === delivery.replayId
    if (mark.kind !== 'type' || mark.subject !== delivery.type) return false
    return mark.act === 'hold' || !isThrough(mark, delivery.destinationId)
  })
}

/** Whether all that waited beside this lane was put back into its line. */
function isThrough(mark: Mark, laneId: string): boolean {
  const { destinationId, after } = cursorOf(mark)
  return laneId < destinationId || (laneId === destinationId && after === null)
}
