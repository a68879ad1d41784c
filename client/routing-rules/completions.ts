import { EVENT_FIELDS, quoted } from '../../shared/conditions/fields.ts'
import { tokensOf } from '../../shared/conditions/tokens.ts'
import { OPERATORS } from '../../shared/conditions/tree.ts'

/** A field that events had lately, and short values that it had. */
export type SeenField = { name: string; values: string[] }

/** What may follow where one types: each takes the place of the text from `start` to the caret. */
export type Completions = { start: number; options: string[] }

const MOST_OPTIONS = 8

/** What fits the word before the caret, by what stands before that: a field, an operator, a value, or what joins two. */
export function completionsAt(text: string, caret: number, seen: readonly SeenField[]): Completions {
  const before = text.slice(0, caret)
  const { tokens } = tokensOf(before)
  const word = /[\p{L}\p{N}_$@.-]*$/u.exec(before)?.[0] ?? ''
  const isInText = tokens.at(-1)?.kind === 'text' && tokens.at(-1)?.end === caret && word !== ''
  const start = caret - word.length
  const earlier = tokens.filter(({ end }) => end <= start)
  const words = earlier.map(({ start: from, end }) => before.slice(from, end))
  // Right behind a finished word or text, nothing can follow before a blank.
  const isTouching = word === '' && /[^\s([,]$/.test(before)
  const options = isInText || isTouching ? [] : optionsAfter(words, seen)
  const wanted = word.toLowerCase()
  const fitting = options.filter((each) => each.toLowerCase().includes(wanted) && each !== word)
  return {
    start,
    options: fitting.toSorted((one, other) => rank(one, wanted) - rank(other, wanted)).slice(0, MOST_OPTIONS),
  }
}

function optionsAfter(words: readonly string[], seen: readonly SeenField[]): string[] {
  const last = words.at(-1)?.toLowerCase() ?? ''
  if (last === '' || /^(and|or|not|\()$/.test(last))
    return [...new Set([...EVENT_FIELDS.filter((own) => own !== 'data'), ...seen.map(({ name }) => name)])]
  if (last === 'is') return ['missing']
  if (last === 'starts' || last === 'ends') return ['with']
  if (/^([=!<>]=?|==|in|contains|with|matches|,|\[)$/.test(last)) return valuesFor(words, seen)
  if (/^(\)|\]|exists|missing|true|false|null|['"].*|-?\d.*)$/s.test(last)) return ['AND', 'OR']
  return [...OPERATORS, 'exists', 'is missing']
}

/** Values that the field of this comparison had. */
function valuesFor(words: readonly string[], seen: readonly SeenField[]): string[] {
  const at = words.findLastIndex(
    (word) => !/^([=!<>]=?|==|in|not|contains|starts|ends|with|matches|,|\[|['"].*|-?\d.*)$/is.test(word),
  )
  const name = fieldEndingAt(words, at)
  const values = seen.find((field) => field.name === name)?.values ?? []
  return values.map((value) => quoted(value))
}

/** A dotted name is several words. */
function fieldEndingAt(words: readonly string[], at: number): string {
  let from = at
  while (words[from - 1] === '.') from -= 2
  return words.slice(from, at + 1).join('')
}

function rank(option: string, wanted: string): number {
  return option.toLowerCase().startsWith(wanted) ? 0 : 1
}
