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

/** What waits for one destination until quiet hours or a mute end. */
export const QuietLine = z.object({
  destinationId: z.string(),
  destinationName: z.string(),
  code: z.enum(['quiet_hours', 'muted']),
  reason: z.string().describe('Which quiet hours, or who muted it and why'),
  waiting: z.number().int(),
  until: Instant.describe('When the first of them has waited long enough'),
})
export type QuietLine = z.infer<typeof QuietLine>

/** What waits until somebody resumes its type. */
export const PausedBacklog = z.object({
  type: z.string(),
  waiting: z.number().int(),
  atLeast: z.literal(true).optional().describe('So many were counted, and there are more'),
})
export type PausedBacklog = z.infer<typeof PausedBacklog>

/** Something that was turned, or is no more, and what waited for it has yet to follow: too much to change at once. */
export const UnderWay = z.object({
  kind: z.enum(['type', 'destination', 'integration', 'replay', 'quiet']),
  subject: z.string().describe('The name of the type, or the id of what it is about'),
  act: z.enum(['hold', 'release', 'cancel', 'decide']),
  moved: z.number().int().describe('How many deliveries have followed so far'),
})
export type UnderWay = z.infer<typeof UnderWay>

/** What waits altogether. */
export const Queue = z.object({
  byState: z.partialRecord(DeliveryState, z.number().int()),
  waiting: z.number().int(),
  oldestAt: Instant.optional(),
  drainedAt: Instant.optional().describe('When the longest line that is not stopped will be empty'),
  lanes: z.array(Lane).describe('The longest lines, at most 50'),
  laneCount: z.number().int(),
  quiet: z.array(QuietLine).describe('What waits beside the lines, the most first, at most 50'),
  pausedTypes: z.array(PausedBacklog).describe('What paused types hold beside the lines, the most first, at most 50'),
  underWay: z
    .array(UnderWay)
    .describe('Until these are through, some of what they are about is counted as it was before'),
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

const backlog = {
  destinationId: z.string().min(1).max(64).optional(),
  integrationId: z.string().min(1).max(64).optional(),
  type: z.string().trim().min(1).max(100).optional().describe('Of event'),
}
const isOne = ({ destinationId, integrationId, type }: { [Name in keyof typeof backlog]?: string | undefined }) =>
  [destinationId, integrationId, type].filter((named) => named !== undefined).length === 1
const ONE = 'Name exactly one of destinationId, integrationId and type.'

/** Exactly one of the three. */
export const PurgeQuery = z.strictObject(backlog).refine(isOne, { message: ONE, path: ['destinationId'] })
export type PurgeQuery = z.infer<typeof PurgeQuery>
/** `expected` is the count that the preview gave, so that nothing unseen is dropped. */
export const Purge = z
  .strictObject({ ...backlog, expected: z.number().int().min(0), note: z.string().trim().min(1).max(500).optional() })
  .refine(isOne, { message: ONE, path: ['destinationId'] })
export type Purge = z.infer<typeof Purge>
export const Purged = z.object({ cancelled: z.number().int() })
export type Purged = z.infer<typeof Purged>
