import { z } from 'zod'
import { DeliveryFilter, Message } from './deliveries.ts'
import { Instant } from './paging.ts'

/** How a replay is done. */
export const ReplayOptions = z.strictObject({
  markDelayed: z.boolean().default(true).describe('Each message says when it was first meant to arrive'),
  perMinute: z.number().int().min(1).max(6_000).default(60),
  skipSuperseded: z
    .boolean()
    .default(true)
    .describe('Not those of which a later one with the same update or dedupe key was delivered, nor replayed ones'),
})
export type ReplayOptions = z.infer<typeof ReplayOptions>

/** The deliveries by their ids, or all that a filter finds. */
export const ReplayWhich = z.union([
  z.strictObject({ ids: z.array(z.string().min(1).max(64)).min(1).max(1_000) }),
  z.strictObject({ filter: DeliveryFilter }),
])
export type ReplayWhich = z.infer<typeof ReplayWhich>

export const ReplayRequest = z.strictObject({ which: ReplayWhich, options: ReplayOptions.prefault({}) })
export type ReplayRequest = z.infer<typeof ReplayRequest>

export const ReplayPreview = z.object({
  count: z.number().int().describe('What would be sent'),
  skipped: z.number().int().describe('Superseded, already replayed, or not replayable'),
  byDestination: z.array(z.object({ id: z.string(), name: z.string(), count: z.number().int() })),
  oldestAt: Instant.optional(),
  newestAt: Instant.optional(),
  sample: Message.optional().describe('One message as it would be sent'),
  estimatedEndAt: Instant,
})
export type ReplayPreview = z.infer<typeof ReplayPreview>

/** `expected` is the count that the preview gave; another one by now is refused, so that nothing unseen is sent. */
export const NewReplay = ReplayRequest.extend({ expected: z.number().int().min(1) })
export type NewReplay = z.infer<typeof NewReplay>

export const CancelReplay = z.strictObject({
  cancelWaiting: z.boolean().default(false).describe('Also take back what it made and nobody sends yet'),
})

export const Replay = z.object({
  id: z.string(),
  state: z.enum(['running', 'paused', 'done', 'cancelled']),
  total: z.number().int(),
  made: z.number().int().describe('New deliveries so far'),
  skipped: z.number().int(),
  outcomes: z.object({ delivered: z.number().int(), failed: z.number().int(), waiting: z.number().int() }),
  options: ReplayOptions,
  createdAt: Instant,
  createdBy: z.string(),
  endedAt: Instant.optional(),
  estimatedEndAt: Instant.optional(),
})
export type Replay = z.infer<typeof Replay>
