import { findText, readFlag, readText } from '../args.ts'
import { type Content, readContent, readMetadata } from '../content.ts'
import { PlatformError } from '../envelope.ts'
import { addMessage, changeMessage, deleteMessage, findMessage, fromBot } from '../messages.ts'
import type { Channel, Message } from '../workspace.ts'
import { postableChannel, requireScope, visibleChannel } from './access.ts'
import { BOT_OR_USER, type Method, type MethodCall } from './method.ts'

const LONGEST_UPDATE = 4_000

/** Writing, changing and finding messages. */
export const chatMethods: Record<string, Method> = {
  'chat.postMessage': {
    tier: 'special',
    json: true,
    tokens: BOT_OR_USER,
    scopes: ['chat:write'],
    run: (call) => {
      const channel = postableChannel(call)
      const content = readContent(call.args, { sumOfBlocksIsChecked: true })
      const metadata = readMetadata(call.args)
      const message = addMessage(call.sandbox, channel, {
        ...author(call),
        ...said(content),
        ...threadOf(call, channel),
        ...(metadata ? { metadata } : {}),
      })
      return { channel: channel.id, ts: message.ts, message, ...warned(content) }
    },
  },
  'chat.update': {
    tier: 't3',
    json: true,
    tokens: BOT_OR_USER,
    scopes: ['chat:write'],
    run: (call) => {
      const { channel, message } = ownMessage(call, 'cant_update_message')
      if (channel.isArchived) throw new PlatformError('is_inactive')
      if ((findText(call.args, 'text') ?? '').length > LONGEST_UPDATE) throw new PlatformError('msg_too_long')
      const content = readContent(call.args, { sumOfBlocksIsChecked: true })
      const metadata = readMetadata(call.args)
      const edited = { user: call.token.userId, ts: message.ts }
      changeMessage(call.sandbox, channel, message, { ...said(content), ...(metadata ? { metadata } : {}), edited })
      return { channel: channel.id, ts: message.ts, text: message.text, message, ...warned(content) }
    },
  },
  'chat.delete': {
    tier: 't3',
    json: true,
    tokens: BOT_OR_USER,
    scopes: ['chat:write'],
    run: (call) => {
      const { channel, message } = ownMessage(call, 'cant_delete_message')
      deleteMessage(call.sandbox, channel, message)
      return { channel: channel.id, ts: message.ts }
    },
  },
  'chat.postEphemeral': {
    tier: 't4',
    json: true,
    tokens: BOT_OR_USER,
    scopes: ['chat:write'],
    run: (call) => {
      const channel = visibleChannel(call)
      const userId = readText(call.args, 'user')
      if (channel.isArchived) throw new PlatformError('is_archived')
      if (!channel.members.has(call.token.userId)) throw new PlatformError('not_in_channel')
      if (!channel.members.has(userId)) throw new PlatformError('user_not_in_channel')
      const content = readContent(call.args, { sumOfBlocksIsChecked: true })
      const message = addMessage(call.sandbox, channel, {
        ...author(call),
        ...said(content),
        ...threadOf(call, channel),
        ephemeral_to: userId,
      })
      return { message_ts: message.ts, ...warned(content) }
    },
  },
  'chat.getPermalink': {
    tier: 'special',
    tokens: BOT_OR_USER,
    run: (call) => {
      const channel = visibleChannel(call)
      const message = findMessage(call.sandbox, channel, readText(call.args, 'message_ts'))
      if (!message || message.ephemeral_to) throw new PlatformError('message_not_found')
      return { channel: channel.id, permalink: permalink(call, channel, message) }
    },
  },
  'reactions.add': {
    tier: 't3',
    json: true,
    tokens: BOT_OR_USER,
    scopes: ['reactions:write'],
    run: (call) => {
      if (!findText(call.args, 'timestamp')) throw new PlatformError('no_item_specified')
      const channel = visibleChannel(call)
      const message = findMessage(call.sandbox, channel, readText(call.args, 'timestamp'))
      const name = readText(call.args, 'name')
      if (!/^[a-z0-9_+:'-]+$/.test(name)) throw new PlatformError('invalid_name')
      if (!message) throw new PlatformError('message_not_found')
      if (channel.isArchived) throw new PlatformError('is_archived')
      react(call, channel, message, name)
      return {}
    },
  },
}

function said(content: Content): Pick<Message, 'text' | 'blocks' | 'attachments'> {
  const { warnings: _, ...rest } = content
  return rest
}

function warned({ warnings }: Content): Record<string, unknown> {
  if (warnings.length === 0) return {}
  return {
    warning: warnings.join(','),
    response_metadata: { warnings, messages: warnings.map((it) => `[WARN] ${it}`) },
  }
}

/** Whose name stands on the message. A name of its own needs its own scope. */
function author(call: MethodCall): Partial<Message> {
  const isCustomised = ['username', 'icon_url', 'icon_emoji'].some((name) => findText(call.args, name))
  if (isCustomised) requireScope(call.token, 'chat:write.customize')
  const username = findText(call.args, 'username')
  if (call.token.kind === 'user') return { user: call.token.userId, app_id: call.app.id }
  const bot = fromBot(call.sandbox, call.app)
  return username ? { ...bot, subtype: 'bot_message', username } : bot
}

function threadOf(call: MethodCall, channel: Channel): Partial<Message> {
  const given = call.args.thread_ts
  // A number is taken without a word and starts no thread: a trap of Slack's that senders must not fall into.
  if (given === undefined || given === null || given === '' || typeof given === 'number') return {}
  const parent = findMessage(call.sandbox, channel, String(given))
  if (!parent || parent.ephemeral_to) throw new PlatformError('thread_not_found')
  if (parent.thread_ts && parent.thread_ts !== parent.ts) throw new PlatformError('cannot_reply_to_message')
  return { thread_ts: parent.ts, ...(readFlag(call.args, 'reply_broadcast') ? { subtype: 'thread_broadcast' } : {}) }
}

function ownMessage(call: MethodCall, onForeign: string): { channel: Channel; message: Message } {
  const channel = visibleChannel(call)
  const message = findMessage(call.sandbox, channel, readText(call.args, 'ts'))
  if (!message || message.ephemeral_to) throw new PlatformError('message_not_found')
  if (message.user !== call.token.userId) throw new PlatformError(onForeign)
  return { channel, message }
}

function react(call: MethodCall, channel: Channel, message: Message, name: string): void {
  const reactions = message.reactions ?? []
  const known = reactions.find((reaction) => reaction.name === name)
  if (known?.users.includes(call.token.userId)) throw new PlatformError('already_reacted')
  const users = [...(known?.users ?? []), call.token.userId]
  const others = reactions.filter((reaction) => reaction !== known)
  changeMessage(call.sandbox, channel, message, { reactions: [...others, { name, users, count: users.length }] })
}

function permalink(call: MethodCall, channel: Channel, message: Message): string {
  const base = `https://${call.workspace.team.domain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}`
  const isReply = message.thread_ts !== undefined && message.thread_ts !== message.ts
  return isReply ? `${base}?thread_ts=${message.thread_ts}&cid=${channel.id}` : base
}
