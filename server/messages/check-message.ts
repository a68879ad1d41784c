import type { Message } from '../../shared/deliveries.ts'
import type { NewMessage } from '../../shared/messages.ts'
import { wordsOfBlocks } from '../deliveries/split-message.ts'
import type { SavedDestination } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'

const YEAR_MS = 366 * 24 * 60 * 60_000

/** Refuses what can't be sent, before anything is looked up for it. */
export function checkMessage(message: NewMessage, hasFile: boolean, now: number): void {
  const { text, blocks, threadKey, replyTo, broadcast, sendAt, altText } = message
  if (text === undefined && !blocks?.length && !hasFile) {
    throw new Refusal('invalid', 'The message says nothing.', { field: 'text', fix: 'Send text, blocks or a file.' })
  }
  if (threadKey !== undefined && replyTo !== undefined) {
    throw new Refusal('invalid', 'A message is in one thread: name threadKey or replyTo.', { field: 'replyTo' })
  }
  if (broadcast && threadKey === undefined && replyTo === undefined) {
    throw new Refusal('invalid', 'Only a reply can be shown to the whole channel.', {
      field: 'broadcast',
      fix: 'Name the thread with threadKey or replyTo, or leave broadcast out.',
    })
  }
  if (altText !== undefined && !hasFile) {
    throw new Refusal('invalid', 'There is no file that altText could describe.', { field: 'altText' })
  }
  if (sendAt !== undefined && Date.parse(sendAt) - now > YEAR_MS) {
    throw new Refusal('invalid', 'A message is kept for a year at most before it is sent.', { field: 'sendAt' })
  }
}

/** Refuses what a webhook can't do. */
export function checkReach({ kind, name }: SavedDestination, message: NewMessage, hasFile: boolean): void {
  if (kind !== 'webhook') return
  const asked = hasFile
    ? 'file'
    : (['replyTo', 'threadKey', 'updateKey', 'broadcast'] as const).find((field) => message[field] !== undefined)
  if (asked === undefined) return
  const can = { file: 'take no files', updateKey: 'change no messages' } as Partial<Record<string, string>>
  throw new Refusal('invalid', `${name} is a webhook, and webhooks ${can[asked] ?? 'have no threads'}.`, {
    field: asked,
    fix: 'Send it to the channel through the bot: {"integrationId", "channel"} as the destination.',
  })
}

/** The words and blocks to be sent; notifications and screen readers always have words. */
export function contentOf(
  { text, blocks }: { text?: string | undefined; blocks?: Message['blocks'] },
  fileName?: string,
): Message {
  const words = text ?? (wordsOfBlocks(blocks ?? []) || fileName)
  return { text: words ?? 'A message without words', ...(blocks?.length && { blocks }) }
}
