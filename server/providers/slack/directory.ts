import { z } from 'zod'
import type { Channel, Person } from '../../../shared/destinations.ts'
import type { AppContext } from '../../context.ts'
import type { CallFailure, CallResult, Connection, Member, MemberGroup, SendLimits } from '../provider.ts'
import { type Called, callAsBot } from './call.ts'

export type ChannelPage = { channels: Channel[]; nextCursor?: string }

/**
 * One page of the channels the bot can see. With the scope for one kind of channel alone it gives that kind, rather than
 * nothing. A page may be short, even empty, and still not be the last.
 */
export async function listChannels(
  ctx: AppContext,
  connection: Connection,
  page: { cursor?: string },
  signal?: AbortSignal,
): Promise<CallResult<ChannelPage>> {
  const ask = (types: string, cursor?: string) =>
    callAsBot(
      ctx,
      connection,
      'conversations.list',
      { types, limit: PAGE_SIZE, exclude_archived: false, ...(cursor && { cursor }) },
      { ...(signal && { signal }) },
    )
  let { types, cursor } = fromCursor(page.cursor)
  let called = await ask(types, cursor)
  if (cursor === undefined && lacksScope(called)) {
    types = allowedTypes(called)
    called = await ask(types)
  }
  return read(called, ChannelPageAnswer, ({ channels, response_metadata }) => ({
    channels: channels.map(asChannel),
    ...(response_metadata?.next_cursor && { nextCursor: `${types}|${response_metadata.next_cursor}` }),
  }))
}

export async function getChannel(
  ctx: AppContext,
  connection: Connection,
  channelId: string,
  signal?: AbortSignal,
): Promise<CallResult<Channel>> {
  const args = { channel: channelId, include_num_members: true }
  const called = await callAsBot(ctx, connection, 'conversations.info', args, { ...(signal && { signal }) })
  return read(called, z.looseObject({ channel: SlackChannel }), ({ channel }) => asChannel(channel))
}

export async function findPersonByEmail(
  ctx: AppContext,
  connection: Connection,
  email: string,
  limits: SendLimits = {},
): Promise<CallResult<Person>> {
  const called = await callAsBot(ctx, connection, 'users.lookupByEmail', { email }, { ...limits, known: [email] })
  return read(called, z.looseObject({ user: SlackUser }), ({ user }) => asPerson(user))
}

export async function getPerson(ctx: AppContext, connection: Connection, userId: string): Promise<CallResult<Person>> {
  const called = await callAsBot(ctx, connection, 'users.info', { user: userId })
  return read(called, z.looseObject({ user: SlackUser }), ({ user }) => asPerson(user))
}

/** One page of everybody who is or was in the workspace. */
export async function listPeople(
  ctx: AppContext,
  connection: Connection,
  page: { cursor?: string },
): Promise<CallResult<{ people: Member[]; nextCursor?: string }>> {
  const args = { limit: PAGE_SIZE, ...(page.cursor !== undefined && { cursor: page.cursor }) }
  const called = await callAsBot(ctx, connection, 'users.list', args)
  return read(called, PeoplePageAnswer, ({ members, response_metadata }) => ({
    people: members.map(asMember),
    ...(response_metadata?.next_cursor && { nextCursor: response_metadata.next_cursor }),
  }))
}

export async function listGroups(
  ctx: AppContext,
  connection: Connection,
): Promise<CallResult<{ groups: MemberGroup[] }>> {
  const called = await callAsBot(ctx, connection, 'usergroups.list', { include_disabled: true })
  return read(called, z.looseObject({ usergroups: z.array(SlackGroup) }), ({ usergroups }) => ({
    groups: usergroups.map(asGroup),
  }))
}

/**
 * The conversation of a person with the bot; opening it again gives the same one. What stands in the way of looking up
 * an address, be it a missing scope, keeps nothing else from going out.
 */
export async function openDirectMessage(
  ctx: AppContext,
  connection: Connection,
  person: string,
  limits: SendLimits = {},
): Promise<CallResult<string>> {
  if (person.includes('@')) {
    const found = await findPersonByEmail(ctx, connection, person, limits)
    if (found.kind === 'failed') return { ...found, failure: onlyThisPerson(found.failure) }
    return openDirectMessage(ctx, connection, found.answer.id, limits)
  }
  const called = await callAsBot(ctx, connection, 'conversations.open', { users: person }, limits)
  return read(called, z.looseObject({ channel: z.looseObject({ id: z.string().min(1) }) }), ({ channel }) => channel.id)
}

