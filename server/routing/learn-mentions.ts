import type { AppContext } from '../context.ts'
import { listDestinationsByIds } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'
import { learnEmails } from '../mentions/learn-emails.ts'
import { targetsIn, wordsIn } from './targets.ts'

/**
 * Asks Slack who the e-mail addresses among mentions are, where their destinations are: events that come later find them
 * known. Who can't be asked for now stays to be found in the lists that are read in the background.
 */
export async function learnMentions(
  ctx: AppContext,
  row: { destinations: string | null; mentions: string | null },
): Promise<void> {
  const words = wordsIn(row.mentions)
  if (words.length === 0) return
  const targets = targetsIn(row.destinations)
  const known = await listDestinationsByIds(
    ctx.db,
    targets.flatMap((target) => ('id' in target ? [target.id] : [])),
  )
  const integrationIds = new Set([
    ...[...known.values()].map(({ integrationId }) => integrationId),
    ...targets.flatMap((target) => ('id' in target ? [] : [target.integrationId])),
  ])
  for (const integrationId of integrationIds) {
    await learnEmails(ctx, integrationId, words).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error
      ctx.log.warn('mentions.lookup_failed', { integrationId, code: error.code })
    })
  }
}
