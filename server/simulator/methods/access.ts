import { type Args, readText } from '../args.ts'
import { PlatformError } from '../envelope.ts'
import { slackId } from '../ids.ts'
import { type Channel, findChannel, type Token, type Workspace } from '../workspace.ts'
import type { MethodCall } from './method.ts'

/** A channel this token may know of. A private one without the bot does not exist for it: that is Slack's rule. */
export function visibleChannel(call: MethodCall, argument = 'channel'): Channel {
  const channel = findChannel(call.workspace, readText(call.args, argument))
  if (!channel || !isVisible(channel, call.token)) throw new PlatformError('channel_not_found')
  return channel
}

export function isVisible(channel: Channel, token: Token): boolean {
  return channel.kind === 'public' || channel.members.has(token.userId)
}

/** A channel this token may post to right now. A person's id opens the direct message. */
export function postableChannel(call: MethodCall): Channel {
  const target = readText(call.args, 'channel')
  const channel = /^[UW][A-Z0-9]+$/.test(target) ? directMessage(call, target) : visibleChannel(call)
  if (channel.isArchived) throw new PlatformError('is_archived')
  if (channel.kind === 'im' && !call.app.messagesTabEnabled) throw new PlatformError('messages_tab_disabled')
  if (!channel.members.has(call.token.userId) && !call.token.scopes.includes('chat:write.public')) {
    throw new PlatformError('not_in_channel')
  }
  if (channel.readOnly) throw new PlatformError('restricted_action')
  return channel
}

/** The direct message between this token's owner and a person, opened when it was not. */
export function directMessage(call: MethodCall, userId: string): Channel {
  const user = call.workspace.users.get(userId)
  if (!user) throw new PlatformError('user_not_found')
  if (user.deleted) throw new PlatformError('user_disabled')
  const open = findDirectMessage(call.workspace, call.token.userId, userId)
  if (open) return open
  const opened: Channel = {
    id: slackId('D'),
    name: '',
    kind: 'im',
    isArchived: false,
    isGeneral: false,
    readOnly: false,
    userId,
    members: new Set([call.token.userId, userId]),
    creator: call.token.userId,
    createdAt: call.sandbox.now(),
    topic: '',
    purpose: '',
  }
  call.workspace.channels.set(opened.id, opened)
  return opened
}

export function findDirectMessage(workspace: Workspace, ownerId: string, userId: string): Channel | undefined {
  for (const channel of workspace.channels.values()) {
    if (channel.kind === 'im' && channel.userId === userId && channel.members.has(ownerId)) return channel
  }
  return undefined
}

const SCOPE_BY_TYPE: Record<string, string> = {
  public_channel: 'channels',
  private_channel: 'groups',
  im: 'im',
  mpim: 'mpim',
}

/** The conversation types asked for, each of which Slack knows. */
export function readTypes(args: Args): string[] {
  const types = String(args.types ?? 'public_channel').split(/\s*,\s*/)
  if (types.some((type) => !(type in SCOPE_BY_TYPE))) throw new PlatformError('invalid_types')
  return types
}

export function scopeForType(type: string, right: 'read' | 'history'): string {
  return `${SCOPE_BY_TYPE[type] ?? 'channels'}:${right}`
}

/** Refuses unless the token has the scope, naming what is needed and what it has. */
export function requireScope(token: Token, scope: string): void {
  if (token.scopes.includes(scope)) return
  throw new PlatformError('missing_scope', { needed: scope, provided: token.scopes.join(',') })
}

export function requireScopeFor(call: MethodCall, channel: Channel, right: 'read' | 'history'): void {
  const type = { public: 'public_channel', private: 'private_channel', im: 'im' }[channel.kind]
  requireScope(call.token, scopeForType(type, right))
}
