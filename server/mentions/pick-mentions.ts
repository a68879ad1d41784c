import type { z } from 'zod'
import type { ListMentionables, Mentionable, MentionableList } from '../../shared/mentions.ts'
import type { AppContext } from '../context.ts'
import { optional } from '../lib/paging.ts'
import type { Actor } from '../users/actor.ts'
import { maySeeEmails } from './may-see-emails.ts'
import { nameKey } from './read-word.ts'
import { resolveMentions } from './resolve-mentions.ts'
import { beginToLook, showLists } from './show-lists.ts'
import { searchCalled } from './store.ts'

/** Type-ahead over the people and groups of a workspace. The first look starts the reading. */
export async function pickMentions(
  ctx: AppContext,
  actor: Actor,
  { integrationId, q, limit }: z.output<typeof ListMentionables>,
): Promise<MentionableList> {
  await beginToLook(ctx, integrationId)
  const withEmails = maySeeEmails(actor)
  const text = nameKey((q ?? '').replace(/^@/, ''))
  const called = (await searchCalled(ctx.db, integrationId, { text, limit, withEmails })).slice(0, limit)
  const handles = called.map(({ keys: [handle] }) => `@${handle}`)
  const resolved = await resolveMentions(ctx.db, integrationId, handles)
  const items = called.map(({ kind, id, name, keys, email }): Mentionable => {
    const handle = `@${keys[0]}`
    const mention = resolved.get(handle)
    const calls = mention && 'id' in mention ? mention.id : undefined
    const word = calls === id ? handle : id
    return { kind, id, word, name, handle: keys[0], ...optional('email', withEmails ? email : null) }
  })
  return { items, lists: await showLists(ctx.db, integrationId) }
}
