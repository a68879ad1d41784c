import { z } from 'zod'
import { OneLine } from './one-line.ts'
import { Instant } from './paging.ts'

/** What to do about a message of unknown outcome that can't be looked for. */
export const DeliveryPolicy = z.enum(['at_least_once', 'at_most_once'])
export type DeliveryPolicy = z.infer<typeof DeliveryPolicy>

/** How often and how far apart a message is tried. */
export const Retrying = {
  maxAttempts: z.number().int().min(1).max(100).nullable().optional().describe('null: the default of 30'),
  nextAttemptDelay: z
    .number()
    .min(0)
    .max(3_600)
    .nullable()
    .optional()
    .describe('Seconds before the second attempt; doubles up to ten minutes, with jitter. null: 1'),
}

/** How deliveries of one type of event are treated. */
export const NotificationTypeChange = z.strictObject({
  policy: DeliveryPolicy.optional(),
  ...Retrying,
  foldAfter: z
    .number()
    .int()
    .min(2)
    .max(100_000)
    .nullable()
    .optional()
    .describe('More low-priority messages than this waiting for one channel become a summary. null: never'),
  dedupeWindow: z.number().int().min(0).max(2_592_000).optional().describe('Seconds'),
  updateTrail: z.boolean().optional().describe('An update in place also leaves a reply that tells of it'),
})
export type NotificationTypeChange = z.infer<typeof NotificationTypeChange>

export const NotificationType = z.object({
  type: z.string(),
  policy: DeliveryPolicy,
  maxAttempts: z.number().int().nullable(),
  nextAttemptDelay: z.number().nullable(),
  foldAfter: z.number().int().nullable(),
  dedupeWindow: z.number().int(),
  updateTrail: z.boolean(),
  paused: z.object({ at: Instant, by: z.string() }).optional(),
})
export type NotificationType = z.infer<typeof NotificationType>

export const TypeParam = z.object({ type: OneLine.min(1).max(100) })

/** An hour: long enough for the storm of one flapping check, short enough for tomorrow's news. */
export const DEFAULT_DEDUPE_WINDOW_MS = 3_600_000
