import { type Args, findText, readFlag, readText } from '../args.ts'
import { PlatformError } from '../envelope.ts'
import { listMessages } from '../messages.ts'
import { page } from '../paging.ts'
import type { Channel, Message } from '../workspace.ts'
import {
  directMessage,
  findDirectMessage,
  isVisible,
  readTypes,
  requireScope,
  requireScopeFor,
  scopeForType,
  visibleChannel,
} from './access.ts'
import { BOT_OR_USER, type Method, type MethodCall } from './method.ts'

const READ = ['channels:read', 'groups:read', 'im:read', 'mpim:read']
const HISTORY = ['channels:history', 'groups:history', 'im:history', 'mpim:history']

/** Channels, direct messages, and what was said in them. */
export const conversationMethods: Record<string, Method> = {
  'conversations.list': {
    tier: 't2',
    tokens: BOT_OR_USER,
    scopes: (args) => readTypes(args).map((type) => scopeForType(type, 'read')),
    run: (call) => {
      for (const type of readTypes(call.args)) requireScope(call.token, scopeForType(type, 'read'))
      const types = new Set(readTypes(call.args).map((type) => KIND_BY_TYPE[type]))
      const known = [...call.workspace.channels.values()].filter(
        (channel) => types.has(channel.kind) && isVisible(channel, call.token),
      )
      // Archived channels leave after the page was cut: that is why Slack's pages come short, and sometimes empty.
      const withArchived = !readFlag(call.args, 'exclude_archived')
      const keep = (channel: Channel) => withArchived || !channel.isArchived
      const { items, ...rest } = page(known, call.args, { default: 100, max: 1_000, keep })
      return { channels: items.map((channel) => channelObject(call, channel, true)), ...rest }
    },
  },
  'conversations.info': {
    tier: 't3',
    tokens: BOT_OR_USER,
    scopes: READ,
    run: (call) => {
      const channel = visibleChannel(call)
      requireScopeFor(call, channel, 'read')
      return { channel: channelObject(call, channel, readFlag(call.args, 'include_num_members')) }
    },
  },
  'conversations.join': {
    tier: 't3',
    json: true,
    tokens: BOT_OR_USER,
    scopes: ['channels:join', 'channels:write'],
    run: (call) => {
      const channel = visibleChannel(call)
      if (channel.kind !== 'public') throw new PlatformError('method_not_supported_for_channel_type')
      if (channel.isArchived) throw new PlatformError('is_archived')
      const wasIn = channel.members.has(call.token.userId)
      channel.members.add(call.token.userId)
      const warning = { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } }
      return { channel: channelObject(call, channel, false), ...(wasIn ? warning : {}) }
    },
  },
  'conversations.open': {
    tier: 't3',
    json: true,
    tokens: BOT_OR_USER,
    scopes: ['im:write', 'mpim:write', 'groups:write', 'channels:manage'],
    run: (call) => {
      if (findText(call.args, 'channel')) {
        return { no_op: true, already_open: true, channel: { id: visibleChannel(call).id } }
      }
      const users = (findText(call.args, 'users') ?? '').split(/\s*,\s*/).filter(Boolean)
      const [userId, ...others] = users
      if (userId === undefined) throw new PlatformError('users_list_not_supplied')
      if (users.length > 8) throw new PlatformError('too_many_users')
      // Group messages are not kept here; the refusal is Slack's for a group it will not make.
      if (others.length > 0) throw new PlatformError('invalid_user_combination')
      const wasOpen = findDirectMessage(call.workspace, call.token.userId, userId) !== undefined
      const channel = directMessage(call, userId)
      return { ...(wasOpen ? { no_op: true, already_open: true } : {}), channel: { id: channel.id } }
    },
  },
  'conversations.members': {
    tier: 't4',
    tokens: BOT_OR_USER,
    scopes: READ,
    run: (call) => {
      const channel = visibleChannel(call)
      requireScopeFor(call, channel, 'read')
      const { items, ...rest } = page([...channel.members], call.args, { default: 100, max: 1_000 })
      return { members: items, ...rest }
    },
  },
  'conversations.history': {
    tier: 't3',
    json: true,
    tokens: BOT_OR_USER,
    scopes: HISTORY,
    run: (call) => {
      const channel = readableChannel(call)
      const inWindow = windowOf(call.args)
      const roots = listMessages(call.sandbox, channel, readTs(call.args, 'oldest'))
        .filter((message) => isShownInChannel(message) && inWindow(message.ts))
        .reverse()
      const { items, response_metadata } = page(roots, call.args, {
        default: 100,
        max: 999,
        most: call.sandbox.historyPageMost,
      })
      const messages = items.map((message) => messageObject(call, message))
      return { messages, has_more: response_metadata.next_cursor !== '', pin_count: 0, response_metadata }
    },
  },
  'conversations.replies': {
    tier: 't3',
    tokens: BOT_OR_USER,
    scopes: HISTORY,
    run: (call) => {
      const channel = readableChannel(call)
      const ts = readText(call.args, 'ts')
      const all = listMessages(call.sandbox, channel)
      const asked = all.find((message) => message.ts === ts)
      if (!asked) throw new PlatformError('thread_not_found')
      const parentTs = asked.thread_ts ?? asked.ts
      const inWindow = windowOf(call.args)
      const thread = all.filter(
        (message) => message.ts === parentTs || (message.thread_ts === parentTs && inWindow(message.ts)),
      )
      const { items, response_metadata } = page(thread, call.args, {
        default: 1_000,
        max: 1_000,
        most: call.sandbox.historyPageMost,
      })
      const messages = items.map((message) => messageObject(call, message))
      return { messages, has_more: response_metadata.next_cursor !== '', response_metadata }
    },
  },
}

