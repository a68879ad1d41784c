import { z } from 'zod'
import { Message } from './deliveries.ts'
import { EventSummary, NewEvent } from './events.ts'
import { NotificationTypeChange } from './notification-types.ts'
import { OneLine } from './one-line.ts'
import { RouteDestination } from './route-targets.ts'
import { Explanation, NewRoutingRule } from './routing-rules.ts'
import { MOST_SOURCE } from './templates.ts'

/** A rule as it might be. With an `id` it takes the place of that rule. */
const DraftRule = NewRoutingRule.extend({ id: z.string().max(64).optional() })

/**
 * A rule or a type as it might be, or a rule that might be no more, and how many of the latest events are decided by it
 * once more. Nothing is sent or kept.
 */
export const WhatIf = z
  .strictObject({
    rule: DraftRule.optional(),
    removedRule: z.string().min(1).max(64).optional().describe('The id of a rule'),
    type: z.strictObject({ name: OneLine.min(1).max(100), change: NotificationTypeChange }).optional(),
    events: z.number().int().min(1).max(1_000).default(50),
  })
  .refine(({ rule, removedRule, type }) => [rule, removedRule, type].filter(Boolean).length === 1, {
    message: 'Name one draft: rule, removedRule or type.',
    path: ['rule'],
  })
export type WhatIf = z.input<typeof WhatIf>

/** One event: where it goes with the rules as they are and with the draft, and what is different. */
export const WhatIfEvent = z.object({
  event: EventSummary,
  matches: z.boolean().describe('The draft matches it'),
  appear: z.array(RouteDestination),
  vanish: z.array(RouteDestination),
  stay: z.array(RouteDestination),
  /** What else is different, in words: mentions, priority. */
  notes: z.array(z.string()),
})
export type WhatIfEvent = z.infer<typeof WhatIfEvent>

/** Newest first. */
export const WhatIfAnswer = z.object({
  tried: z.number().int(),
  matched: z.number().int(),
  changed: z.number().int(),
  items: z.array(WhatIfEvent),
})
export type WhatIfAnswer = z.infer<typeof WhatIfAnswer>

/** An event as it might come, or one that came: exactly one of the two. Nothing is sent or kept. */
export const TryEvent = z
  .strictObject({
    event: NewEvent.optional(),
    eventId: z.string().max(64).optional(),
    drafts: z
      .strictObject({
        rule: DraftRule.optional(),
        type: NotificationTypeChange.optional().describe("Of the event's type"),
        template: z.strictObject({ source: z.string().min(1).max(MOST_SOURCE) }).optional(),
      })
      .optional()
      .describe('What would hold instead, for those who may change it'),
  })
  .refine(({ event, eventId }) => (event === undefined) !== (eventId === undefined), {
    message: 'Write an event, or name one by its id.',
    path: ['event'],
  })
export type TryEvent = z.input<typeof TryEvent>

/** What would become of it: everything that is weighed, and each message as it would stand in Slack. */
export const TriedEvent = z.object({
  explanation: Explanation,
  messages: z.array(
    z.object({
      destination: RouteDestination,
      integrationName: z.string(),
      message: Message,
      note: z.string().optional().describe('For example why the standard message stands in for the template'),
    }),
  ),
})
export type TriedEvent = z.infer<typeof TriedEvent>
