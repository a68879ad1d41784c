import { type Allowed, cutToAllowed } from '../../../shared/allowed-fields.ts'
import type { ListEvents, NewEvent } from '../../../shared/events.ts'
import type { SoughtEvents } from '../list-store.ts'

/** The filter in the form that queries are made from. What is searched for by a whole id is found at once. */
export function soughtBy({ type, landed, search, from, to }: ListEvents): SoughtEvents {
  const isId = search !== undefined && WHOLE_ID.test(search)
  return {
    type,
    landed: landed === 'suppressed' ? undefined : landed,
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
    ...(isId ? { id: search } : search && { said: asSent(search) }),
  }
}

/** Whether the filter asks what no index answers, so that events have to be looked at one by one. */
export const isSifted = ({ type, landed }: ListEvents, { said }: SoughtEvents): boolean =>
  said !== undefined || landed === 'suppressed' || (landed !== undefined && type !== undefined)

/** Whether a text stands in what may be seen of an event: what its type withholds can't be guessed at by searching. */
export function says(event: NewEvent, allowed: Allowed, text: string): boolean {
  const sought = text.toLowerCase()
  const inside = (value: unknown): boolean => {
    if (typeof value === 'object' && value !== null) return Object.values(value).some(inside)
    return value !== null && String(value).toLowerCase().includes(sought)
  }
  return inside(cutToAllowed(event, allowed))
}

const WHOLE_ID = /^evt_[0-9a-hjkmnp-tv-z]{22}$/

/** The text as it may stand in JSON: some senders write everything beyond ASCII as \u0000. */
function asSent(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1)
  const ascii = plain.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return plain === ascii ? [plain] : [plain, ascii]
}
