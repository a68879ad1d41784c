import type { Message } from '../../../shared/deliveries.ts'
import type { AppContext } from '../../context.ts'
import type { Connection, OutgoingMessage, SendLimits, SendResult } from '../provider.ts'
import { callAsBot } from './call.ts'
import { openDirectMessage } from './directory.ts'
import { failureOf } from './failure.ts'
import { shareFile } from './files.ts'
import { textOf } from './plain-text.ts'
import { postToWebhook } from './webhook.ts'

/** The event type of the metadata that names the delivery; whoever looks for a lost message searches for it. */
export const DELIVERY_METADATA = 'switchboard_delivery'

/**
 * One message, one request; only for a person whose conversation is not known yet, opening it goes before, a channel may
 * have to be entered, and a file takes several. Text is sent as it stands: escaping what people wrote is the business of
 * whoever made the message.
 */
export async function send(
  ctx: AppContext,
  connection: Connection,
  message: OutgoingMessage,
  limits: SendLimits = {},
): Promise<SendResult> {
  const { target } = message
  switch (target.kind) {
    case 'webhook':
      return sendToWebhook(ctx, connection, message, target.url, limits)
    case 'channel': {
      const { conversationId } = target
      return entering(ctx, connection, conversationId, limits, () =>
        sendTo(ctx, connection, message, conversationId, limits),
      )
    }
    case 'person': {
      if (target.conversationId) return sendTo(ctx, connection, message, target.conversationId, limits)
      const opened = await openDirectMessage(ctx, connection, target.person, limits)
      // Nothing was posted yet, so no failure to open leaves anything in doubt.
      if (opened.kind === 'failed') return { ...opened.failure, exchange: opened.exchange }
      return sendTo(ctx, connection, message, opened.answer, limits)
    }
  }
}

/**
 * Says it, and once more after entering a public channel that the bot is no member of: files need that even where texts
 * don't. An app that may not join, or a private channel, leaves it at Slack's first answer, which says to invite the bot.
 */
async function entering(
  ctx: AppContext,
  connection: Connection,
  channel: string,
  limits: SendLimits,
  say: () => Promise<SendResult>,
): Promise<SendResult> {
  const result = await say()
  if (result.kind !== 'permanent' || result.code !== 'not_in_channel') return result
  const joined = await callAsBot(ctx, connection, 'conversations.join', { channel }, limits)
  if (joined.kind === 'answered') return say()
  return joined.failure.kind === 'permanent' ? result : { ...joined.failure, exchange: joined.exchange }
}

function sendToWebhook(
  ctx: AppContext,
  connection: Connection,
  { act, file, message }: OutgoingMessage,
  url: string,
  limits: SendLimits,
): Promise<SendResult> | SendResult {
  // A webhook gives no ts back, so there is nothing by which to change a message, and it takes no files.
  if (act.kind !== 'post' || file) {
    const exchange = { method: 'webhook', tookMs: 0, request: { act }, response: { error: 'webhook_only_posts' } }
    return { ...failureOf('webhook_only_posts'), exchange }
  }
  const thread = act.threadTs === undefined ? {} : { thread_ts: act.threadTs }
  const known = Object.values(connection.secrets)
  return postToWebhook(ctx, url, { ...said(message), ...thread, ...UNFOLDED }, { known, ...limits })
}

function sendTo(
  ctx: AppContext,
  connection: Connection,
  message: OutgoingMessage,
  channel: string,
  limits: SendLimits,
): Promise<SendResult> {
  const { act, file } = message
  switch (act.kind) {
    case 'post':
      return file
        ? shareFile(ctx, connection, { channel, file, message: said(message.message), threadTs: act.threadTs }, limits)
        : post(ctx, connection, message, { channel, ...threadOf(act) }, limits)
    case 'update':
      return update(ctx, connection, message, { channel, ts: act.messageTs }, limits)
    case 'delete':
      return remove(ctx, connection, { channel, ts: act.messageTs }, limits)
  }
}

function threadOf(act: Extract<OutgoingMessage['act'], { kind: 'post' }>): Record<string, unknown> {
  if (act.threadTs === undefined) return {}
  return { thread_ts: act.threadTs, ...(act.broadcast && { reply_broadcast: true }) }
}

async function post(
  ctx: AppContext,
  connection: Connection,
  { deliveryId, message }: OutgoingMessage,
  place: Record<string, unknown>,
  limits: SendLimits,
): Promise<SendResult> {
  const args = { ...place, ...said(message), ...UNFOLDED, metadata: metadataOf(deliveryId) }
  return done(await callAsBot(ctx, connection, 'chat.postMessage', args, { ...limits, changes: true, echo: 'message' }))
}

/** Done twice it is as good as once, so an outcome that is not known leaves nothing in doubt. */
async function update(
  ctx: AppContext,
  connection: Connection,
  { deliveryId, message }: OutgoingMessage,
  place: { channel: string; ts: string },
  limits: SendLimits,
): Promise<SendResult> {
  // Without blocks Slack would keep the old ones and show nothing of the new text.
  const args = { ...place, ...said(message), blocks: message.blocks ?? [], metadata: metadataOf(deliveryId) }
  return done(await callAsBot(ctx, connection, 'chat.update', args, { ...limits, echo: 'message' }))
}

async function remove(
  ctx: AppContext,
  connection: Connection,
  place: { channel: string; ts: string },
  limits: SendLimits,
): Promise<SendResult> {
  const called = await callAsBot(ctx, connection, 'chat.delete', place, limits)
  // Whoever took it away, it is gone, and gone is what was asked for.
  const isGone = called.kind === 'failed' && called.failure.code === 'message_not_found'
  if (!isGone) return done(called)
  return { kind: 'sent', exchange: called.exchange, messageTs: place.ts, conversationId: place.channel }
}

function done(called: Awaited<ReturnType<typeof callAsBot>>): SendResult {
  if (called.kind === 'failed') return { ...called.failure, exchange: called.exchange }
  const { ts, channel, message } = called.answer
  const { app_id: appId } = (message ?? {}) as { app_id?: unknown }
  return {
    kind: 'sent',
    exchange: called.exchange,
    ...(typeof appId === 'string' && { appId }),
    ...(typeof ts === 'string' && { messageTs: ts }),
    ...(typeof channel === 'string' && { conversationId: channel }),
  }
}

function metadataOf(deliveryId: string) {
  return { event_type: DELIVERY_METADATA, event_payload: { delivery_id: deliveryId } }
}

/** The text is what notifications and screen readers use, so it is never left out. */
function said(message: Message): { text: string; blocks?: Record<string, unknown>[] } {
  const { blocks } = message
  return { text: textOf(message), ...(blocks && blocks.length > 0 && { blocks }) }
}

/** Previews are off: a link in an alert must not unfold into a page of its own. */
const UNFOLDED = { unfurl_links: false, unfurl_media: false }
