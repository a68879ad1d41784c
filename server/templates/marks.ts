/**
 * What a template puts in is marked until the JSON around it is read: only then is it known whether a text is Slack
 * markup, where `&`, `<` and `>` are escaped, or a plain one, an address or a value, which are sent as they are.
 */
const WORDS = '\uFDD0'
const MARKUP = '\uFDD1'
const END = '\uFDD2'
/** Characters that Unicode keeps out of texts; they are taken out of every source and value, so nobody can forge a mark. */
const ALL_MARKS = /[\uFDD0-\uFDD2]/g

export const isMark = (code: number): boolean => code >= 0xfdd0 && code <= 0xfdd2

/** Slack markup that one of our filters made: it is not escaped again. As a plain text it is the words in it. */
export class Markup {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }

  toString(): string {
    return wordsOfMarkup(this.markup)
  }
}

/** A piece of JSON with marks in it: a whole value, or what a text between quotes may hold. */
export class MarkedJson {
  readonly json: string

  constructor(json: string) {
    this.json = json
  }

  toString(): string {
    try {
      return resolved(JSON.parse(`"${this.json}"`) as string, 'plain')
    } catch {
      return this.json.replace(ALL_MARKS, '')
    }
  }
}

/** A source without marks, each place in it kept. */
export const withoutMarks = (source: string): string => source.replace(ALL_MARKS, '\uFFFD')

/** What an output of a template writes into the JSON around it. */
export function marked(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof MarkedJson) return value.json
  if (value instanceof Markup) return `${MARKUP}${inJson(value.markup)}${END}`
  if (Array.isArray(value)) return markedList(value)
  return `${WORDS}${inJson(wordsOf(value))}${END}`
}

function markedList(values: readonly unknown[]): string {
  const between = values.every((value) => value instanceof Markup) ? ' ' : ', '
  return values.map(marked).join(between)
}

/** A value as JSON, each text in it marked. */
export function jsonOf(value: unknown): MarkedJson {
  const json = JSON.stringify(value ?? null, (_name, held: unknown) => {
    if (held instanceof Markup) return `${MARKUP}${clean(held.markup)}${END}`
    return typeof held === 'string' ? `${WORDS}${clean(held)}${END}` : held
  })
  return new MarkedJson(json)
}

/** A value in words: a list or an object as JSON. */
export function wordsOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' && !(value instanceof Markup) ? JSON.stringify(value) : String(value)
}

/** A text without its marks. `mrkdwn`: it is read as markup, so what was put in is escaped. */
export function resolved(text: string, as: 'mrkdwn' | 'plain'): string {
  if (!text.includes(END)) return text
  let written = ''
  let from = 0
  for (const { 0: span, 1: mark, 2: held = '', index } of text.matchAll(SPAN)) {
    written += text.slice(from, index)
    written += as === 'mrkdwn' ? inMarkup(written, mark === MARKUP ? held : escaped(held)) : plainOf(mark, held)
    from = index + span.length
  }
  return written + text.slice(from)
}

const plainOf = (mark: string | undefined, held: string): string => (mark === MARKUP ? wordsOfMarkup(held) : held)

/** Right behind a `<` of the template an address is meant: what would call somebody there is kept from it by a mark of no width. */
const inMarkup = (before: string, held: string): string =>
  before.endsWith('<') && /^[!@]/.test(held) ? `\u2060${held}` : held

const SPAN = /([\uFDD0\uFDD1])([^\uFDD0-\uFDD2]*)\uFDD2/g

/** Text that people wrote, made safe to stand inside Slack's markup: these three characters begin or end its marks. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** What people read of markup: the words of a link, the name of who is called. */
function wordsOfMarkup(markup: string): string {
  return markup
    .replace(/<([^<>|]*)(?:\|([^<>]*))?>/g, (_all, target: string, label?: string) => label ?? wordOf(target))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

const wordOf = (target: string): string => (/^!(here|channel|everyone)$/.test(target) ? `@${target.slice(1)}` : target)

const clean = (text: string): string => text.replace(ALL_MARKS, '')

const inJson = (text: string): string => JSON.stringify(clean(text)).slice(1, -1)
