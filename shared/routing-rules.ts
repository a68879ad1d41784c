import { z } from 'zod'
import { DeliveryState, Priority } from './deliveries.ts'
import { OneLine } from './one-line.ts'
import { Instant } from './paging.ts'
import { Mentions, RouteDestination, RouteTarget } from './route-targets.ts'

/** Characters. */
export const MOST_CONDITION = 2_000

const fields = {
  name: OneLine.min(1).max(100),
  condition: z.string().trim().min(1).max(MOST_CONDITION).describe("For example: category == 'security'"),
  enabled: z.boolean().optional(),
  stop: z.boolean().optional().describe('Rules after this one are not tried when it matches'),
  destinations: z.array(RouteTarget).max(50).optional(),
  mentions: Mentions.optional(),
  priority: Priority.nullable().optional(),
}

/** A rule to add at the end of the list, or at a place of it. */
export const NewRoutingRule = z.strictObject({ ...fields, position: z.number().int().min(0).optional() })
export type NewRoutingRule = z.infer<typeof NewRoutingRule>
export const RoutingRuleChange = z.strictObject({
  ...fields,
  name: fields.name.optional(),
  condition: fields.condition.optional(),
  position: z.number().int().min(0).optional().describe('Its new place in the list, from 0'),
})
export type RoutingRuleChange = z.infer<typeof RoutingRuleChange>

export const RoutingRule = z.object({
  id: z.string(),
  position: z.number().int(),
  name: z.string(),
  condition: z.string(),
  enabled: z.boolean(),
  stop: z.boolean(),
  destinations: z.array(RouteDestination),
  mentions: z.array(z.string()),
  priority: Priority.nullable(),
  updatedAt: Instant,
  updatedBy: z.string(),
})
export type RoutingRule = z.infer<typeof RoutingRule>

/** Where events go that nothing sends anywhere, or whose every destination is dead. Empty: nowhere. */
export const RoutingFallback = z.object({ destinations: z.array(RouteDestination) })
export type RoutingFallback = z.infer<typeof RoutingFallback>
export const RoutingFallbackChange = z.strictObject({ destinations: z.array(RouteTarget).max(10) })
export type RoutingFallbackChange = z.infer<typeof RoutingFallbackChange>

/** One comparison of a condition, and what it met. `start` and `end` are places in the condition's text. */
export const ConditionPart = z.object({
  start: z.number().int(),
  end: z.number().int(),
  outcome: z.enum(['true', 'false', 'missing', 'skipped']).describe('skipped: the rest had decided already'),
  /** The field's value; absent when the event does not have it. */
  saw: z.unknown().optional(),
  withheld: z.boolean().optional().describe('The type does not allow its value to be shown'),
})
export type ConditionPart = z.infer<typeof ConditionPart>

export const RuleTrial = z.object({
  id: z.string(),
  name: z.string(),
  condition: z.string(),
  outcome: z.enum(['matched', 'not_matched', 'off', 'after_stop']),
  parts: z.array(ConditionPart),
  destinations: z.array(RouteDestination),
  mentions: z.array(z.string()),
  priority: Priority.nullable(),
  stop: z.boolean(),
})
export type RuleTrial = z.infer<typeof RuleTrial>

/** Why a message goes somewhere. */
export const Because = z.object({
  kind: z
    .enum(['event', 'type', 'rule', 'fallback', 'not_known'])
    .describe('not_known: what held then is no longer kept'),
  name: z.string().describe('Of the type or the rule; else empty'),
  id: z.string().optional(),
})
export type Because = z.infer<typeof Because>

export const DecidedDestination = z.object({
  destination: RouteDestination,
  because: z.array(Because),
  priority: Priority,
  mentions: z.array(z.object({ asked: z.string(), became: z.string().optional() })),
  template: z.string().nullable(),
  templateFailed: z.string().optional().describe('Why the standard message stands in for the template'),
  callsNobody: z.boolean().optional().describe('The template calls by a word that nobody answers to'),
  outcome: z
    .enum(['send', 'hold', 'suppress', 'reroute'])
    .describe('reroute: it waits here, and the fallback has it too'),
  code: z
    .string()
    .optional()
    .describe('quiet_hours, muted, type_paused, type_off, no_recipient, duplicate, is_archived, …'),
  /** The same in words. */
  reason: z.string().optional(),
  until: Instant.optional(),
  delivery: z.object({ id: z.string(), state: DeliveryState }).optional(),
})
export type DecidedDestination = z.infer<typeof DecidedDestination>

/** Everything that was weighed for one event. */
export const Explanation = z.object({
  eventId: z.string().optional(),
  decidedAt: Instant,
  type: z.object({
    name: z.string(),
    outcome: z
      .enum(['applied', 'off', 'unknown', 'named_by_event', 'not_known'])
      .describe('unknown: no type is called so; not_known: what held then is no longer kept'),
  }),
  rules: z.array(RuleTrial),
  destinations: z.array(DecidedDestination),
  /** Why nothing goes anywhere; absent when something does. */
  nothing: z.string().optional(),
})
export type Explanation = z.infer<typeof Explanation>
