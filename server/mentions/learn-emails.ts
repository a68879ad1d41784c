import type { AppContext } from '../context.ts'
import { openConnection } from '../integrations/credentials.ts'
import { getIntegration } from '../integrations/store.ts'
import { providers } from '../providers/registry.ts'
import { beginLists, outdatePeople } from './lists-store.ts'
import { readWord } from './read-word.ts'
import { resolveMentions } from './resolve-mentions.ts'
import { listEmailLookups, putEmailLookup } from './store.ts'

/** Whoever was not found may have joined since, or had their address put right. */
const NOBODY_FOR_MS = 60 * 60_000
/** users.lookupByEmail is tier 3; whoever pastes a long list waits for the list of people instead. */
const MOST_AT_ONCE = 10

/**
 * Asks Slack, outside of any transaction, for the e-mail addresses among the words that nobody is known by yet; each once
 * in an hour. A failed look-up changes nothing: the address stays unresolved, and is asked for again the next time.
 */
export async function learnEmails(ctx: AppContext, integrationId: string, words: readonly string[]): Promise<void> {
  const emails = await listUnknown(ctx, integrationId, words)
  if (emails.length === 0) return
  const integration = await getIntegration(ctx.db, integrationId)
  const { directory } = providers[integration.provider]
  const connection = await openConnection(ctx, integrationId)
  const asked = await Promise.all(
    // In one order, whoever asks: two that learn the same people at once write the same rows.
    emails
      .toSorted()
      .map(async (email) => ({ email, result: await directory.findPersonByEmail(ctx, connection, email) })),
  )

  await ctx.db.transaction().execute(async (trx) => {
    const lookedAt = ctx.now()
    await beginLists(trx, { integrationId, generation: ctx.newId('req'), now: lookedAt, again: false })
    for (const { email, result } of asked) {
      if (result.kind === 'answered') {
        const { id, name } = result.answer
        await putEmailLookup(trx, { integrationId, email, userId: id, userName: name, lookedAt })
      } else if (result.failure.code === 'users_not_found') {
        await putEmailLookup(trx, { integrationId, email, userId: null, userName: null, lookedAt })
      } else {
        ctx.log.warn('mentions.lookup_failed', { integrationId, code: result.failure.code })
      }
    }
    await outdatePeople(trx, integrationId, ctx.newId('req'))
  })
}

/** The addresses that no list and no look-up of late has an answer for. */
async function listUnknown(ctx: AppContext, integrationId: string, words: readonly string[]): Promise<string[]> {
  const emails = new Map(
    words.flatMap((text) => {
      const word = readWord(text)
      return word.kind === 'email' ? [[text, word.email] as const] : []
    }),
  )
  if (emails.size === 0) return []
  const resolved = await resolveMentions(ctx.db, integrationId, [...emails.keys()])
  const open = [...emails].flatMap(([text, email]) => {
    const mention = resolved.get(text)
    return mention?.kind === 'unresolved' && mention.reason !== 'deactivated' ? [email] : []
  })
  const since = ctx.now() - NOBODY_FOR_MS
  const lookups = await listEmailLookups(ctx.db, integrationId, open)
  const asked = new Set(lookups.filter(({ lookedAt }) => lookedAt > since).map(({ email }) => email))
  return [...new Set(open)].filter((email) => !asked.has(email)).slice(0, MOST_AT_ONCE)
}
