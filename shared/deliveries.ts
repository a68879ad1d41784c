import { z } from 'zod'
import { Instant, PageQuery } from './paging.ts'

export const deliveryStates = [
  'pending',
  'sending',
  'retrying',
  'unconfirmed',
  'held',
  'delivered',
  'failed',
  'suppressed',
  'cancelled',
] as const
export const DeliveryState = z.enum(deliveryStates)
export type DeliveryState = z.infer<typeof DeliveryState>

export const Priority = z.enum(['urgent', 'normal', 'low'])
export type Priority = z.infer<typeof Priority>

/** What one request to Slack came to. */
export const AttemptOutcome = z.enum([
  'sent',
  'rate_limited',
  'transient',
  'permanent',
  'ambiguous',
  'found',
  'not_found',
  'can_not_look',
])
export type AttemptOutcome = z.infer<typeof AttemptOutcome>

/** A message as Slack takes it: `text` is the notification and what a screen reader says, so it is always there. */
export const Message = z.strictObject({
  text: z.string().trim().min(1, 'Write the text: it is what notifications and screen readers use.').max(40_000),
  blocks: z.array(z.record(z.string(), z.unknown())).max(50).optional(),
})
export type Message = z.infer<typeof Message>

/** A test send: the message as the admin edited it, or the standard one. */
export const TestSend = z.strictObject({ message: Message.optional() })
export type TestSend = z.infer<typeof TestSend>

export const Attempt = z.object({
  number: z.number().int().optional().describe('Absent when Slack asked to wait: that uses up no attempt'),
  method: z.string().describe('chat.postMessage, or webhook'),
  startedAt: Instant,
  tookMs: z.number(),
  outcome: AttemptOutcome,
  code: z.string().optional(),
  httpStatus: z.number().int().optional(),
  requestId: z.string().optional(),
  retryAfterMs: z.number().optional(),
  request: z.unknown().describe('As sent, secrets removed before storing'),
  response: z.unknown().describe("Slack's answer, secrets removed, at most 8 kB"),
})
export type Attempt = z.infer<typeof Attempt>

export const DeliverySummary = z.object({
  id: z.string(),
  eventId: z.string().optional(),
  integrationId: z.string(),
  integrationName: z.string(),
  destination: z.object({ id: z.string(), kind: z.string(), name: z.string() }),
  origin: z.enum(['test', 'message', 'event', 'summary']).describe('Who asked for it'),
  title: z.string().describe('First line of what it says'),
  state: DeliveryState,
  priority: Priority,
  createdAt: Instant,
  dueAt: Instant.optional(),
  endedAt: Instant.optional(),
  deliveredAt: Instant.optional(),
  tookMs: z.number().optional().describe('Accepted to ended'),
  tries: z.number().int(),
  code: z.string().optional(),
  mark: z.enum(['may_be_duplicate', 'maybe_sent']).optional(),
  type: z.string().optional().describe('Of the event'),
  recipient: z.string().optional(),
  action: z.enum(['post', 'update', 'delete']),
  permalink: z.string().optional(),
})
export type DeliverySummary = z.infer<typeof DeliverySummary>

/** One moment of a delivery's life, in plain words, for the time line. */
export const TimelineEntry = z.object({
  at: Instant,
  tone: z.enum(['neutral', 'ok', 'warn', 'bad']),
  title: z.string(),
  note: z.string().optional(),
  code: z.string().optional(),
  fix: z.string().optional(),
  link: z.object({ label: z.string(), url: z.string() }).optional(),
})
export type TimelineEntry = z.infer<typeof TimelineEntry>

