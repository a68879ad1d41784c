export type Filter = { key: string; value: string }
export type Filters = { chips: Filter[]; text: string }

/** Reads `state:failed channel:"general chat" leaked`; words whose key is not known stay text. */
export function parseFilters(source: string, keys: readonly string[]): Filters {
  const chips: Filter[] = []
  const words: string[] = []
  for (const [word] of source.matchAll(/[\w-]+:"[^"]*"|\S+/g)) {
    const colon = word.indexOf(':')
    const key = word.slice(0, colon)
    const value = word.slice(colon + 1).replace(/^"|"$/g, '')
    if (colon > 0 && value && keys.includes(key)) chips.push({ key, value })
    else words.push(word)
  }
  return { chips, text: words.join(' ') }
}

/** The same filters as one line, which `parseFilters` reads back. */
export function formatFilters({ chips, text }: Filters): string {
  const words = chips.map(({ key, value }) => `${key}:${/\s/.test(value) ? `"${value}"` : value}`)
  return [...words, text.trim()].filter(Boolean).join(' ')
}
