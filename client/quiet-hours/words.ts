import type { AtEnd, QuietHours, QuietScope } from '../../shared/quiet-hours.ts'
import { withQuery } from '../lib/api.ts'

/** What becomes of what waited, in a word for a table and a sentence for a form. */
export const atEndWords: Record<AtEnd, { name: string; means: string }> = {
  digest: {
    name: 'One digest',
    means: 'A list of all that waited, the rest in its thread. A single message is simply sent.',
  },
  send: { name: 'Sent one by one', means: 'In the order they were accepted in, each marked as delayed.' },
  drop: { name: 'Dropped', means: 'Never sent. They stay in the log and can be replayed from there.' },
}

export const scopeKinds: Record<QuietScope['kind'], string> = {
  everything: 'Everything',
  destination: 'A destination',
  type: 'A type of event',
  person: 'A person',
}

const SCOPE_NOTES: Record<QuietScope['kind'], string | undefined> = {
  everything: undefined,
  destination: 'destination',
  type: 'type of event',
  person: 'person',
}

/** What kind of thing a name stands for; nothing beside "Everything". */
export const scopeNote = ({ kind }: QuietScope): string | undefined => SCOPE_NOTES[kind]

export const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** `every day`, `Mon to Fri`, `Sat, Sun`. */
export function daysWords(days: readonly number[]): string {
  if (days.length === 7) return 'every day'
  const sorted = [...days].sort()
  const names = sorted.map((day) => DAYS[day - 1])
  const isRun = sorted.every((day, place) => place === 0 || day === (sorted[place - 1] ?? 0) + 1)
  return isRun && names.length > 2 ? `${names[0]} to ${names.at(-1)}` : names.join(', ')
}

/** `22:00 to 07:00`. */
export const hoursWords = ({ from, to }: Pick<QuietHours, 'from' | 'to'>): string =>
  from === to ? `All day from ${from}` : `${from} to ${to}`

/** The log, with what waits because of something. */
export function heldLink(scope: QuietScope, code: 'quiet_hours' | 'muted'): string {
  return withQuery('/deliveries', { state: 'held', code, ...about(scope) })
}

function about(scope: QuietScope): Record<string, string> {
  switch (scope.kind) {
    case 'everything':
      return {}
    case 'destination':
      return { destinationId: scope.id }
    case 'type':
      return { type: scope.type }
    case 'person':
      return { recipient: scope.recipient }
  }
}
