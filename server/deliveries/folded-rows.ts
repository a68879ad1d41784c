import { createHash } from 'node:crypto'
import type { AppContext } from '../context.ts'
import { WHOLE_TEXT_TYPE, type WholeFile } from '../files/store.ts'
import { splitMessage } from './split-message.ts'
import type { SavedDelivery } from './store.ts'
import { deliveryOf, type NewDelivery } from './to-row.ts'

/** The rows of one message, the first of them being it, and the file that holds what is too long for messages. */
export type Folded = { rows: [SavedDelivery, ...SavedDelivery[]]; file?: WholeFile }

/**
 * The rows of a message that may be longer than Slack takes. Its continuations reply to it, or simply follow it where a
 * webhook can't reply. Whoever inserts the rows inserts the file with them, in the same transaction.
 */
export function foldedRows(ctx: AppContext, wanted: NewDelivery): Folded {
  const isWebhook = wanted.destination.kind === 'webhook'
  // A change of an earlier message can't bring a file with it.
  const mayChange = wanted.action !== undefined || (wanted.updateKey ?? null) !== null
  const split = splitMessage(wanted.message, !isWebhook && wanted.fileId === undefined && !mayChange)
  if (split.kind === 'file') {
    const file = textFile(ctx, split.whole, wanted.createdBy)
    return { rows: [deliveryOf(ctx, { ...wanted, message: split.head, fileId: file.row.id })], file }
  }
  const [first, ...more] = split.parts
  const main = deliveryOf(ctx, { ...wanted, message: first })
  if (more.length === 0) return { rows: [main] }
  if (!isWebhook) main.threadKey ??= main.id
  const { updateKey, updateTrail, dedupeKey, targetId, fileId, broadcast, action, foldAfter, ...kept } = wanted
  const continuations = more.map((message) => ({
    ...deliveryOf(ctx, { ...kept, message, title: main.title, partOf: main.id }),
    threadKey: main.threadKey,
  }))
  return { rows: [main, ...continuations] }
}

function textFile(ctx: AppContext, text: string, createdBy: string): WholeFile {
  const bytes = Buffer.from(text)
  return {
    row: {
      id: ctx.newId('fil'),
      name: 'message.txt',
      sizeBytes: bytes.length,
      contentType: WHOLE_TEXT_TYPE,
      altText: null,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      createdAt: ctx.now(),
      createdBy,
    },
    bytes,
  }
}
