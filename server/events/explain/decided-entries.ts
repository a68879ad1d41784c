import type { TimelineEntry } from '../../../shared/deliveries.ts'
import type {
  Because,
  ConditionPart,
  DecidedDestination,
  Explanation,
  RuleTrial,
} from '../../../shared/routing-rules.ts'
import type { AppContext } from '../../context.ts'
import { findEvent } from '../store.ts'
import { explainEvent } from './explain-event.ts'

type Asked = { eventId?: string | undefined; destinationId: string; replayOf?: string | undefined }

/** What brought the message of an event to its destination, for the time line of the delivery. */
export async function decidedEntries(ctx: AppContext, delivery: Asked): Promise<TimelineEntry[]> {
  const { eventId, destinationId, replayOf } = delivery
  if (eventId === undefined || replayOf !== undefined) return []
  // Deliveries may be kept longer than the events that they came from.
  if (!(await findEvent(ctx.db, eventId))) return []
  const explanation = await explainEvent(ctx, eventId)
  const decided = explanation.destinations.find(({ destination }) => destination.id === destinationId)
  return decided ? [toEntry(explanation, decided)] : []
}

function toEntry({ decidedAt, rules }: Explanation, decided: DecidedDestination): TimelineEntry {
  const { because, template, templateFailed, callsNobody, mentions } = decided
  if (because.some(({ kind }) => kind === 'not_known')) return { at: decidedAt, tone: 'neutral', ...NOT_KNOWN }
  const tried = because.flatMap(({ id }) => rules.find((rule) => rule.id === id) ?? [])
  const unknown = mentions.flatMap(({ asked, became }) => (became === undefined ? [asked] : []))
  const notes = [
    ...tried.map(matched),
    ...(template !== null && templateFailed === undefined ? [`Written by the template ${template}`] : []),
    ...(templateFailed === undefined ? [] : [`The standard message, not the template ${template}: ${templateFailed}`]),
    ...(callsNobody ? [CALLS_NOBODY] : []),
    ...(unknown.length === 0 ? [] : [`Nobody answers to ${unknown.join(', ')}`]),
  ]
  return {
    at: decidedAt,
    tone: templateFailed === undefined ? 'neutral' : 'warn',
    title: `Sent here by ${because.map(nameOf).join(', ')}`,
    ...(notes.length > 0 && { note: `${notes.join('. ')}.` }),
  }
}

const CALLS_NOBODY = 'The template calls somebody whom nobody answers to: the name stands there as text'

const NOT_KNOWN = {
  title: 'Sent here',
  note: 'The types and rules that held then are no longer kept, so which of them sent it can’t be told any more.',
}

function nameOf({ kind, name }: Because): string {
  switch (kind) {
    case 'event':
      return 'the event, which names this destination'
    case 'type':
      return `the notification type ${name}`
    case 'rule':
      return `the rule ${name}`
    case 'fallback':
      return 'the fallback'
    case 'not_known':
      return 'what held then'
  }
}

/** What made a rule match, with the values that may be seen. */
function matched({ name, condition, parts }: RuleTrial): string {
  const held = parts.filter(({ outcome }) => outcome === 'true').map((part) => told(condition, part))
  return `${name}: ${held.length > 0 ? held.join(', ') : condition}`
}

function told(condition: string, { start, end, saw, withheld }: ConditionPart): string {
  const text = condition.slice(start, end)
  if (withheld) return `${text} (value not shown)`
  return saw === undefined ? text : `${text} (was ${JSON.stringify(saw)})`
}
