import { z } from 'zod'
import { Priority } from './deliveries.ts'
import { OneLine } from './one-line.ts'
import { Instant } from './paging.ts'
import { Emoji, Mentions, RouteDestination, RouteTarget } from './route-targets.ts'
import { TemplateName } from './templates.ts'

/** What to do about a message of unknown outcome that can't be looked for. */
export const DeliveryPolicy = z.enum(['at_least_once', 'at_most_once'])
export type DeliveryPolicy = z.infer<typeof DeliveryPolicy>

/** How often and how far apart a message is tried. */
export const Retrying = {
  maxAttempts: z
    .number()
    .int()
    .min(1)
    .max(100)
    .nullable()
    .optional()
    .describe('null: 30, and no fewer than fit into 70 minutes'),
  nextAttemptDelay: z
    .number()
    .min(0)
    .max(3_600)
    .nullable()
    .optional()
    .describe('Seconds before the second attempt; doubles up to ten minutes, with jitter. null: 1'),
}

/** A field of an event: `title`, `severity`, or one of its data as `data.issue.id`. */
export const FieldPath = OneLine.regex(
  /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$/,
  'Write a field as title or data.issue_id: letters, digits, _ and -, with dots between.',
).max(200)

/** Which messages of a type share a thread. */
export const Threading = z.strictObject({
  enabled: z.boolean().describe('Off: even an event that has a threadKey stands by itself'),
  by: FieldPath.nullable().optional().describe('The field that gives the key of an event without a threadKey'),
  broadcast: z.boolean().optional().describe('Replies also show in the channel'),
})
export type Threading = z.infer<typeof Threading>

/** The fields that SkyPortal lets leave: names and addresses, no content. */
export const NAMES_AND_URLS_ONLY = ['title', 'url'] as const

/** What becomes of one type of event: where it goes, what it looks like, and how its deliveries are treated. */
export const NotificationTypeChange = z.strictObject({
  description: OneLine.max(300).nullable().optional(),
  enabled: z.boolean().optional().describe('Off: its events are kept, and nothing is sent of them'),
  destinations: z.array(RouteTarget).max(50).optional().describe('Of an event that names none itself'),
  priority: Priority.nullable().optional().describe('Of an event that has none itself. null: normal'),
  mentions: Mentions.optional(),
  emoji: Emoji.nullable().optional().describe('Stands before the heading, for example :rotating_light:'),
  template: TemplateName.nullable().optional().describe('null: the standard message'),
  threading: Threading.nullable().optional().describe("null: by the event's threadKey"),
  updateBy: FieldPath.nullable().optional().describe('The field that gives the updateKey of an event without one'),
  allowedFields: z
    .array(FieldPath)
    .max(200)
    .nullable()
    .optional()
    .describe(
      'Only these may be shown, logged or sent; a field stands for all that is in it. Messages made before keep what they say. null: all',
    ),
  retentionDays: z.number().int().min(1).max(3_650).nullable().optional().describe('null: kept for good'),
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
  isSetUp: z.boolean().describe('Somebody has said what becomes of it; the rest are defaults'),
  description: z.string().nullable(),
  enabled: z.boolean(),
  destinations: z.array(RouteDestination),
  priority: Priority.nullable(),
  mentions: z.array(z.string()),
  emoji: z.string().nullable(),
  template: z.string().nullable(),
  threading: Threading.nullable(),
  updateBy: z.string().nullable(),
  allowedFields: z.array(z.string()).nullable(),
  retentionDays: z.number().int().nullable(),
  policy: DeliveryPolicy,
  maxAttempts: z.number().int().nullable(),
  nextAttemptDelay: z.number().nullable(),
  foldAfter: z.number().int().nullable(),
  dedupeWindow: z.number().int(),
  updateTrail: z.boolean(),
  paused: z.object({ at: Instant, by: z.string() }).optional(),
  underWay: z
    .enum(['holding', 'releasing'])
    .optional()
    .describe('A large backlog is still being set aside, or put back in line; nothing is sent of it until it is'),
})
export type NotificationType = z.infer<typeof NotificationType>

export const TypeParam = z.object({ type: OneLine.min(1).max(100) })

/** An hour: long enough for the storm of one flapping check, short enough for tomorrow's news. */
export const DEFAULT_DEDUPE_WINDOW_MS = 3_600_000
