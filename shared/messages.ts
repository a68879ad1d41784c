import { z } from 'zod'
import { DeliveryState, Message, Priority } from './deliveries.ts'
import { DestinationRef } from './events.ts'
import { OneLine } from './one-line.ts'
import { Instant } from './paging.ts'

const text = z.string().trim().min(1).max(200_000).describe('Slack markup; longer than Slack takes is folded, not cut')

/**
 * One message straight to a destination. With a file the body is multipart/form-data: these fields as JSON in the part
 * `message`, then the part `file`.
 */
export const NewMessage = z.strictObject({
  destination: DestinationRef,
  text: text.optional(),
  blocks: Message.shape.blocks,
  threadKey: OneLine.min(1).max(200).optional(),
  replyTo: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('A delivery whose message this replies to, in its thread; not before that one is sent'),
  broadcast: z.boolean().optional().describe('A reply that the whole channel sees'),
  dedupeKey: OneLine.min(1).max(200).optional(),
  updateKey: OneLine.min(1).max(200).optional(),
  priority: Priority.optional(),
  sendAt: Instant.optional().describe('Not before then, at most a year ahead'),
  altText: OneLine.min(1).max(1_000).optional().describe('What a picture shows, for people who do not see it'),
})
export type NewMessage = z.infer<typeof NewMessage>

/** What an earlier message shall say instead. */
export const MessageChange = z.strictObject({ text: text.optional(), blocks: Message.shape.blocks })
export type MessageChange = z.infer<typeof MessageChange>

/** What became of an accepted message, or of the change of one. */
export const AcceptedMessage = z.object({ id: z.string(), destination: z.string(), state: DeliveryState })
export type AcceptedMessage = z.infer<typeof AcceptedMessage>
