import type { Allowed } from '../../../shared/allowed-fields.ts'
import type { NewEvent } from '../../../shared/events.ts'
import type { RouteDestination } from '../../../shared/route-targets.ts'
import type { DecidedDestination, Explanation } from '../../../shared/routing-rules.ts'
import { optional, toInstant } from '../../lib/paging.ts'
import type { Decision } from '../../routing/decide.ts'
import type { SavedTarget } from '../../routing/targets.ts'
import type { Place } from './places.ts'
import { shownParts } from './shown-parts.ts'

/** Everything that was weighed for an event. */
export type Weighed = {
  eventId?: string
  event: NewEvent
  /** What of the event may be shown. */
  allowed: Allowed
  decidedAt: number
  decision: Decision
  /** What decided is no longer kept, so the decision is one by nothing. */
  isStateGone?: boolean
  places: readonly Place[]
  templateFailed?: string | undefined
  /** The integrations where the template calls by a word that nobody answers to. */
  callsNobody: readonly string[]
  show: (target: SavedTarget) => RouteDestination
  /** Whom the words call in an integration, as Slack's markup; those that call nobody are not in it. */
  mentionsIn: (integrationId: string) => ReadonlyMap<string, string>
}

/** The same as it is told: no value in it that the event's type does not allow to be shown. */
export function toExplanation(weighed: Weighed): Explanation {
  const { eventId, event, allowed, decidedAt, decision, isStateGone, places, show } = weighed
  const destinations = places.map((place) => toDecided(place, weighed))
  const goes = destinations.some(({ outcome }) => outcome !== 'suppress')
  return {
    ...optional('eventId', eventId),
    decidedAt: toInstant(decidedAt),
    type: { name: event.type, outcome: isStateGone ? 'not_known' : decision.outcome },
    rules: decision.rules.map((tried) => {
      const { id, name, condition, destinations, mentions, priority, stop } = tried.rule
      return {
        ...{ id, name, condition, mentions, priority, stop },
        outcome: tried.outcome,
        parts: shownParts(tried, event, allowed),
        destinations: destinations.map(show),
      }
    }),
    destinations,
    ...(!goes && { nothing: isStateGone ? NO_LONGER_KEPT : whyNothing(event, decision, destinations) }),
  }
}

function toDecided({ target, because, outcome, delivery }: Place, weighed: Weighed): DecidedDestination {
  const { decision, templateFailed } = weighed
  const destination = delivery ? nameAsSent(weighed.show(target), delivery) : weighed.show(target)
  const called = weighed.mentionsIn(destination.integrationId)
  return {
    destination,
    because,
    priority: delivery?.priority ?? decision.priority,
    mentions: decision.mentions.map((asked) => ({ asked, ...optional('became', called.get(asked)) })),
    template: decision.template,
    ...optional('templateFailed', templateFailed),
    ...(weighed.callsNobody.includes(destination.integrationId) && { callsNobody: true }),
    ...outcome,
  }
}

const NO_LONGER_KEPT = 'The types and rules that held then are no longer kept, so why can’t be told any more.'

/** A destination that was deleted since goes by the name that it had. */
function nameAsSent(shown: RouteDestination, delivery: NonNullable<Place['delivery']>): RouteDestination {
  if (shown.integrationId !== '') return shown
  const { integrationId, destinationKind, destinationName } = delivery
  const kind = destinationKind === 'person' || destinationKind === 'webhook' ? destinationKind : 'channel'
  return { ...shown, integrationId, kind, name: destinationName ?? shown.name }
}

function whyNothing(event: NewEvent, decision: Decision, destinations: DecidedDestination[]): string {
  const { type } = event
  if (decision.outcome === 'off')
    return `The notification type ${type} is off: its events are kept, and nothing is sent.`
  if (destinations.length > 0) return 'Nothing goes to any of its destinations; each says why.'
  const setUp = decision.type
    ? `The notification type ${type} has no destinations`
    : `No notification type is called ${type}`
  return `${setUp}, no rule sends the event anywhere, and there is no fallback.`
}