export const Delivery = DeliverySummary.extend({
  createdBy: z.string(),
  replayOf: z.string().optional().describe('The delivery that this one sends again'),
  message: Message,
  messageTs: z.string().optional(),
  detail: z.string().optional().describe('What Slack said beyond the code, such as the block at fault'),
  faultyBlock: z.number().int().min(0).optional().describe('Place in `message.blocks` of the one that Slack refused'),
  expectedAt: Instant.optional().describe('When it should go out, by its place in line and the pace'),
  ahead: z.number().int().optional().describe('How many wait before it'),
  threadKey: z.string().optional(),
  updateKey: z.string().optional(),
  dedupeKey: z.string().optional(),
  file: z.object({ name: z.string(), sizeBytes: z.number().int(), altText: z.string().optional() }).optional(),
  related: z
    .array(
      z.object({
        id: z.string(),
        why: z.enum([
          'same_event',
          'part',
          'part_of',
          'folded_into',
          'folds',
          'duplicate_of',
          'replay',
          'replay_of',
          'changes',
          'changed_by',
        ]),
        destination: z.string(),
        title: z.string(),
        state: DeliveryState,
      }),
    )
    .describe('At most 50'),
  canReplay: z.boolean(),
  canCancel: z.boolean(),
  attempts: z.array(Attempt),
  timeline: z.array(TimelineEntry),
})
export type Delivery = z.infer<typeof Delivery>

const severalStates = z
  .string()
  .max(300)
  .transform((text) => [...new Set(text.split(',').filter(Boolean))])
  .pipe(z.array(DeliveryState))
  // None named is no filter: a database is never asked for one of nothing.
  .transform((named) => (named.length > 0 ? named : undefined))

/** What a list, its counts, an export or a replay takes. */
export const DeliveryFilter = z.strictObject({
  state: severalStates.optional().describe('Comma-separated'),
  integrationId: z.string().max(64).optional(),
  destinationId: z.string().max(64).optional(),
  code: z.string().max(100).optional(),
  method: z.string().max(60).optional(),
  from: Instant.optional().describe('Created at or after; with `by=ended`, ended at or after'),
  to: Instant.optional(),
  by: z.enum(['created', 'ended', 'attempted']).default('created').describe('Which instant from and to speak of'),
  search: z.string().trim().max(100).optional().describe('In the title, destination or id'),
  type: z.string().trim().max(100).optional().describe('Of the event'),
  recipient: z.string().trim().max(254).optional(),
  eventId: z.string().trim().max(64).optional(),
  replayId: z.string().max(64).optional().describe('Made by this replay'),
  mark: z.enum(['may_be_duplicate', 'maybe_sent']).optional(),
})
export type DeliveryFilter = z.infer<typeof DeliveryFilter>

export const ListDeliveries = PageQuery.extend(DeliveryFilter.shape).strict()
export type ListDeliveries = z.infer<typeof ListDeliveries>

/** A page that is not full may have a next one all the same: one request looks at so many deliveries and no more. */
export const DeliveryPage = z.object({
  items: z.array(DeliverySummary),
  next: z.string().optional(),
  searchedTo: Instant.optional().describe('What is older than this was not searched yet: ask for the next page'),
})
export type DeliveryPage = z.infer<typeof DeliveryPage>

/** The list as a file. */
export const ExportDeliveries = DeliveryFilter.extend({ format: z.enum(['csv', 'jsonl']).default('csv') })
export type ExportDeliveries = z.infer<typeof ExportDeliveries>

/** What the live view is told. */
export const DeliveryStreamEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('delivery'), delivery: DeliverySummary }).describe('New, or in another state than before'),
  z.object({ kind: z.literal('behind') }).describe('More changed than is told one by one: read the list again'),
])
export type DeliveryStreamEvent = z.infer<typeof DeliveryStreamEvent>

export const SendElsewhere = z.strictObject({ destinationId: z.string().min(1).max(64) })

/** Of one delivery. */
export const ReplayOne = z.strictObject({
  markDelayed: z.boolean().default(false).describe('The message says when it was first meant to arrive'),
})
export type ReplayOne = z.infer<typeof ReplayOne>

export const DeliveryCounts = z.object({
  byState: z.partialRecord(DeliveryState, z.number().int()),
  total: z.number().int(),
  /** There are more than were counted. */
  atLeast: z.boolean().optional(),
  statesAtLeast: z.array(DeliveryState).optional().describe('Of these states there are more than were counted'),
  oldestAt: Instant.optional(),
})
export type DeliveryCounts = z.infer<typeof DeliveryCounts>

/** The deliveries beside one in the list that the same filters give; absent at its ends. */
export const DeliveryNeighbours = z.object({ newer: z.string().optional(), older: z.string().optional() })
export type DeliveryNeighbours = z.infer<typeof DeliveryNeighbours>
