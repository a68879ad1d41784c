export type Filter = { key: string; value: string }
export type Filters = { chips: Filter[]; text: string }

/** What a list is narrowed to, under the names that the address and the API share. */
export type ParamFilter<Name extends string> = Partial<Record<Name, string>>

/** What the address says under `names`. */
export function readParams<Name extends string>(params: URLSearchParams, names: readonly Name[]): ParamFilter<Name> {
  return withoutEmpty(Object.fromEntries(names.map((name) => [name, params.get(name) ?? undefined])))
}

/** The address with another filter under `names`; `anyTime` takes the window of the bar away too. */
export function withParams<Name extends string>(
  before: URLSearchParams,
  names: readonly Name[],
  filter: ParamFilter<Name>,
  anyTime = false,
): URLSearchParams {
  const after = new URLSearchParams(before)
  for (const name of names) {
    const value = filter[name]
    if (value) after.set(name, value)
    else after.delete(name)
  }
  if (anyTime) after.delete('window')
  return after
}

/** The filter without what it leaves open. Its names are the caller's own; `fromEntries` forgets them. */
export function withoutEmpty<Name extends string>(filter: Record<string, string | undefined>): ParamFilter<Name> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value)) as ParamFilter<Name>
}

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

/** Tells what is wrong with a value where only these may stand, one or several with commas between. */
export const onlyThese =
  (key: string, values: readonly string[]) =>
  (value: string): string | undefined => {
    const wrong = value.split(/,\s*/).find((word) => !values.includes(word))
    return wrong === undefined ? undefined : `“${wrong}” is no value of ${key}. Use ${values.join(', ')}.`
  }

/** The same filters as one line, which `parseFilters` reads back. */
export function formatFilters({ chips, text }: Filters): string {
  const words = chips.map(({ key, value }) => `${key}:${/\s/.test(value) ? `"${value}"` : value}`)
  return [...words, text.trim()].filter(Boolean).join(' ')
}
