import { z } from 'zod'
import type { SweepsTable } from '../../db/schema.ts'

/** A sweep that is under way, as it is stored. */
export type SavedSweep = SweepsTable

/** Where a delivery stands among those of its lane; beside the line rank says nothing. */
export const Place = z.object({ rank: z.number(), queueAt: z.number(), id: z.string() })
export type Place = z.infer<typeof Place>

/** How far a sweep has come: through lanes in the order of their ids, and through all of them once for each part. */
export const SweepCursor = z.object({
  part: z.enum(['line', 'beside']),
  destinationId: z.string(),
  /** The last that was looked at there; null: all were. */
  after: Place.nullable(),
})
export type SweepCursor = z.infer<typeof SweepCursor>

/** In which order a sweep goes through what stands in line and what waits beside. */
export function partsOf({ kind, act }: Pick<SavedSweep, 'kind' | 'act'>): SweepCursor['part'][] {
  // What quiet lets go while a type is being paused comes into line, so lines are looked at last.
  if (kind === 'type') return act === 'hold' ? ['beside', 'line'] : ['beside']
  return ['line', 'beside']
}

export function cursorOf(sweep: Pick<SavedSweep, 'kind' | 'act' | 'cursor'>): SweepCursor {
  if (sweep.cursor !== null) return SweepCursor.parse(JSON.parse(sweep.cursor))
  return startOf(partsOf(sweep)[0] ?? 'line')
}

/** Before all lanes. */
export const startOf = (part: SweepCursor['part']): SweepCursor => ({ part, destinationId: '', after: null })
