import type { Message } from '../../../shared/deliveries.ts'
import type { AppContext } from '../../context.ts'
import type { Connection, OutgoingMessage, SendResult } from '../provider.ts'
import { callAsBot } from './call.ts'
import { openDirectMessage } from './directory.ts'
import { postToWebhook } from './webhook.ts'

/** The event type of the metadata that names the delivery; whoever looks for a lost message searches for it. */
export const DELIVERY_METADATA = 'switchboard_delivery'

/**
 * One message, one request; only for a person whose conversation is not known yet, opening it goes before. Text is sent
 * as it stands: escaping what people wrote is the business of whoever made the message.
 */
export async function send(
  ctx: AppContext,
  connection: Connection,
  message: OutgoingMessage,
  signal?: AbortSignal,
): Promise<SendResult> {
  const { target } = message
  switch (target.kind) {
    case 'webhook': {
      const known = Object.values(connection.secrets)
      return postToWebhook(ctx, target.url, content(message.message), { known, ...(signal && { signal }) })
    }
    case 'channel':
      return post(ctx, connection, message, target.conversationId, signal)
    case 'person': {
      if (target.conversationId) return post(ctx, connection, message, target.conversationId, signal)
      const opened = await openDirectMessage(ctx, connection, target.userId, signal)
      // Nothing was posted yet, so no failure to open leaves anything in doubt.
      if (opened.kind === 'failed') return { ...opened.failure, exchange: opened.exchange }
      return post(ctx, connection, message, opened.answer, signal)
    }
  }
}

async function post(
  ctx: AppContext,
  connection: Connection,
  { deliveryId, message }: OutgoingMessage,
  channel: string,
  signal?: AbortSignal,
): Promise<SendResult> {
  const metadata = { event_type: DELIVERY_METADATA, event_payload: { delivery_id: deliveryId } }
  const args = { channel, ...content(message), metadata }
  const called = await callAsBot(ctx, connection, 'chat.postMessage', args, {
    changes: true,
    ...(signal && { signal }),
  })
  if (called.kind === 'failed') return { ...called.failure, exchange: called.exchange }
  const { ts, channel: conversationId } = called.answer
  return {
    kind: 'sent',
    exchange: called.exchange,
    ...(typeof ts === 'string' && { messageTs: ts }),
    ...(typeof conversationId === 'string' && { conversationId }),
  }
}

/** Previews are off: a link in an alert must not unfold into a page of its own. */
function content({ text, blocks }: Message): Record<string, unknown> {
  return { text, ...(blocks && blocks.length > 0 && { blocks }), unfurl_links: false, unfurl_media: false }
}
