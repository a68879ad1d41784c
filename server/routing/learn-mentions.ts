import type { AppContext } from '../context.ts'
import { listDestinationsByIds } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'
import { learnEmails } from '../mentions/learn-emails.ts'
import { targetsIn, wordsIn } from './targets.ts'

/** What types and rules have in common: whom they call, and where. */
type Mentioning = { destinations: string | null; mentions: string | null }

/**
 * Asks Slack who the e-mail addresses among mentions are, where their destinations are: events that come later find them
 * known. Who can't be asked for now stays to be found in the lists that are read in the background.
 */
export async function learnMentions(ctx: AppContext, rows: readonly Mentioning[]): Promise<void> {
  for (const [integrationId, words] of await wordsByIntegration(ctx, rows)) {
    await learnEmails(ctx, integrationId, [...words]).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error
      ctx.log.warn('mentions.lookup_failed', { integrationId, code: error.code })
    })
  }
}

async function wordsByIntegration(ctx: AppContext, rows: readonly Mentioning[]): Promise<Map<string, Set<string>>> {
  const calling = rows
    .map(({ destinations, mentions }) => ({ targets: targetsIn(destinations), words: wordsIn(mentions) }))
    .filter(({ words }) => words.length > 0)
  const ids = calling.flatMap(({ targets }) => targets.flatMap((target) => ('id' in target ? [target.id] : [])))
  const known = await listDestinationsByIds(ctx.db, [...new Set(ids)])
  const all = new Map<string, Set<string>>()
  for (const { targets, words } of calling) {
    for (const target of targets) {
      const integrationId = 'id' in target ? known.get(target.id)?.integrationId : target.integrationId
      if (integrationId === undefined) continue
      all.set(integrationId, new Set([...(all.get(integrationId) ?? []), ...words]))
    }
  }
  return all
}
