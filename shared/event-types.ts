import { z } from 'zod'
import { Instant } from './paging.ts'

/** A type that events came with, whether or not anybody set anything for it. */
export const EventType = z.object({
  type: z.string(),
  lastAt: Instant.describe('When the newest of them was taken in'),
})
export type EventType = z.infer<typeof EventType>
export const EventTypes = z.object({ items: z.array(EventType) })

/** More types than a platform has; the rest is left out. */
export const MOST_EVENT_TYPES = 500
