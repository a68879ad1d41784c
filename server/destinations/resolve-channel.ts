import { parseChannel } from '../../shared/channel-input.ts'
import type { Channel } from '../../shared/destinations.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import type { CallFailure, Connection, Provider } from '../providers/provider.ts'
import { askForRefresh, findChannel, findChannelByName, findRefresh } from './channels-store.ts'
import { refusalOfFailure } from './explain.ts'
import type { SavedDestination } from './store.ts'

type Looking = { integrationId: string; connection: Connection; provider: Provider }
type Columns = Pick<SavedDestination, 'name' | 'target' | 'conversationId' | 'isPrivate' | 'state' | 'code'>

/**
 * The channel somebody typed, found once and kept by its id from then on: in the cached directory, else at Slack. An id
 * is taken even if Slack does not show the channel (it may be private); the code then says what stands in the way.
 */
export async function resolveChannel(ctx: AppContext, looking: Looking, typed: string): Promise<Columns> {
  const input = parseChannel(typed)
  switch (input.kind) {
    case 'direct_message':
      throw new Refusal('invalid', 'This is the id of a direct message, not of a channel.', {
        field: 'channel',
        fix: 'Add the person instead, by e-mail or user id.',
      })
    case 'name':
      return ofChannel(await findByName(ctx, looking, input.name))
    case 'id': {
      const known = await findChannel(ctx.db, looking.integrationId, input.id)
      if (known) return ofChannel(known)
      const asked = await looking.provider.directory.getChannel(ctx, looking.connection, input.id)
      return asked.kind === 'answered' ? ofChannel(asked.answer) : unseen(input.id, asked.failure)
    }
  }
}

/** What the directory says of a channel that messages go to, as a state and its code. */
export function stateOfChannel(channel: Channel): { state: SavedDestination['state']; code: string | null } {
  if (channel.isArchived) return { state: 'failing', code: 'is_archived' }
  // Not a failure: into public channels many apps may post without being in them.
  return { state: 'untested', code: channel.isMember ? null : 'not_in_channel' }
}

function ofChannel(channel: Channel): Columns {
  return {
    name: `#${channel.name}`,
    target: channel.id,
    conversationId: channel.id,
    isPrivate: Number(channel.isPrivate),
    ...stateOfChannel(channel),
  }
}

/** An id that could not be looked up. Slack calls a private channel without the bot `channel_not_found`. */
function unseen(id: string, failure: CallFailure): Columns {
  const state = failure.kind === 'permanent' && failure.stops === 'destination' ? 'failing' : 'untested'
  return { name: id, target: id, conversationId: id, isPrivate: null, state, code: failure.code }
}

async function findByName(ctx: AppContext, looking: Looking, name: string): Promise<Channel> {
  const known = await findChannelByName(ctx.db, looking.integrationId, name)
  if (known) return known
  const refresh = await findRefresh(ctx.db, looking.integrationId)
  if (refresh?.state === 'running' && refresh.pages > 0) throw stillReading(name)
  const { channel, wasWhole } = await readSomePages(ctx, looking, name)
  if (channel) return channel
  if (wasWhole || refresh?.state === 'complete') {
    throw new Refusal('invalid', `The bot sees no channel #${name}.`, {
      field: 'channel',
      fix: 'If it is private, invite the bot there first (/invite) or paste the channel’s ID; else check the spelling.',
    })
  }
  await askForRefresh(ctx.db, looking.integrationId, ctx.now())
  ctx.nudge('channels')
  throw stillReading(name)
}

/** Slack finds no channel by its name, so a few pages are read: enough for most workspaces, and for one made just now. */
async function readSomePages(
  ctx: AppContext,
  { connection, provider }: Looking,
  name: string,
): Promise<{ channel?: Channel; wasWhole: boolean }> {
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const asked = await provider.directory.listChannels(ctx, connection, cursor === undefined ? {} : { cursor })
    if (asked.kind === 'failed') {
      throw refusalOfFailure(asked.failure, { what: `#${name} could not be looked up`, field: 'channel' })
    }
    const channel = asked.answer.channels.find((each) => each.name === name)
    if (channel) return { channel, wasWhole: false }
    cursor = asked.answer.nextCursor
    if (cursor === undefined) return { wasWhole: true }
  }
  return { wasWhole: false }
}

function stillReading(name: string): Refusal {
  return new Refusal('conflict', `The list of channels is being read, and #${name} has not come up yet.`, {
    field: 'channel',
    fix: 'Paste the channel’s ID or link, which needs no list, or try again in a minute.',
  })
}

const MOST_PAGES = 3
