import type { DirectoryLists, ResolvedMention, UnresolvedReason } from '../../shared/mentions.ts'
import type { Mention } from './decide-mention.ts'
import { readWord } from './read-word.ts'

type About = { lists: DirectoryLists /** The integration knows people by name. */; isOn: boolean }

/** A mention as the console shows it: whom it calls, or why nobody and what to do about it. */
export function showMention(word: string, mention: Mention, about: About): ResolvedMention {
  const { kind, markup } = mention
  switch (kind) {
    case 'special':
      return { word, kind, markup, name: SPECIAL[markup] ?? markup }
    case 'user':
    case 'group':
      return { word, kind, markup, ...(mention.name !== undefined && { name: mention.name }) }
    case 'unresolved':
      return { word, kind, markup, reason: mention.reason, ...explain(word, mention, about) }
  }
}

const SPECIAL: Record<string, string> = {
  '<!here>': 'Everybody in the channel who is online',
  '<!channel>': 'Everybody in the channel',
  '<!everyone>': 'Everybody in the workspace, in its general channel',
}

type Explained = { why: string; fix: string }

function explain(
  word: string,
  { reason, candidates }: { reason: UnresolvedReason; candidates: readonly string[] },
  { lists, isOn }: About,
): Explained {
  switch (reason) {
    case 'ambiguous':
      return {
        why: `${candidates.length} have this name: ${listed(candidates)}.`,
        fix: 'Write the handle or the member ID of the one you mean.',
      }
    case 'deactivated':
      return { why: `${listed(candidates)} is deactivated in Slack.`, fix: 'Name somebody else.' }
    case 'not_a_mention':
      return {
        why: 'This is no name, address or ID that Slack knows.',
        fix: 'Write @name, @group, an e-mail address, a Slack ID, @here or @channel.',
      }
    case 'not_looked_up':
      return {
        why: 'Slack could not be asked for this address.',
        fix: lists.people.fix ?? 'Check that the app has the scope users:read.email, or write the member ID.',
      }
    case 'unknown':
      return {
        why:
          readWord(word).kind === 'email'
            ? 'Nobody in this workspace has this address.'
            : 'Nobody and no user group in this workspace has this name.',
        fix: 'Check the spelling; for someone who is new, read the list of people again.',
      }
    case 'not_read':
      return notRead(lists, isOn)
  }
}

/** A name that was not found where the lists are not all there: it may belong to what could not be read. */
function notRead({ people, groups }: DirectoryLists, isOn: boolean): Explained {
  if (!isOn) {
    return {
      why: 'Mentions by name are switched off for this integration.',
      fix: 'Switch them on under Features in its settings, or write the ID.',
    }
  }
  const missing = [
    { what: 'The people', list: people },
    { what: 'The user groups', list: groups },
  ].find(({ list }) => list.at === undefined && list.code !== undefined)
  if (missing?.list.code) {
    return {
      why: `${missing.what} of this workspace can't be read (${missing.list.code}), and nobody else has this name.`,
      fix: missing.list.fix ?? 'Write the ID instead.',
    }
  }
  return { why: 'The people of this workspace are still being read.', fix: 'Look again in a minute, or write the ID.' }
}

const MOST_LISTED = 5

function listed(candidates: readonly string[]): string {
  const shown = candidates.slice(0, MOST_LISTED).join(', ')
  return candidates.length > MOST_LISTED ? `${shown} and ${candidates.length - MOST_LISTED} more` : shown
}
