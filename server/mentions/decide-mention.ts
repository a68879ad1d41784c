import type { UnresolvedReason } from '../../shared/mentions.ts'
import { groupMarkup, plainWord, specialMarkup, userMarkup } from './markup.ts'
import type { Word } from './read-word.ts'

/** What stands in the message for a word. An unresolved one is plain text; `candidates` are the names it could mean. */
export type Mention =
  | { kind: 'user' | 'group'; id: string; markup: string; name?: string }
  | { kind: 'special'; markup: string }
  | { kind: 'unresolved'; markup: string; reason: UnresolvedReason; candidates: string[] }

/** Someone or a group, with what they can be called by: the first key binds more than the second, and so on. */
export type Called = {
  kind: 'user' | 'group'
  id: string
  name: string
  /** The handle, the display name, the full name: as `nameKey` gives them. */
  keys: [string, string, string]
  email: string | null
  isGone: boolean
}

/** What is known about words: who could be meant, whom Slack named for an address, and whether the lists are whole. */
export type Known = {
  called: readonly Called[]
  /** By address; null: Slack knows nobody. */
  lookedUp: ReadonlyMap<string, { id: string; name: string } | null>
  areListsWhole: boolean
}

/** Whom a word calls, by what is known. Names that several have call nobody: one of them might be somebody else's trick. */
export function decideMention(text: string, word: Word, known: Known): Mention {
  const unresolved = (reason: UnresolvedReason, candidates: readonly Called[] = []): Mention => ({
    ...{ kind: 'unresolved', markup: plainWord(text.trim()), reason },
    candidates: candidates.map(({ name, keys, id }) => `${name} (@${keys[0] || id})`),
  })
  const oneOf = (fitting: readonly Called[], missing: UnresolvedReason): Mention => {
    const there = fitting.filter(({ isGone }) => !isGone)
    if (there.length > 1) return unresolved('ambiguous', there)
    if (there[0]) return mentionOf(there[0])
    return fitting.length > 0 ? unresolved('deactivated', fitting) : unresolved(missing)
  }
  const unknown = known.areListsWhole ? 'unknown' : 'not_read'

  switch (word.kind) {
    case 'special':
      return { kind: 'special', markup: specialMarkup(word.name) }
    case 'user_id':
    case 'group_id': {
      const kind = word.kind === 'user_id' ? 'user' : 'group'
      const fitting = known.called.filter((each) => each.kind === kind && each.id === word.id)
      if (fitting.length > 0 || !word.isSure) return oneOf(fitting, 'not_a_mention')
      // Whoever is of another workspace that shares the channel stands in no list of this one.
      const markup = kind === 'user' ? userMarkup(word.id) : groupMarkup(word.id)
      return { kind, id: word.id, markup }
    }
    case 'email':
      return byEmail(word.email, known, oneOf) ?? unresolved('not_looked_up')
    case 'name':
      return oneOf(byName(word.name, known.called), unknown)
    case 'other':
      return unresolved('not_a_mention')
  }
}

/** Those whom the name fits best: a handle is given once, so nobody can take it over with a display name. */
function byName(name: string, called: readonly Called[]): Called[] {
  for (const place of [0, 1, 2] as const) {
    const fitting = called.filter(({ keys }) => keys[place] === name)
    if (fitting.length > 0) return fitting
  }
  return []
}

function byEmail(
  email: string,
  { called, lookedUp }: Known,
  oneOf: (fitting: readonly Called[], missing: UnresolvedReason) => Mention,
): Mention | undefined {
  const fitting = called.filter((each) => each.email === email)
  if (fitting.length > 0) return oneOf(fitting, 'unknown')
  const answer = lookedUp.get(email)
  if (answer === undefined) return undefined
  if (answer === null) return oneOf([], 'unknown')
  const listed = called.filter(({ kind, id }) => kind === 'user' && id === answer.id)
  return listed.length > 0
    ? oneOf(listed, 'unknown')
    : { kind: 'user', id: answer.id, markup: userMarkup(answer.id), name: answer.name }
}

function mentionOf({ kind, id, name }: Called): Mention {
  return { kind, id, markup: kind === 'user' ? userMarkup(id) : groupMarkup(id), name }
}
