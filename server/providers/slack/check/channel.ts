import { parseChannel } from '../../../../shared/channel-input.ts'
import type { Channel } from '../../../../shared/destinations.ts'
import { closest } from '../../../lib/closest.ts'
import type { CallFailure, Exchange } from '../../provider.ts'
import { getChannel, listChannels } from '../directory.ts'
import { type CheckStep, type Checkup, failed, link, type Outcome, skipped, withoutBot } from './checkup.ts'

/** Whether the test channel is there and the bot may post in it, before anything is posted. */
export const channelStep: CheckStep = {
  name: 'channel',
  title: 'Test channel',
  async run(checkup, signal) {
    const { testChannel } = checkup.subject
    if (!testChannel?.trim()) {
      return skipped('No test channel chosen', 'Without one, no message is posted through the bot.', {
        fix: 'Choose a channel for test messages, then run the test again.',
        field: 'testChannel',
      })
    }
    const cannot = withoutBot(checkup, `Test channel ${testChannel}`)
    if (cannot) return cannot
    const wanted = parseChannel(testChannel)
    const outcome =
      wanted.kind === 'name' ? await search(checkup, wanted.name, signal) : await lookUp(checkup, wanted.id, signal)
    return outcome.state === 'fail' || outcome.state === 'warn' ? { field: 'testChannel', ...outcome } : outcome
  },
}

async function lookUp(checkup: Checkup, id: string, signal: AbortSignal): Promise<Outcome> {
  const { ctx, subject, learned } = checkup
  const found = await getChannel(ctx, subject, id, signal)
  if (found.kind === 'answered') return judge(checkup, found.answer, found.exchange)
  const { failure, exchange } = found
  if (failure.code === 'channel_not_found') return notFound(checkup, id, failure, exchange)
  // The channel may be all right and only hidden from us, so the message is still tried.
  learned.channel = { conversationId: id, name: id }
  if (failure.code === 'missing_scope') return unseen(checkup, id, failure, exchange)
  return failed(checkup, `Could not look at the channel ${id}`, failure, exchange)
}

/** A name is looked for page by page, because Slack finds channels by ID only. The step's time bounds the search. */
async function search(checkup: Checkup, name: string, signal: AbortSignal): Promise<Outcome> {
  const { ctx, subject, learned } = checkup
  const names: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = await listChannels(ctx, subject, { ...(cursor !== undefined && { cursor }) }, signal)
    if (found.kind === 'failed') {
      learned.channel = { conversationId: `#${name}`, name: `#${name}` }
      if (found.failure.code === 'missing_scope') return unseen(checkup, `#${name}`, found.failure, found.exchange)
      return failed(checkup, `Could not look for #${name}`, found.failure, found.exchange)
    }
    const channel = found.answer.channels.find((each) => each.name === name)
    if (channel) return judge(checkup, channel, found.exchange)
    names.push(...found.answer.channels.map((each) => each.name))
    cursor = found.answer.nextCursor
    if (cursor === undefined) return noSuchName(checkup, name, names, found.exchange)
  }
  learned.channel = { conversationId: `#${name}`, name: `#${name}` }
  return {
    state: 'warn',
    title: `#${name} is not among the first ${names.length} channels`,
    detail: 'The workspace has more channels than a test looks through, so this one was not checked.',
    fix: 'Choose the channel from the list, or give its ID, which stands at the foot of its details in Slack.',
  }
}

/** conversations.list is good for about 20 requests a minute, which the channel picker needs too. */
const MOST_PAGES = 10

function judge(checkup: Checkup, channel: Channel, exchange: Exchange): Outcome {
  const { learned } = checkup
  const name = `#${channel.name}`
  const requestId = exchange.requestId ? { requestId: exchange.requestId } : {}
  if (channel.isArchived) {
    return {
      ...failed(
        checkup,
        `${name} is archived`,
        { kind: 'permanent', code: 'is_archived', stops: 'destination' },
        exchange,
      ),
      ...openInSlack(checkup, channel),
    }
  }
  const scopes = learned.grantedScopes
  const has = (scope: string) => !channel.isPrivate && (scopes === undefined || scopes.includes(scope))
  const mayPostFromOutside = has('chat:write.public')
  if (!channel.isMember && !mayPostFromOutside && !has('channels:join')) {
    return {
      ...failed(checkup, `The bot is not in ${name}`, notIn, exchange),
      fix: `Type /invite @${botName(checkup)} in ${name}, or add the scope chat:write.public or channels:join.`,
      ...openInSlack(checkup, channel),
    }
  }
  learned.channel = { conversationId: channel.id, name }
  const how = channel.isMember
    ? 'the bot is in it'
    : mayPostFromOutside
      ? 'the bot may post without being in it'
      : 'the bot enters it with the first message'
  return { state: 'pass', title: `${name} exists, and ${how}`, ...requestId }
}

const notIn: CallFailure = { kind: 'permanent', code: 'not_in_channel', stops: 'destination' }

function notFound(checkup: Checkup, id: string, failure: CallFailure, exchange: Exchange): Outcome {
  return failed(checkup, `Slack shows the bot no channel ${id}`, failure, exchange, {
    detail: 'It was deleted, it belongs to another workspace, or it is private and the bot is not in it.',
    fix: `If it is private, type /invite @${botName(checkup)} in it; otherwise choose another channel.`,
  })
}

function noSuchName(checkup: Checkup, name: string, names: string[], exchange: Exchange): Outcome {
  const alike = closest(name, names)
  const failure: CallFailure = { kind: 'permanent', code: 'channel_not_found', stops: 'destination' }
  return failed(checkup, `The bot sees no channel #${name}`, failure, exchange, {
    detail: `None of the ${names.length} channels it sees has this name: it is misspelt, was renamed, or is private without the bot.`,
    fix: alike
      ? `If you mean #${alike}, choose that one; if #${name} is private, type /invite @${botName(checkup)} in it.`
      : `Choose a channel from the list, or type /invite @${botName(checkup)} in #${name} if it is private.`,
  })
}

function unseen(checkup: Checkup, shown: string, failure: CallFailure, exchange: Exchange): Outcome {
  const detail = 'The bot lacks the scope to look at channels, so the test message will tell.'
  return failed(checkup, `${shown} could not be checked first`, failure, exchange, { state: 'warn', detail })
}

function openInSlack(checkup: Checkup, channel: Channel): Pick<Outcome, 'link'> {
  const workspace = checkup.learned.findings?.workspaceUrl
  if (!workspace || !URL.canParse(workspace)) return { link: link(checkup, 'status') }
  return { link: { label: `#${channel.name} in Slack`, url: new URL(`/archives/${channel.id}`, workspace).href } }
}

function botName(checkup: Checkup): string {
  return checkup.learned.findings?.botName ?? 'the-bot'
}
