import type { Db } from '../db/schema.ts'
import { decideMention, type Known, type Mention } from './decide-mention.ts'
import { findLists, type SavedList } from './lists-store.ts'
import { readWord, type Word } from './read-word.ts'
import { listCalled, listEmailLookups } from './store.ts'

/**
 * Whom each word calls in the workspace of an integration, from what was read of it: Slack is not asked, so this may run
 * inside a transaction. Ask once for all words of one; for an e-mail address that may be new, call `learnEmails` before.
 */
export async function resolveMentions(
  db: Db,
  integrationId: string,
  words: readonly string[],
): Promise<Map<string, Mention>> {
  const read = [...new Set(words)].map((text) => ({ text, word: readWord(text) }))
  if (read.every(({ word }) => !needsDirectory(word))) {
    return new Map(read.map(({ text, word }) => [text, decideMention(text, word, NOTHING_KNOWN)]))
  }
  const lists = await findLists(db, integrationId)
  const remembered = memoryOf(integrationId, generationOf(lists))
  // Looked up before anything is awaited: another call may clear the memory meanwhile.
  const looked = read.map((each) => ({ ...each, mention: remembered.get(each.text) }))
  const fresh = looked.filter(({ mention }) => mention === undefined)
  const known = fresh.length > 0 ? await readKnown(db, integrationId, fresh, lists) : NOTHING_KNOWN
  if (remembered.size + fresh.length > MOST_REMEMBERED) remembered.clear()
  return new Map(
    looked.map(({ text, word, mention = decideMention(text, word, known) }) => {
      remembered.set(text, mention)
      return [text, mention]
    }),
  )
}

const NOTHING_KNOWN: Known = { called: [], lookedUp: new Map(), areListsWhole: false }

const needsDirectory = (word: Word): boolean => word.kind !== 'special' && word.kind !== 'other'

/** Whether there is a list to look into at all, and each was read to its end once. */
const areWhole = (lists: readonly SavedList[]): boolean =>
  lists.length === 2 && lists.every(({ wholeAt }) => wholeAt !== null)

const MOST_REMEMBERED = 5_000
type Remembered = { generation: string; mentions: Map<string, Mention> }
const memory = new Map<string, Remembered>()

/**
 * What this process found out since the workspace last changed. A generation is an id of its own, never used twice, so
 * that this may outlive any database.
 */
function memoryOf(integrationId: string, generation: string): Map<string, Mention> {
  const known = memory.get(integrationId)
  if (known?.generation === generation && generation !== '') return known.mentions
  const mentions = new Map<string, Mention>()
  memory.set(integrationId, { generation, mentions })
  return mentions
}

const generationOf = (lists: readonly SavedList[]): string => lists.map(({ generation }) => generation).join(' ')

type ReadWord = { text: string; word: Word }

async function readKnown(
  db: Db,
  integrationId: string,
  words: readonly ReadWord[],
  lists: readonly SavedList[],
): Promise<Known> {
  const names = words.flatMap(({ word }) => (word.kind === 'name' ? [word.name] : []))
  const emails = words.flatMap(({ word }) => (word.kind === 'email' ? [word.email] : []))
  const lookups = await listEmailLookups(db, integrationId, emails)
  const ids = [
    ...words.flatMap(({ word }) => ('id' in word ? [word.id] : [])),
    ...lookups.flatMap(({ userId }) => userId ?? []),
  ]
  const lookedUp = lookups.map(({ email, userId, userName }) => {
    return [email, userId === null ? null : { id: userId, name: userName ?? userId }] as const
  })
  return {
    called: await listCalled(db, integrationId, { names, emails, ids }),
    lookedUp: new Map(lookedUp),
    areListsWhole: areWhole(lists),
  }
}
