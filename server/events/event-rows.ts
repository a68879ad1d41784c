import type { NewEvent } from '../../shared/events.ts'
import { DEFAULT_DEDUPE_WINDOW_MS } from '../../shared/notification-types.ts'
import type { AppContext } from '../context.ts'
import type { Arrival } from '../deliveries/accept/place.ts'
import { foldedRows } from '../deliveries/folded-rows.ts'
import type { SavedDestination } from '../destinations/store.ts'
import type { SavedIntegration } from '../integrations/store.ts'
import { quietingOf } from '../quiet-hours/quiet-at.ts'
import type { QuietRules } from '../quiet-hours/rules.ts'
import type { TypeOf } from '../routing/snapshot.ts'
import type { Composed } from './compose-message.ts'
import type { DecidedEvent } from './decide-events.ts'
import { writeNotes } from './routing-notes.ts'
import type { SavedEvent } from './store.ts'

export type Made = { event: SavedEvent; arrivals: Arrival[] }
export type From = {
  source: string
  createdBy: string
  revision: number
  quiet: QuietRules
  integrations: ReadonlyMap<string, SavedIntegration>
}
/** An event with where it goes, and what it says in each integration. */
export type ReadyEvent = DecidedEvent & {
  reached: readonly SavedDestination[]
  messages: ReadonlyMap<string, Composed>
}

/** The rows of one event: itself, and a delivery for each of its destinations. */
export function rowsOfEvent(ctx: AppContext, ready: ReadyEvent, from: From): Made {
  const { event, body, recipients, messages } = ready
  const id = ctx.newId('evt')
  const arrivals = ready.reached.flatMap((destination) => {
    const composed = messages.get(destination.integrationId)
    return composed ? [arrivalOf(ctx, ready, { ...from, eventId: id, destination, composed })] : []
  })
  const failed = [...messages.values()].find(({ templateFailed }) => templateFailed !== undefined)
  const callsNobody = [...messages].flatMap(([id, composed]) => (composed.callsNobody ? [id] : []))
  const routingNotes = writeNotes({
    ...(recipients.length > 0 && { recipients }),
    ...(failed && { template: failed.templateFailed }),
    ...(callsNobody.length > 0 && { callsNobody }),
  })
  const { source, revision } = from
  const landed = landedOf(ready)
  return {
    event: {
      id,
      source,
      type: event.type,
      body,
      acceptedAt: ctx.now(),
      routingRevision: revision,
      routingNotes,
      landed,
    },
    arrivals,
  }
}

/** Whether it goes nowhere, or somewhere only because there is a fallback: for a dead end, or for want of any other place. */
function landedOf({ decision, destinationIds, reached }: ReadyEvent): SavedEvent['landed'] {
  if (reached.length === 0) return 'nowhere'
  const isFallback = decision.targets.some(({ because }) => because.some(({ kind }) => kind === 'fallback'))
  return isFallback || reached.some(({ id }) => !destinationIds.includes(id)) ? 'fallback' : null
}

type For = From & { eventId: string; destination: SavedDestination; composed: Composed }

function arrivalOf(ctx: AppContext, { event, decision }: DecidedEvent, made: For): Arrival {
  const { eventId, createdBy, destination, composed, integrations, quiet } = made
  const { type } = decision
  const folded = foldedRows(ctx, {
    destination,
    integrationName: integrations.get(destination.integrationId)?.name ?? destination.integrationId,
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
  const subject = subjectOf(event, decision.priority, destination.id)
  return { ...folded, dedupeWindowMs, isTypePaused: type?.paused === true, ...quietingOf(quiet, subject, ctx.now()) }
}

/** What quiet hours and mutes ask about a message. */
export const subjectOf = ({ type, recipient }: NewEvent, priority: Arrival['rows'][0]['priority'], id: string) => ({
  destinationId: id,
  type,
  recipient,
  priority,
})

const ofType = ({ policy, maxAttempts, nextAttemptDelayMs, foldAfter, updateTrail }: TypeOf) => ({
  policy,
  maxAttempts,
  nextAttemptDelayMs,
  foldAfter,
  updateTrail: updateTrail ? 1 : null,
})
