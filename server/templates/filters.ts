import type { Liquid } from 'liquidjs'
import { plainWord } from '../mentions/markup.ts'
import { readWord } from '../mentions/read-word.ts'
import { escaped, jsonOf, Markup, wordsOf } from './marks.ts'
import { isCall, linkTo, tamed, truncated } from './mrkdwn.ts'

/** What the filters of one rendering ask, and what they tell. */
export type Asked = {
  /** The markup that calls a word, if the workspace knows it. */
  mentionOf: (word: string) => string | undefined
  unresolved: Set<string>
}

/** Where the filters of a rendering find what was asked. */
export const ASKED = Symbol('asked')

/** The filters that Slack needs, instead of those of the same names. Each checks what it is given: it comes from outside. */
export function registerFilters(liquid: Liquid): void {
  for (const [name, filter] of Object.entries(FILTERS)) liquid.registerFilter(name, filter)
}

type This = { context: { environments: object } }

const FILTERS = {
  link: (words: unknown, url: unknown) => new Markup(linkTo(wordsOf(words), wordsOf(url))),
  mrkdwn: (text: unknown) => (text instanceof Markup ? text : new Markup(tamed(wordsOf(text)))),
  json: (value: unknown) => jsonOf(value),
  truncate: (text: unknown, most: unknown, ending: unknown) =>
    truncated(wordsOf(text), wholeNumber(most, 50), ending === undefined ? '…' : wordsOf(ending)),
  slack_date: (at: unknown, format: unknown) => {
    const instant = instantOf(at)
    return instant === undefined ? at : new Markup(slackDate(instant, format === undefined ? DATE : wordsOf(format)))
  },
  date: (at: unknown, format: unknown, zone: unknown) => {
    const instant = instantOf(at)
    if (instant === undefined) return at
    return written(instant, format === undefined ? '%Y-%m-%d %H:%M' : wordsOf(format), zoneOf(zone))
  },
  mention(this: This, who: unknown) {
    const asked = (this.context.environments as { [ASKED]?: Asked })[ASKED]
    const calls = (Array.isArray(who) ? who : [who]).map((one) => callOf(one, asked)).filter((call) => call !== '')
    return new Markup(calls.join(' '))
  },
}

/**
 * Who is called by a word; one whom nobody knows stands there as text, and is told of. Everybody at once is called by
 * the mentions of a type and its rules, or by what a template says itself, never by what an event brings.
 */
function callOf(who: unknown, asked: Asked | undefined): string {
  if (who instanceof Markup) return who.markup
  const word = wordsOf(who).trim()
  if (word === '') return ''
  if (readWord(word).kind === 'special') return plainWord(word)
  const known = asked?.mentionOf(word)
  if (known !== undefined && isCall(known)) return known
  asked?.unresolved.add(word)
  return escaped(word)
}

const DATE = '{date_short_pretty} {time}'

/** A date that Slack shows each reader in their own time zone; where it can't, in UTC. */
function slackDate(instant: Date, format: string): string {
  const fallback = `${written(instant, '%d %b %Y %H:%M', 'UTC')} UTC`
  return `<!date^${Math.floor(instant.getTime() / 1_000)}^${format.replace(/[<>^|]/g, '')}|${fallback}>`
}

/** An ISO date, or seconds or milliseconds since 1970; anything else is left as it is. */
function instantOf(at: unknown): Date | undefined {
  const number = typeof at === 'number' ? at : typeof at === 'string' && /^\d{9,14}$/.test(at) ? Number(at) : undefined
  const date = number === undefined ? new Date(String(at)) : new Date(number < 1e11 ? number * 1_000 : number)
  const isDate = number !== undefined || (typeof at === 'string' && /^\d{4}-\d\d-\d\d/.test(at))
  return isDate && Number.isFinite(date.getTime()) ? date : undefined
}

function zoneOf(zone: unknown): string {
  const name = zone === undefined ? 'UTC' : wordsOf(zone)
  if (!formatters.has(name)) formatters.set(name, formatterOf(name))
  return name
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(zone: string): Intl.DateTimeFormat {
  // So many zones exist; what is made of hostile names is not kept.
  if (formatters.size > 600) formatters.clear()
  try {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'short',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      weekday: 'short',
      timeZoneName: 'longOffset',
    })
  } catch {
    throw new Error(`There is no time zone ${zone.slice(0, 60)}: write it as Europe/Berlin or UTC`)
  }
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October']
MONTHS.push('November', 'December')
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** A time by a pattern of `%` letters; a letter that means nothing is left as it is. */
function written(instant: Date, format: string, zone: string): string {
  const parts = Object.fromEntries(
    (formatters.get(zone) ?? formatterOf(zone)).formatToParts(instant).map(({ type, value }) => [type, value]),
  )
  const month = MONTHS.findIndex((name) => name.startsWith((parts.month ?? '').slice(0, 3)))
  const day = DAYS.find((name) => name.startsWith(parts.weekday ?? '')) ?? ''
  const hour = Number(parts.hour)
  const letters: Record<string, string> = {
    Y: parts.year ?? '',
    y: (parts.year ?? '').slice(-2),
    m: String(month + 1).padStart(2, '0'),
    B: MONTHS[month] ?? '',
    b: (MONTHS[month] ?? '').slice(0, 3),
    d: parts.day ?? '',
    e: String(Number(parts.day)),
    A: day,
    a: day.slice(0, 3),
    H: parts.hour ?? '',
    k: String(hour),
    I: String(hour % 12 || 12).padStart(2, '0'),
    l: String(hour % 12 || 12),
    M: parts.minute ?? '',
    S: parts.second ?? '',
    p: hour < 12 ? 'AM' : 'PM',
    P: hour < 12 ? 'am' : 'pm',
    z: (parts.timeZoneName ?? '').replace('GMT', '').replace(':', '') || '+0000',
    Z: zone,
    s: String(Math.floor(instant.getTime() / 1_000)),
    '%': '%',
  }
  letters.F = `${letters.Y}-${letters.m}-${letters.d}`
  letters.T = `${letters.H}:${letters.M}:${letters.S}`
  return format.replace(/%-?(.)/g, (all, letter: string) => {
    const value = letters[letter]
    return value === undefined ? all : all.startsWith('%-') ? value.replace(/^0(?=\d)/, '') : value
  })
}

function wholeNumber(value: unknown, otherwise: number): number {
  const number = Math.floor(Number(value ?? otherwise))
  return Number.isFinite(number) ? Math.max(0, number) : otherwise
}
