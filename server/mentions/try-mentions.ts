import type { ResolvedMentions } from '../../shared/mentions.ts'
import type { AppContext } from '../context.ts'
import { showMention } from './explain-mention.ts'
import { learnEmails } from './learn-emails.ts'
import { hasMentions } from './refresh-directories.ts'
import { resolveMentions } from './resolve-mentions.ts'
import { beginToLook, showLists } from './show-lists.ts'

/** What becomes of each word in a message; an address that nobody is known by yet is asked of Slack. */
export async function tryMentions(
  ctx: AppContext,
  { integrationId, words }: { integrationId: string; words: string[] },
): Promise<ResolvedMentions> {
  const integration = await beginToLook(ctx, integrationId)
  const isOn = hasMentions(integration)
  if (isOn && integration.disabledAt === null) await learnEmails(ctx, integrationId, words)
  const resolved = await resolveMentions(ctx.db, integrationId, words)
  const lists = await showLists(ctx.db, integrationId)
  return { items: [...resolved].map(([word, mention]) => showMention(word, mention, { lists, isOn })), lists }
}
