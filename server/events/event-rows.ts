import type { NewEvent } from '../../shared/events.ts'
import { DEFAULT_DEDUPE_WINDOW_MS } from '../../shared/notification-types.ts'
import type { AppContext } from '../context.ts'
import type { Arrival } from '../deliveries/accept/place.ts'
import { foldedRows } from '../deliveries/folded-rows.ts'
import type { SavedDestination } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'
import type { SavedIntegration } from '../integrations/store.ts'
import { quietingOf } from '../quiet-hours/quiet-at.ts'
import type { QuietRules } from '../quiet-hours/rules.ts'
import type { TypeOf } from '../routing/snapshot.ts'
import { type Composed, composeMessage } from './compose-message.ts'
import type { DecidedEvent } from './decide-events.ts'
import { reachable } from './reachable.ts'
import { writeNotes } from './routing-notes.ts'
import type { SavedEvent } from './store.ts'

/** What the rows of events are made with, as it stands in their transaction. */
export type Known = {
  destinations: Map<string, SavedDestination>
  integrations: Map<string, SavedIntegration>
  /** Where events go whose every destination is dead. */
  fallbackIds: readonly string[]
}
export type Made = { event: SavedEvent; arrivals: Arrival[] }
type From = { source: string; createdBy: string; revision: number; quiet: QuietRules }

/** The rows of one event, or why it can't be taken in. */
export function rowsOfEvent(
  ctx: AppContext,
  decided: DecidedEvent,
  { source, createdBy, revision, quiet }: From,
  known: Known,
): Made | { error: Refusal } {
  const { event, body, decision, recipients } = decided
  const reached = reachable(decided, known)
  if (reached.unknown !== undefined) return { error: unknownDestination(decided, reached.unknown) }
  const id = ctx.newId('evt')
  const composed = composeMessage(event, decision)
  const arrivals = reached.destinations.map((destination) =>
    arrivalOf(ctx, decided, { eventId: id, createdBy, destination, composed, known, quiet }),
  )
  const routingNotes = writeNotes({
    ...(recipients.length > 0 && { recipients }),
    ...(composed.templateFailed !== undefined && { template: composed.templateFailed }),
  })
  const row = { id, source, type: event.type, body, acceptedAt: ctx.now(), routingRevision: revision, routingNotes }
  return { event: row, arrivals }
}

type For = Pick<From, 'createdBy' | 'quiet'> & {
  eventId: string
  destination: SavedDestination
  composed: Composed
  known: Known
}

function arrivalOf(ctx: AppContext, { event, decision }: DecidedEvent, made: For): Arrival {
  const { eventId, createdBy, destination, composed, known, quiet } = made
  const { type } = decision
  const folded = foldedRows(ctx, {
    destination,
    integrationName: known.integrations.get(destination.integrationId)?.name ?? destination.integrationId,
    message: composed.message,
    title: composed.title,
    origin: 'event',
    priority: decision.priority,
    createdBy,
    eventId,
    type: event.type,
    recipient: decision.recipient,
    threadKey: decision.threadKey,
    broadcast: decision.broadcast && decision.threadKey !== null ? 1 : null,
    updateKey: decision.updateKey,
    dedupeKey: decision.dedupeKey,
    ...(type && ofType(type)),
  })
  const dedupeWindowMs = type?.dedupeWindowMs ?? DEFAULT_DEDUPE_WINDOW_MS
  const { recipient } = event
  const subject = { destinationId: destination.id, type: event.type, recipient, priority: decision.priority }
  return { ...folded, dedupeWindowMs, isTypePaused: type?.paused === true, ...quietingOf(quiet, subject, ctx.now()) }
}

const ofType = ({ policy, maxAttempts, nextAttemptDelayMs, foldAfter, updateTrail }: TypeOf) => ({
  policy,
  maxAttempts,
  nextAttemptDelayMs,
  foldAfter,
  updateTrail: updateTrail ? 1 : null,
})

function unknownDestination({ event, field }: { event: NewEvent; field: DecidedEvent['field'] }, id: string): Refusal {
  const at = field(`destinations.${event.destinations?.indexOf(id)}`)
  return new Refusal('invalid', `${at}: There is no destination ${id}.`, {
    field: at,
    fix: 'Use an id from GET /api/destinations, or {"integrationId", "channel"}.',
  })
}
