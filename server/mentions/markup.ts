/** What calls somebody in a message of Slack: made of ids alone, never of a name that somebody chose. */
export const userMarkup = (id: string): string => `<@${id}>`
export const groupMarkup = (id: string): string => `<!subteam^${id}>`
export const specialMarkup = (name: 'here' | 'channel' | 'everyone'): string => `<!${name}>`

/** A word that calls nobody, as text. Where Slack would make a call out of the plain text, a mark of no width stops it. */
export function plainWord(word: string): string {
  return word
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/@(?=(?:here|channel|everyone|group)\b)/gi, '@\u2060')
}
