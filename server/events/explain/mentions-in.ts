import type { Db } from '../../db/schema.ts'
import { resolveMentions } from '../../mentions/resolve-mentions.ts'

/** Whom words call in each of these integrations, as Slack's markup; a word that calls nobody is not in the answer. */
export async function mentionsFinder(
  db: Db,
  words: readonly string[],
  integrationIds: readonly string[],
): Promise<(integrationId: string) => ReadonlyMap<string, string>> {
  const called = new Map<string, ReadonlyMap<string, string>>()
  if (words.length === 0) return () => NOBODY
  for (const id of new Set(integrationIds)) {
    const found = await resolveMentions(db, id, words)
    const known = [...found].filter(([, { kind }]) => kind !== 'unresolved')
    called.set(id, new Map(known.map(([word, { markup }]) => [word, markup])))
  }
  return (id) => called.get(id) ?? NOBODY
}

const NOBODY: ReadonlyMap<string, string> = new Map()
