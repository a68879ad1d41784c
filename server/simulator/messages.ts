import { nextTs } from './ids.ts'
import type { Sandbox } from './sandbox.ts'
import { tell } from './stream.ts'
import type { App, Channel, Json, Message } from './workspace.ts'

/** A long demo must not grow for ever; a channel keeps its newest messages. */
const KEPT_PER_CHANNEL = 20_000

/** Adds a message to a channel and tells the page. Its ts is unique and later than every other one. */
export function addMessage(
  sandbox: Sandbox,
  channel: Channel,
  message: Omit<Message, 'type' | 'ts' | 'team'>,
): Message {
  const { workspace } = sandbox
  const ts = nextTs(workspace.numbers, sandbox.now())
  const added: Message = { type: 'message', ts, team: workspace.team.id, ...message }
  const messages = workspace.messages.get(channel.id) ?? []
  messages.push(added)
  if (messages.length > KEPT_PER_CHANNEL * 1.1) messages.splice(0, messages.length - KEPT_PER_CHANNEL)
  workspace.messages.set(channel.id, messages)

  const parent = added.thread_ts && !added.ephemeral_to ? findMessage(sandbox, channel, added.thread_ts) : undefined
  if (parent) {
    parent.thread_ts = parent.ts
    parent.reply_count = (parent.reply_count ?? 0) + 1
    parent.latest_reply = added.ts
    if (parent.user) added.parent_user_id = parent.user
    tell(sandbox.feed, { kind: 'message_changed', channelId: channel.id, message: parent })
  }
  tell(sandbox.feed, { kind: 'message', channelId: channel.id, message: added })
  return added
}

/** Messages everyone in the channel sees, oldest first, of those that are not older than `oldest`. */
export function listMessages(sandbox: Sandbox, channel: Channel, oldest = 0): Message[] {
  const messages = sandbox.workspace.messages.get(channel.id) ?? []
  // They stand in the order of their ts, so a look at what was said lately needs no walk through all of it.
  const before = oldest === 0 ? -1 : messages.findLastIndex(({ ts }) => Number(ts) < oldest)
  return messages.slice(before + 1).filter((message) => !message.ephemeral_to)
}

export function findMessage(sandbox: Sandbox, channel: Channel, ts: string): Message | undefined {
  // From the end: what is looked up was mostly posted a moment ago.
  return sandbox.workspace.messages.get(channel.id)?.findLast((message) => message.ts === ts)
}

export function changeMessage(sandbox: Sandbox, channel: Channel, message: Message, change: Partial<Message>): void {
  Object.assign(message, change)
  tell(sandbox.feed, { kind: 'message_changed', channelId: channel.id, message })
}

export function deleteMessage(sandbox: Sandbox, channel: Channel, message: Message): void {
  const messages = sandbox.workspace.messages.get(channel.id) ?? []
  const at = messages.lastIndexOf(message)
  if (at >= 0) messages.splice(at, 1)
  const parent = message.thread_ts ? findMessage(sandbox, channel, message.thread_ts) : undefined
  if (parent?.reply_count) parent.reply_count -= 1
  tell(sandbox.feed, { kind: 'message_deleted', channelId: channel.id, ts: message.ts })
}

/** Who a message comes from when an app's bot posts it. */
export function fromBot(sandbox: Sandbox, app: App): Pick<Message, 'user' | 'bot_id' | 'app_id' | 'bot_profile'> {
  return { user: app.botUserId, bot_id: app.botId, app_id: app.id, bot_profile: botProfile(sandbox, app) }
}

function botProfile(sandbox: Sandbox, app: App): Json {
  return {
    id: app.botId,
    app_id: app.id,
    user_id: app.botUserId,
    name: app.name,
    icons: {},
    deleted: false,
    updated: 0,
    team_id: sandbox.workspace.team.id,
  }
}
