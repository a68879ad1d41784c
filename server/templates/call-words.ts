import type { AppContext } from '../context.ts'
import { resolveMentions } from '../mentions/resolve-mentions.ts'
import { escaped } from './marks.ts'

/** What each word of a type's mentions becomes in the workspace that it sends to; without one nobody is known. */
export async function callWords(
  ctx: AppContext,
  integrationId: string | undefined,
  words: readonly string[],
): Promise<Map<string, { markup: string; isKnown: boolean }>> {
  if (integrationId === undefined) {
    return new Map(words.map((word) => [word, { markup: escaped(word), isKnown: false }]))
  }
  const mentions = await resolveMentions(ctx.db, integrationId, words)
  return new Map([...mentions].map(([word, { markup, kind }]) => [word, { markup, isKnown: kind !== 'unresolved' }]))
}
