import { plainWord } from '../mentions/markup.ts'
import { escaped } from './marks.ts'

/** What a link may lead to. Anything else, such as javascript:, is shown as plain words. */
const SAFE_URL = /^(?:https?:\/\/|mailto:)[^\s]+$/i

export const isLink = (url: string): boolean => SAFE_URL.test(url)

/** A link of Slack's markup; words without an address that may be followed are only words. */
export function linkTo(words: string, url: string): string {
  const address = url.trim()
  if (!isLink(address)) return escaped(words || address)
  const safe = escaped(address.replace(/[<>|\s]/g, encodeURIComponent))
  const label = escaped(words.trim()).replaceAll('|', '¦')
  return label === '' ? `<${safe}>` : `<${safe}|${label}>`
}

/**
 * Markup that somebody wrote elsewhere, fit to stand in a message: emphasis, links and dates stay; whoever it would
 * call (`<!channel>`, `<@U1>`) is shown as text and called by nobody.
 */
export function tamed(markup: string): string {
  return markup.replace(/<[^<>]*>|[<>]|&(?!(?:amp|lt|gt);)/g, (part, at: number) => {
    if (part === '>' && isLineStart(markup, at)) return part
    return HARMLESS.test(part) ? part : escaped(part)
  })
}

const HARMLESS = /^<(?:https?:\/\/[^\s<>]+|mailto:[^\s<>]+|#C[A-Z0-9]+|!date\^\d+\^[^<>]*)(?:\|[^<>]*)?>$/i

/** A `>` there makes a quotation. */
const isLineStart = (text: string, at: number): boolean => at === 0 || text[at - 1] === '\n'

/** Takes from markup whatever would call somebody: a test shows who would be called, and calls nobody. */
export function callingNobody(markup: string): string {
  return markup.replace(/<(?:!(?:here|channel|everyone)(?:\|[^<>]*)?|!subteam\^[^<>]*|@[^<>]*)>/g, (call) => {
    const [target = '', label] = call.slice(1, -1).split('|')
    return plainWord(label ?? (target.startsWith('!subteam') ? '@group' : `@${target.replace(/^[!@]/, '')}`))
  })
}

const CALLS = /^<(?:@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+|!here|!channel|!everyone)(?:\|[^<>]*)?>$/

/** Whether markup calls a person or a group, and does nothing else. */
export const isCall = (markup: string): boolean => CALLS.test(markup)

/** A text in at most so many characters, counted as Slack counts them: `&` takes five once it is escaped. */
export function truncated(text: string, most: number, ending = '…'): string {
  const room = Math.max(0, most - lengthEscaped(ending))
  let used = 0
  let kept = 0
  let fits = 0
  for (const char of text) {
    used += LENGTHS[char] ?? char.length
    if (used > most) return `${text.slice(0, fits)}${most < lengthEscaped(ending) ? '' : ending}`
    kept += char.length
    if (used <= room) fits = kept
  }
  return text
}

const LENGTHS: Record<string, number> = { '&': 5, '<': 4, '>': 4 }

const lengthEscaped = (text: string): number => [...text].reduce((sum, char) => sum + (LENGTHS[char] ?? char.length), 0)
