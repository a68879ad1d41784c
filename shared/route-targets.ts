import { z } from 'zod'
import { DestinationRef } from './events.ts'
import { OneLine } from './one-line.ts'

/** Where a notification type or a routing rule sends: a destination, or whoever the event is about, in their own Slack. */
export const RouteTarget = z.union([
  DestinationRef,
  z.strictObject({ integrationId: z.string().min(1).max(64), recipient: z.literal(true) }),
])
export type RouteTarget = z.infer<typeof RouteTarget>

/** The same as it is shown; `id` is absent for the recipient, who is another one with each event. */
export const RouteDestination = z.object({
  id: z.string().optional(),
  integrationId: z.string(),
  kind: z.enum(['channel', 'person', 'webhook', 'recipient']),
  name: z.string(),
})
export type RouteDestination = z.infer<typeof RouteDestination>

/** Who is called: @name, @group, an e-mail address, a Slack id, @here or @channel. */
export const Mentions = z.array(OneLine.min(1).max(254)).max(20)

export const Emoji = z
  .string()
  .trim()
  .regex(/^:[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?:$/, 'Write an emoji by its name, for example :rotating_light:')
