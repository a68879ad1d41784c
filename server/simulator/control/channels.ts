import { Hono } from 'hono'
import { z } from 'zod'
import { slackId } from '../ids.ts'
import { addMessage, deleteMessage } from '../messages.ts'
import type { Sandbox } from '../sandbox.ts'
import { tell } from '../stream.ts'
import { type Channel, findChannel, type Member, type Message } from '../workspace.ts'
import { getApp } from './apps.ts'
import { ControlError, notFound, readInput } from './input.ts'

const Name = z.string().regex(/^[\p{Ll}\p{Lo}\p{N}_-]{1,80}$/u, 'lower-case letters, digits, - and _ only, up to 80')

const ChannelChange = z
  .strictObject({
    name: Name,
    archived: z.boolean(),
    private: z.boolean(),
    readOnly: z.boolean(),
    /** Whether the bot of `appId` (the first app, if none is named) is in the channel. */
    member: z.boolean(),
    appId: z.string(),
    topic: z.string(),
    purpose: z.string(),
  })
  .partial()

const NewChannel = ChannelChange.extend({ name: Name })
const Said = z.strictObject({ userId: z.string(), text: z.string().min(1), threadTs: z.string().optional() })

/** Channels, and what people write in them. */
export function channelsControl(sandbox: Sandbox) {
  return new Hono()
    .get('/channels', (c) => {
      const { q, limit } = c.req.query()
      const found = [...sandbox.workspace.channels.values()].filter((channel) => !q || channel.name.includes(q))
      return c.json(found.slice(0, Number(limit) || undefined).map((channel) => shownChannel(sandbox, channel)))
    })
    .post('/channels', async (c) => {
      const input = await readInput(c, NewChannel)
      if (findChannel(sandbox.workspace, input.name)) throw new ControlError(409, `#${input.name} exists.`, 'name')
      const channel = newChannel(sandbox, input.name)
      changeChannel(sandbox, channel, input)
      sandbox.workspace.channels.set(channel.id, channel)
      tell(sandbox.feed, { kind: 'state' })
      return c.json(shownChannel(sandbox, channel), 201)
    })
    .get('/channels/:id', (c) => c.json(shownChannel(sandbox, getChannel(sandbox, c.req.param('id')))))
    .patch('/channels/:id', async (c) => {
      const channel = getChannel(sandbox, c.req.param('id'))
      changeChannel(sandbox, channel, await readInput(c, ChannelChange))
      tell(sandbox.feed, { kind: 'state' })
      return c.json(shownChannel(sandbox, channel))
    })
    .delete('/channels/:id', (c) => {
      const channel = getChannel(sandbox, c.req.param('id'))
      sandbox.workspace.channels.delete(channel.id)
      sandbox.workspace.messages.delete(channel.id)
      tell(sandbox.feed, { kind: 'state' })
      return c.body(null, 204)
    })
    .get('/channels/:id/messages', (c) => {
      const channel = getChannel(sandbox, c.req.param('id'))
      const messages = sandbox.workspace.messages.get(channel.id) ?? []
      return c.json(messages.slice(-(Number(c.req.query('limit')) || 1_000)))
    })
    .post('/channels/:id/messages', async (c) => {
      const channel = getChannel(sandbox, c.req.param('id'))
      const { userId, text, threadTs } = await readInput(c, Said)
      const user = getUser(sandbox, userId)
      const message = addMessage(sandbox, channel, {
        user: user.id,
        text,
        ...(threadTs ? { thread_ts: threadTs } : {}),
      })
      return c.json(message, 201)
    })
    .delete('/channels/:id/messages/:ts', (c) => {
      const channel = getChannel(sandbox, c.req.param('id'))
      deleteMessage(sandbox, channel, getMessage(sandbox, channel, c.req.param('ts')))
      return c.body(null, 204)
    })
    .get('/messages', (c) => c.json(everyMessage(sandbox)))
}

export function getChannel(sandbox: Sandbox, idOrName: string): Channel {
  const channel = findChannel(sandbox.workspace, idOrName)
  if (!channel) throw notFound('channel', idOrName, 'channelId')
  return channel
}

export function getUser(sandbox: Sandbox, id: string): Member {
  const user = sandbox.workspace.users.get(id)
  if (!user) throw notFound('person', id, 'userId')
  return user
}

/** A message by ts, ephemeral ones included: their buttons can be clicked too. */
export function getMessage(sandbox: Sandbox, channel: Channel, ts: string): Message {
  const message = sandbox.workspace.messages.get(channel.id)?.find((each) => each.ts === ts)
  if (!message) throw notFound('message', ts, 'ts')
  return message
}

/** Everything that stands in the workspace, a line each, with the delivery it came from: what a test of faults counts. */
function everyMessage(sandbox: Sandbox) {
  return [...sandbox.workspace.messages].flatMap(([channel, messages]) =>
    messages.map(({ ts, text, thread_ts, metadata, files }) => ({
      channel,
      ts,
      text,
      ...(thread_ts && { thread_ts }),
      ...(metadata && { deliveryId: metadata.event_payload.delivery_id }),
      ...(files && { files: files.map(({ id }) => id) }),
    })),
  )
}

function shownChannel(sandbox: Sandbox, channel: Channel) {
  const [app] = sandbox.workspace.apps.values()
  return {
    id: channel.id,
    name: channel.kind === 'im' ? (sandbox.workspace.users.get(channel.userId ?? '')?.name ?? '') : channel.name,
    kind: channel.kind,
    archived: channel.isArchived,
    private: channel.kind === 'private',
    readOnly: channel.readOnly,
    member: app !== undefined && channel.members.has(app.botUserId),
    ...(channel.userId ? { userId: channel.userId } : {}),
    topic: channel.topic,
    purpose: channel.purpose,
    messages: sandbox.workspace.messages.get(channel.id)?.length ?? 0,
  }
}

function newChannel(sandbox: Sandbox, name: string): Channel {
  const people = [...sandbox.workspace.users.values()].filter((user) => !user.isBot && !user.deleted)
  return {
    id: slackId('C'),
    name,
    kind: 'public',
    isArchived: false,
    isGeneral: false,
    readOnly: false,
    members: new Set(people.map(({ id }) => id)),
    creator: people[0]?.id ?? '',
    createdAt: sandbox.now(),
    topic: '',
    purpose: '',
  }
}

function changeChannel(sandbox: Sandbox, channel: Channel, change: z.output<typeof ChannelChange>): void {
  const { botUserId } = getApp(sandbox, change.appId)
  if (change.name !== undefined) channel.name = change.name
  if (change.readOnly !== undefined) channel.readOnly = change.readOnly
  if (change.topic !== undefined) channel.topic = change.topic
  if (change.purpose !== undefined) channel.purpose = change.purpose
  if (change.private !== undefined) channel.kind = change.private ? 'private' : 'public'
  if (change.member === true) channel.members.add(botUserId)
  if (change.member === false) channel.members.delete(botUserId)
  if (change.archived !== undefined) channel.isArchived = change.archived
}
