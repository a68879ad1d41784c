import type { UnresolvedReason } from '../../../shared/mentions.ts'
import { resolveMentions } from '../../mentions/resolve-mentions.ts'
import type { EntryOf } from '../entries.ts'
import { type Ground, sayWarning } from '../ground.ts'
import { partsOf, type TargetKey } from '../target-keys.ts'

/** Says which mentions call nobody where the messages go. They are posted as plain text, so this keeps nothing back. */
export async function warnOfMentions(
  ground: Ground,
  mentions: readonly string[],
  destinations: readonly TargetKey[],
  at: EntryOf<'type'>['at'],
): Promise<void> {
  const known = new Set(ground.state.integrations.map(({ id }) => id))
  const integrations = [...new Set(destinations.map((key) => partsOf(key).integrationId))].filter((id) => known.has(id))
  const said = new Set<string>()
  for (const id of integrations) {
    const resolved = await resolveMentions(ground.ctx.db, id, mentions)
    for (const [index, word] of mentions.entries()) {
      const mention = resolved.get(word)
      if (mention?.kind !== 'unresolved' || said.has(word) || NOT_KNOWN_YET.has(mention.reason)) continue
      said.add(word)
      const { message, fix } = WORDS[mention.reason]
      sayWarning(ground, at('mentions', index), { message: `${word}: ${message} It is posted as plain text.`, fix })
    }
  }
}

const WORDS: Readonly<Record<UnresolvedReason, { message: string; fix: string }>> = {
  unknown: {
    message: 'Nobody and no user group in this workspace has this name.',
    fix: 'Check the spelling, or make the group in Slack; it is then called by itself.',
  },
  ambiguous: {
    message: 'Several people have this name.',
    fix: 'Write the handle or the member ID of the one you mean.',
  },
  deactivated: { message: 'This person is deactivated in Slack.', fix: 'Name somebody else.' },
  not_a_mention: {
    message: 'This is no name, address or ID that Slack knows.',
    fix: 'Write @name, @group, an e-mail address, a Slack ID, @here or @channel.',
  },
  not_read: { message: 'The people of this workspace are still being read.', fix: 'Look again in a minute.' },
  not_looked_up: { message: 'Slack could not be asked for this address.', fix: 'Write the member ID.' },
}

/** Nothing can be said before the workspace was read. */
const NOT_KNOWN_YET: ReadonlySet<UnresolvedReason> = new Set(['not_read', 'not_looked_up'])
