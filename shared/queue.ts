import { z } from 'zod'
import { DeliveryState } from './deliveries.ts'
import { Instant } from './paging.ts'

/** What waits for one destination. */
export const Lane = z.object({
  destinationId: z.string(),
  destinationName: z.string(),
  integrationId: z.string(),
  waiting: z.number().int(),
  byPriority: z.object({ urgent: z.number().int(), normal: z.number().int(), low: z.number().int() }),
  oldestAt: Instant.optional(),
  /** Absent while it is stopped. */
  nextAt: Instant.optional(),
  drainedAt: Instant.optional().describe('When the last of them goes out at Slack’s pace, if nothing is added'),
  stopped: z.object({ code: z.string(), meaning: z.string(), fix: z.string(), since: Instant }).optional(),
})
export type Lane = z.infer<typeof Lane>

/** What waits altogether. */
export const Queue = z.object({
  byState: z.partialRecord(DeliveryState, z.number().int()),
  waiting: z.number().int(),
  oldestAt: Instant.optional(),
  drainedAt: Instant.optional().describe('When the longest line that is not stopped will be empty'),
  lanes: z.array(Lane).describe('The longest lines, at most 50'),
  laneCount: z.number().int(),
  readAt: Instant.describe('The counts are at most five seconds old'),
})
export type Queue = z.infer<typeof Queue>

/** A backlog that would be dropped, or was. */
export const PurgePreview = z.object({
  count: z.number().int(),
  byDestination: z.array(z.object({ id: z.string(), name: z.string(), count: z.number().int() })),
  oldestAt: Instant.optional(),
  newestAt: Instant.optional(),
})
export type PurgePreview = z.infer<typeof PurgePreview>

/** Exactly one of the three; `expected` is the count that the preview gave, so that nothing unseen is dropped. */
export const PurgeQuery = z.object({
  destinationId: z.string().max(64).optional(),
  integrationId: z.string().max(64).optional(),
  type: z.string().max(100).optional(),
})
export const Purge = PurgeQuery.extend({ expected: z.number().int().min(0) }).strict()
export type Purge = z.infer<typeof Purge>
