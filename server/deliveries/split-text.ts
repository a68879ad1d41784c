/**
 * Cuts Slack markup into pieces of at most `most` characters that, put together again, are the text: after a paragraph,
 * a line, a sentence or a word where there is one, and never inside a link or mention, an entity or a character.
 */
export function cutText(text: string, most: number): string[] {
  const pieces: string[] = []
  for (let from = 0; from < text.length; ) {
    const end = text.length - from <= most ? text.length : placeToCut(text, from, from + most)
    pieces.push(text.slice(from, end))
    from = end
  }
  return pieces
}

/** The same, with a code block that goes over a cut closed before it and opened again after it. */
export function splitText(text: string, most: number): string[] {
  if (text.length <= most) return [text]
  let isCode = false
  return cutText(text, most - ROOM_FOR_FENCES).map((piece) => {
    const opened = isCode ? `${FENCE}\n${piece}` : piece
    if (piece.split(FENCE).length % 2 === 0) isCode = !isCode
    return isCode ? `${opened}${opened.endsWith('\n') ? '' : '\n'}${FENCE}` : opened
  })
}

const FENCE = '```'
/** One opened again before the piece, one closed after it, each with its line break. */
const ROOM_FOR_FENCES = 8

/** Where a piece may end, the better ones first. */
const PLACES = [/\n\n+/g, /\n/g, /[.!?…][)"'”’]*\s/g, /\s/g]
/** A piece shorter than this share is no better for ending at a nicer place. */
const LEAST_SHARE = 0.5

function placeToCut(text: string, from: number, end: number): number {
  const least = from + Math.ceil((end - from) * LEAST_SHARE)
  const late = text.slice(least, end)
  for (const place of PLACES) {
    const ends = [...late.matchAll(place)].map((match) => least + match.index + match[0].length)
    const at = ends
      .slice(-MOST_LOOKS)
      .reverse()
      .find((each) => isWhole(text, from, each))
    if (at !== undefined) return at
  }
  for (let at = end; at > least; at -= 1) if (isWhole(text, from, at)) return at
  // A mark longer than a piece can't stay whole; a character can.
  return isLowSurrogate(text.charCodeAt(end)) ? end - 1 : end
}

/** Text that was made to have a mark around every place would else be looked through for each of them. */
const MOST_LOOKS = 50

function isWhole(text: string, from: number, at: number): boolean {
  const after = text.charAt(at)
  if (isLowSurrogate(text.charCodeAt(at)) || JOINS.test(after) || text.charAt(at - 1) === '\u200d') return false
  if (after === '`' && text.charAt(at - 1) === '`') return false
  const before = text.slice(Math.max(from, at - LONGEST_MARK), at)
  const opens = before.lastIndexOf('<')
  if (opens >= 0 && MARK.test(before.slice(opens) + text.slice(at, at + LONGEST_MARK))) {
    const closes = text.indexOf('>', at - before.length + opens)
    if (closes >= at) return false
  }
  return !ENTITY_CUT.test(before.slice(-5)) || !/^\w{0,4};/.test(text.slice(at, at + 5))
}

/** Longer than the longest address that Slack takes. */
const LONGEST_MARK = 3_100
const MARK = /^<[^<>\n]+>/
const ENTITY_CUT = /&\w{0,4}$/
/** What belongs to the character before it. */
const JOINS = /^(?:\p{M}|\u200d)/u

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff
