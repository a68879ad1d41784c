import { z } from 'zod'
import { MOST_EVENTS, NewEvent } from '../../shared/events.ts'
import { Refusal } from '../errors.ts'
import { refusalOf } from '../lib/routes.ts'

/** One event as it was checked, and as it was sent. */
export type ReadEvent = { event: NewEvent; body: string; field: (path: string) => string }

/** Made into code once: that checks a good event in a third of the time. What it refuses the schema itself looks at again. */
const CheckedEvent = z.compile(NewEvent)

export const MOST_EVENT_BYTES = 256 * 1024

/** The events of a body; refuses all of them over the first that is wrong, and names its place. */
export function readEvents(value: unknown, text: string): { events: ReadEvent[]; isBatch: boolean } {
  if (!Array.isArray(value)) return { events: [readEvent(value, text.trim(), (path) => path)], isBatch: false }
  if (value.length === 0 || value.length > MOST_EVENTS) {
    throw new Refusal('invalid', `A list of events has 1 to ${MOST_EVENTS}; this one has ${value.length}.`, {
      field: 'body',
      fix: 'Send them in several requests.',
    })
  }
  const bodies = itemsOf(text)
  const events = value.map((item: unknown, place) =>
    readEvent(item, bodies[place] ?? '', (path) => (path ? `${place}.${path}` : String(place))),
  )
  return { events, isBatch: true }
}

function readEvent(value: unknown, body: string, field: ReadEvent['field']): ReadEvent {
  if (Buffer.byteLength(body) > MOST_EVENT_BYTES) {
    throw new Refusal('too_large', `An event is at most ${MOST_EVENT_BYTES / 1024} kB.`, { field: field('') || 'body' })
  }
  const parsed = CheckedEvent.safeParse(value)
  if (parsed.success) return { event: parsed.data, body, field }
  const { message, field: at, fix } = refusalOf(parsed.error)
  const path = field(at ?? '')
  throw new Refusal('invalid', at && path !== at ? message.replace(at, path) : message, { field: path || 'body', fix })
}

/**
 * The texts of a JSON array's items, as they were sent: made anew from its values they could lose digits and keys. The
 * text is known to be JSON.
 */
function itemsOf(text: string): string[] {
  const items: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at)
        break
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        depth += 1
        if (depth === 1) from = at + 1
        break
      case COMMA:
        if (depth > 1) break
        items.push(text.slice(from, at).trim())
        from = at + 1
        break
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        depth -= 1
        if (depth === 0) items.push(text.slice(from, at).trim())
    }
  }
  return items
}

/** Where the closing quote stands; one after an odd number of backslashes is part of the string. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return end
  }
  return text.length
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
