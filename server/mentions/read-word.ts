/** What somebody wrote in a list of mentions. */
export type Word =
  | { kind: 'special'; name: 'here' | 'channel' | 'everyone' }
  | { kind: 'user_id' | 'group_id'; id: string; isSure: boolean }
  | { kind: 'email'; email: string }
  | { kind: 'name'; name: string }
  | { kind: 'other' }

/** Reads @here, @name, an e-mail address, an id, or Slack's own markup with its label left out. */
export function readWord(text: string): Word {
  const word = text.trim()
  const special = /^(?:@|<!)(here|channel|everyone)(?:\|[^>]*)?>?$/i.exec(word)?.[1]?.toLowerCase()
  if (special === 'here' || special === 'channel' || special === 'everyone') return { kind: 'special', name: special }

  const user = /^<@([UW][A-Z0-9]{2,30})(?:\|[^>]*)?>$/.exec(word)?.[1]
  if (user) return { kind: 'user_id', id: user, isSure: true }
  const group = /^<!subteam\^(S[A-Z0-9]{2,30})(?:\|[^>]*)?>$/.exec(word)?.[1]
  if (group) return { kind: 'group_id', id: group, isSure: true }

  const id = /^@?([UWS][A-Z0-9]{6,30})$/.exec(word)?.[1]
  // A word in capitals looks like an id as well; Slack's have digits in them.
  const isSure = /\d/.test(word)
  if (id) return { kind: id.startsWith('S') ? 'group_id' : 'user_id', id, isSure }

  if (/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(word)) return { kind: 'email', email: word.toLowerCase() }
  const name = /^@(.+)$/.exec(word)?.[1]?.trim()
  return name ? { kind: 'name', name: nameKey(name) } : { kind: 'other' }
}

/** A name as it is compared: however its letters are put together, upper and lower case alike, spaces as one. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()
}
