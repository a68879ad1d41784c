import type { CompilePattern } from './holds.ts'

/** What is used of an RE2 engine: its time grows with pattern times text, never faster. */
type Re2 = { compile(source: string): { matcher(text: string): { find(): boolean }; programSize(): number } }

/** Characters of a pattern. */
export const MOST_PATTERN = 300
/** Steps of a compiled pattern: (a{100}){4} has four hundred. */
export const MOST_STEPS = 500
/** Characters at the beginning of a text in which a pattern is looked for: with the steps, a few milliseconds. */
export const MOST_SEARCHED = 2_000

/** Patterns within bounds, by an engine that the server and the console each bring. */
export function boundedPatterns(re2: Re2): CompilePattern {
  return (source) => {
    if (source === '') return { kind: 'refused', message: 'An empty pattern is found in every text.' }
    if (source.length > MOST_PATTERN) {
      return {
        kind: 'refused',
        message: `A pattern has at most ${MOST_PATTERN} characters; this one has ${source.length}.`,
      }
    }
    const pattern = compiled(re2, source)
    if (typeof pattern === 'string') return { kind: 'refused', message: pattern }
    if (pattern.programSize() > MOST_STEPS) {
      return { kind: 'refused', message: 'This pattern repeats too much: make its counts in { } smaller.' }
    }
    return { kind: 'ready', isIn: (text) => pattern.matcher(text.slice(0, MOST_SEARCHED)).find() }
  }
}

function compiled(re2: Re2, source: string) {
  try {
    return re2.compile(source)
  } catch (error) {
    const what = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'it cannot be read'
    return `This is no pattern that RE2 takes: ${what}. It has neither look-arounds nor back-references.`
  }
}