const KIND_BY_TYPE: Record<string, Channel['kind']> = { public_channel: 'public', private_channel: 'private', im: 'im' }

/** A channel whose history this token may read: its type's scope, and for a public one membership. */
function readableChannel(call: MethodCall): Channel {
  const channel = visibleChannel(call)
  requireScopeFor(call, channel, 'history')
  if (!channel.members.has(call.token.userId)) throw new PlatformError('not_in_channel')
  return channel
}

function isShownInChannel(message: Message): boolean {
  return message.thread_ts === undefined || message.thread_ts === message.ts || message.subtype === 'thread_broadcast'
}

/** `oldest` and `latest` as Slack reads them: both ends open unless `inclusive`. */
function windowOf(args: Args): (ts: string) => boolean {
  const oldest = readTs(args, 'oldest') ?? 0
  const latest = readTs(args, 'latest') ?? Number.POSITIVE_INFINITY
  const inclusive = readFlag(args, 'inclusive')
  return (ts) => {
    const at = Number(ts)
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest
  }
}

function readTs(args: Args, name: 'oldest' | 'latest'): number | undefined {
  const text = findText(args, name)
  if (text === undefined) return undefined
  if (!/^\d+(\.\d+)?$/.test(text)) throw new PlatformError(`invalid_ts_${name}`)
  return Number(text)
}

function messageObject(call: MethodCall, message: Message): Record<string, unknown> {
  const { metadata, ...rest } = message
  return metadata && readFlag(call.args, 'include_all_metadata') ? { ...rest, metadata } : rest
}

function channelObject(call: MethodCall, channel: Channel, withMembers: boolean): Record<string, unknown> {
  const team = call.workspace.team.id
  const shared = {
    id: channel.id,
    created: Math.floor(channel.createdAt / 1000),
    updated: channel.createdAt,
    is_archived: channel.isArchived,
    is_im: channel.kind === 'im',
    is_org_shared: false,
    context_team_id: team,
  }
  if (channel.kind === 'im') return { ...shared, user: channel.userId, is_open: true, is_user_deleted: false }
  return {
    ...shared,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public',
    is_group: false,
    is_mpim: false,
    is_private: channel.kind === 'private',
    is_general: channel.isGeneral,
    is_member: channel.members.has(call.token.userId),
    is_shared: false,
    is_ext_shared: false,
    is_pending_ext_shared: false,
    creator: channel.creator,
    shared_team_ids: [team],
    topic: { value: channel.topic, creator: channel.creator, last_set: 0 },
    purpose: { value: channel.purpose, creator: channel.creator, last_set: 0 },
    previous_names: [],
    ...(withMembers ? { num_members: channel.members.size } : {}),
  }
}