function onlyThisPerson(failure: CallFailure): CallFailure {
  if (failure.kind !== 'permanent' || failure.stops === 'credential') return failure
  return { ...failure, stops: failure.code === 'users_not_found' ? 'message' : 'destination' }
}

/** The fields we read out of an answer; a shape that is none of Slack's is a failure like any other. */
export function read<Answer, Result>(
  called: Called,
  schema: z.ZodType<Answer>,
  pick: (answer: Answer) => Result,
): CallResult<Result> {
  if (called.kind === 'failed') return called
  const { exchange } = called
  const checked = schema.safeParse(called.answer)
  if (checked.success) return { kind: 'answered', answer: pick(checked.data), exchange }
  return { kind: 'failed', failure: { kind: 'transient', code: 'not_json' }, exchange }
}

/** 20,000 channels or people in 40 pages: two minutes at the 20 requests a minute that Slack gives their lists. */
const PAGE_SIZE = 500

const SlackChannel = z.looseObject({
  id: z.string().min(1),
  name: z.string().optional(),
  user: z.string().optional(),
  is_private: z.boolean().optional(),
  is_im: z.boolean().optional(),
  is_archived: z.boolean().optional(),
  is_member: z.boolean().optional(),
  num_members: z.number().int().optional(),
})
const ChannelPageAnswer = z.looseObject({
  channels: z.array(SlackChannel),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
})
const SlackUser = z.looseObject({
  id: z.string().min(1),
  name: z.string().optional(),
  real_name: z.string().optional(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  profile: z
    .looseObject({
      email: z.string().optional(),
      real_name: z.string().optional(),
      display_name: z.string().optional(),
    })
    .optional(),
})

const PeoplePageAnswer = z.looseObject({
  members: z.array(SlackUser),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
})
const SlackGroup = z.looseObject({
  id: z.string().min(1),
  handle: z.string(),
  name: z.string(),
  date_delete: z.number().optional(),
})

function asChannel(channel: z.infer<typeof SlackChannel>): Channel {
  return {
    id: channel.id,
    name: channel.name ?? channel.user ?? channel.id,
    isPrivate: (channel.is_private ?? false) || (channel.is_im ?? false),
    isArchived: channel.is_archived ?? false,
    isMember: channel.is_member ?? channel.is_im ?? false,
    ...(channel.num_members !== undefined && { members: channel.num_members }),
  }
}

function asPerson(user: z.infer<typeof SlackUser>): Person {
  const names = [user.profile?.real_name, user.real_name, user.profile?.display_name, user.name]
  return {
    id: user.id,
    name: names.find((name) => name) ?? user.id,
    disabled: user.deleted ?? false,
    ...(user.profile?.email && { email: user.profile.email }),
  }
}

function asMember(user: z.infer<typeof SlackUser>): Member {
  return {
    id: user.id,
    handle: user.name ?? '',
    displayName: user.profile?.display_name ?? '',
    realName: user.profile?.real_name || user.real_name || '',
    isDeleted: user.deleted ?? false,
    isBot: user.is_bot ?? false,
    ...(user.profile?.email && { email: user.profile.email }),
  }
}

const asGroup = ({ id, handle, name, date_delete }: z.infer<typeof SlackGroup>): MemberGroup => ({
  ...{ id, handle, name },
  isDisabled: (date_delete ?? 0) > 0,
})

/** Our cursor also says which types its list was begun with, so that only the first page has to find out. */
function fromCursor(cursor: string | undefined): { types: string; cursor?: string } {
  const [types, ...rest] = (cursor ?? '').split('|')
  return types && rest.length > 0 ? { types, cursor: rest.join('|') } : { types: ALL_TYPES }
}

const ALL_TYPES = 'public_channel,private_channel'

function lacksScope(called: Called): boolean {
  return called.kind === 'failed' && called.failure.code === 'missing_scope'
}

function allowedTypes(called: Called): string {
  const provided = 'error' in called ? String(called.error?.provided) : ''
  return /\bgroups:read\b/.test(provided) && !/\bchannels:read\b/.test(provided) ? 'private_channel' : 'public_channel'
}
