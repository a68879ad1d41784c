import { parseChannel } from '../../shared/channel-input.ts'
import type { AppContext } from '../context.ts'
import type { CallFailure, Connection, Target } from '../providers/provider.ts'
import { providers } from '../providers/registry.ts'
import { EXIT, Problem, wrongUsage } from './problem.ts'
import { exitOfFailure, said } from './slack-outcome.ts'

export type DirectPlace = { target: Target; name: string }
type Asking = { ctx: AppContext; connection: Connection }

/** The channel as Slack takes it when a message is posted: its id, or its name as it is typed. */
export function channelPlace(typed: string): DirectPlace {
  const input = parseChannel(typed)
  switch (input.kind) {
    case 'direct_message':
      throw wrongUsage('This is the id of a direct message, not of a channel.', 'Give --person, by e-mail or user id.')
    case 'id':
      return { target: { kind: 'channel', conversationId: input.id }, name: input.id }
    case 'name':
      return { target: { kind: 'channel', conversationId: `#${input.name}` }, name: `#${input.name}` }
  }
}

/** The person by user id, or looked up by e-mail. */
export async function personPlace({ ctx, connection }: Asking, typed: string): Promise<DirectPlace> {
  if (/^[UW][A-Z0-9]{6,20}$/.test(typed)) return { target: { kind: 'person', person: typed }, name: typed }
  if (!typed.includes('@')) throw wrongUsage('A person is named by e-mail or by user id, which begins with U or W.')
  const found = await providers.slack.directory.findPersonByEmail(ctx, connection, typed)
  if (found.kind === 'failed')
    throw notFound(`${typed} could not be looked up`, found.failure, found.exchange.httpStatus)
  return { target: { kind: 'person', person: found.answer.id }, name: found.answer.name }
}

/** The id of the conversation, which files and looks want even where a message takes a name. */
export async function conversationOf({ ctx, connection }: Asking, target: Target): Promise<string | undefined> {
  const { directory } = providers.slack
  switch (target.kind) {
    case 'webhook':
      return undefined
    case 'person': {
      const opened = await directory.openDirectMessage(ctx, connection, target.person)
      if (opened.kind === 'answered') return opened.answer
      throw notFound('The direct message could not be opened', opened.failure, opened.exchange.httpStatus)
    }
    case 'channel':
      if (!target.conversationId.startsWith('#')) return target.conversationId
      return idOfName({ ctx, connection }, target.conversationId.slice(1))
  }
}

/** Slack finds no channel by its name, so its list is read, and it allows about 20 pages a minute. */
const MOST_PAGES = 20

async function idOfName({ ctx, connection }: Asking, name: string): Promise<string> {
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const asked = await providers.slack.directory.listChannels(ctx, connection, cursor === undefined ? {} : { cursor })
    if (asked.kind === 'failed') {
      throw notFound(`The id of #${name} could not be looked up`, asked.failure, asked.exchange.httpStatus)
    }
    const channel = asked.answer.channels.find((each) => each.name === name)
    if (channel) return channel.id
    cursor = asked.answer.nextCursor
    if (cursor === undefined) break
  }
  throw new Problem(
    EXIT.slackSaidNo,
    `The bot sees no channel #${name} (channel_not_found).`,
    'Check the spelling; if it is private, invite the bot there first (/invite), or give the channel’s id.',
  )
}

function notFound(what: string, failure: CallFailure, httpStatus: number | undefined): Problem {
  const { meaning, fix } = said(failure)
  return new Problem(exitOfFailure(failure, httpStatus), `${what}: ${meaning}`, fix)
}
