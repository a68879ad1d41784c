/**
 * What was typed after a command, by the names of its parameters: word by word, with "several words" or “those” as one,
 * and the last parameter takes all that is left. What was not typed is absent.
 */
export function parseParameters(text: string, names: readonly string[]): Record<string, string> {
  const words = wordsOf(text)
  const last = names.length - 1
  return Object.fromEntries(
    names.flatMap((name, place) => {
      const word = words[place]
      if (!word) return []
      const isCutShort = place === last && words.length > names.length
      return [[name, isCutShort ? text.slice(word.start).trim() : word.said] as const]
    }),
  )
}

type Word = { said: string; start: number }

function wordsOf(text: string): Word[] {
  return [...text.matchAll(WORD)].map((match) => ({
    said: QUOTED.test(match[0]) ? match[0].slice(1, -1) : match[0],
    start: match.index,
  }))
}

/** Phones and Macs make curly quotes of straight ones. A quote that nothing closes is a letter like any other. */
const QUOTED = /^(?:"[^"]*"|[“”„][^“”„]*[“”])$/
const WORD = /(?:"[^"]*"|[“”„][^“”„]*[“”])(?=\s|$)|\S+/g
