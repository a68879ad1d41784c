import type { AppContext } from '../context.ts'
import { listDestinationsByIds } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'
import { learnEmails } from '../mentions/learn-emails.ts'
import { targetsIn, wordsIn } from './targets.ts'

/** What types and rules have in common: whom they call, and where. */
type Mentioning = { destinations: string | null; mentions: string | null }

/**
 * Asks Slack who the e-mail addresses among mentions are, where their destinations are: events that come later find them
 * known. Who can't be asked for now stays to be found in the lists that are read in the background. The change itself is
 * committed by then, so nothing that goes wrong here may make its answer a failure: somebody would do it again.
 */
export async function learnMentions(ctx: AppContext, rows: readonly Mentioning[]): Promise<void> {
  try {
    for (const [integrationId, words] of await wordsByIntegration(ctx, rows)) {
      await learnEmails(ctx, integrationId, [...words]).catch((error) => tell(ctx, error, integrationId))
    }
  } catch (error) {
    tell(ctx, error)
  }
}

function tell(ctx: AppContext, error: unknown, integrationId?: string): void {
  const about = integrationId === undefined ? {} : { integrationId }
  if (error instanceof Refusal) ctx.log.warn('mentions.lookup_failed', { ...about, code: error.code })
  else ctx.log.error('mentions.lookup_broke', { ...about, error })
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
