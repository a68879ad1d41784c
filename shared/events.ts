import { z } from 'zod'
import { DeliveryState, Priority } from './deliveries.ts'
import { OneLine } from './one-line.ts'
import { Instant, PageQuery } from './paging.ts'

/** Keys that a platform chooses itself; compared byte for byte. */
const key = OneLine.min(1).max(200)

/** A destination by its id, or a channel or person of an integration, which becomes a destination when first used. */
export const DestinationRef = z.union([
  z.string().min(1).max(64),
  z.strictObject({ integrationId: z.string().min(1).max(64), channel: z.string().trim().min(1).max(300) }),
  z.strictObject({ integrationId: z.string().min(1).max(64), person: z.string().trim().min(1).max(254) }),
])
export type DestinationRef = z.infer<typeof DestinationRef>

/** What the platform says happened. */
export const NewEvent = z.strictObject({
  type: OneLine.min(1).max(100).describe('For example compliance.violation'),
  category: OneLine.min(1).max(60).optional(),
  severity: OneLine.min(1).max(30).optional(),
  title: OneLine.min(1).max(300).optional(),
  text: z.string().trim().min(1).max(200_000).optional().describe('Slack markup, as it should stand in Slack'),
  url: z
    .url({ protocol: /^https?$/ })
    .max(3_000)
    .optional(),
  recipient: OneLine.min(1).max(254).optional().describe('Platform user id or e-mail address'),
  data: z.record(z.string(), z.unknown()).optional().describe('Any JSON object'),
  destinations: z
    .array(DestinationRef)
    .min(1)
    .max(50)
    .optional()
    .describe('Exactly there. Left out: where its notification type and the routing rules say'),
  dedupeKey: key.optional().describe('A second event with it within the window of its type is suppressed'),
  threadKey: key.optional().describe('Messages with the same key share a thread'),
  updateKey: key.optional().describe('A later event with it changes the message of the first'),
  priority: Priority.optional(),
  occurredAt: Instant.optional(),
})
export type NewEvent = z.infer<typeof NewEvent>

/** One event, or up to 500: all are taken or none. */
export const MOST_EVENTS = 500
export const NewEvents = z.union([NewEvent, z.array(NewEvent).min(1).max(MOST_EVENTS)])

/** What became of one accepted event. */
export const AcceptedEvent = z.object({
  id: z.string(),
  deliveries: z.array(z.object({ id: z.string(), destination: z.string(), state: DeliveryState })),
})
export type AcceptedEvent = z.infer<typeof AcceptedEvent>
export const AcceptedEvents = z.union([AcceptedEvent, z.object({ items: z.array(AcceptedEvent) })])
export type AcceptedEvents = z.infer<typeof AcceptedEvents>

/** Where the few events ended that did not simply go where their type, a rule or they themselves say. */
export const Landed = z.enum(['nowhere', 'fallback', 'suppressed'])
export type Landed = z.infer<typeof Landed>

export const ListEvents = PageQuery.extend({
  type: OneLine.max(100).optional(),
  landed: Landed.optional().describe('Reached nothing, reached the fallback, or had a message suppressed'),
  search: z.string().trim().min(1).max(100).optional().describe('A text in what it says, or its id'),
  from: Instant.optional().describe('Accepted at or after'),
  to: Instant.optional().describe('Accepted before'),
}).strict()
export type ListEvents = z.infer<typeof ListEvents>

/** An event as a list tells of it. */
export const EventSummary = z.object({
  id: z.string(),
  type: z.string(),
  title: z.string().describe('The first line of what it says, as far as its type allows'),
  acceptedAt: Instant,
})
export type EventSummary = z.infer<typeof EventSummary>

/** An event of the list, with what became of its messages. */
export const ListedEvent = EventSummary.extend({
  landed: Landed.exclude(['suppressed']).optional(),
  deliveries: z.partialRecord(DeliveryState, z.number().int()).describe('How many there are, by state'),
})
export type ListedEvent = z.infer<typeof ListedEvent>

export const EventPage = z.object({
  items: z.array(ListedEvent),
  next: z.string().optional(),
  searchedTo: Instant.optional().describe('What is older than this was not searched yet: ask for the next page'),
})
export type EventPage = z.infer<typeof EventPage>

/** One accepted event; what its type does not allow to be shown is not in it. */
export const EventDetail = EventSummary.extend({
  source: z.string().describe('The API key or person that sent it'),
  event: z.record(z.string(), z.unknown()),
  withheld: z.array(z.string()).describe('Its fields that are not shown, or not as a whole'),
})
export type EventDetail = z.infer<typeof EventDetail>
