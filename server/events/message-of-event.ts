import type { Message } from '../../shared/deliveries.ts'
import type { NewEvent } from '../../shared/events.ts'
import { escaped } from '../deliveries/standard-message.ts'

type Block = Record<string, unknown>
/** What its type adds to it; mentions as they stand in Slack. */
export type Additions = { emoji?: string | null; mentions?: readonly string[] }

/**
 * What an event says in Slack: its title, who is called, its text, its link, and what it is. Without a text, what its
 * data says.
 */
export function messageOfEvent(event: Omit<NewEvent, 'destinations'>, additions: Additions = {}): Message {
  const { title, text, url } = event
  const words = text ?? (event.data && wordsOfData(event.data))
  const heading = title ?? (words === undefined ? event.type : undefined)
  const begin = additions.emoji ? `${additions.emoji} ` : ''
  const called = additions.mentions?.length ? additions.mentions.join(' ') : undefined
  const blocks: Block[] = [
    ...(heading === undefined ? [] : [section(begin + bold(heading))]),
    ...(called === undefined ? [] : [section(heading === undefined ? begin + called : called)]),
    ...(words === undefined ? [] : [section((heading ?? called) ? words : begin + words)]),
    ...(url === undefined ? [] : [section(linkTo(url))]),
    { type: 'context', elements: [{ type: 'mrkdwn', text: kindOf(event) }] },
  ]
  const plain = [
    heading === undefined ? undefined : escaped(heading),
    called,
    words,
    url === undefined ? undefined : linkTo(url),
  ]
  return { text: begin + plain.filter((line) => line !== undefined).join('\n'), blocks }
}

/** The first line of what it says, for lists. */
export function titleOfEvent({ title, text, type }: Pick<NewEvent, 'title' | 'text' | 'type'>): string {
  const line = title ?? text?.split('\n', 1)[0] ?? type
  return line.length > MOST_TITLE ? `${line.slice(0, MOST_TITLE - 1).toWellFormed()}…` : line
}

const MOST_TITLE = 120
const MOST_DATA_LINES = 20
const MOST_DATA_CHARS = 300

const section = (text: string): Block => ({ type: 'section', text: { type: 'mrkdwn', text } })

/** A star inside would end the bold early, so it is left as written. */
const bold = (title: string): string => (title.includes('*') ? escaped(title) : `*${escaped(title)}*`)

/** An address may hold no character that ends or divides a link. */
const linkTo = (url: string): string => `<${url.replace(/[<>|\s]/g, encodeURIComponent)}>`

const kindOf = ({ type, category, severity }: Pick<NewEvent, 'type' | 'category' | 'severity'>): string =>
  [type, category, severity].flatMap((word) => (word === undefined ? [] : [escaped(word)])).join('  ·  ')

function wordsOfData(data: Record<string, unknown>): string | undefined {
  const entries = Object.entries(data)
  const lines = entries.slice(0, MOST_DATA_LINES).map(([name, value]) => {
    const told = typeof value === 'string' ? value : JSON.stringify(value)
    return `${escaped(beginOf(name))}: ${escaped(beginOf(told))}`
  })
  if (lines.length === 0) return undefined
  const more = entries.length - lines.length
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
}

const beginOf = (text: string): string =>
  text.length > MOST_DATA_CHARS ? `${text.slice(0, MOST_DATA_CHARS - 1).toWellFormed()}…` : text
