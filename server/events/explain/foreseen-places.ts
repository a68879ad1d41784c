import { deliveryCode } from '../../../shared/delivery-codes.ts'
import type { NewEvent } from '../../../shared/events.ts'
import { isDeadEnd, stoppedBy } from '../../deliveries/stopped-by.ts'
import { TYPE_PAUSED } from '../../deliveries/waiting-store.ts'
import { toInstant } from '../../lib/paging.ts'
import { quietAt } from '../../quiet-hours/quiet-at.ts'
import { type Decision, FALLBACK } from '../../routing/decide.ts'
import type { Snapshot } from '../../routing/snapshot.ts'
import type { SavedTarget } from '../../routing/targets.ts'
import { subjectOf } from '../event-rows.ts'
import type { Known } from '../reachable.ts'
import type { FoundRecipient } from '../routing-notes.ts'
import type { NewPlaces } from './drafts.ts'
import { BY_EVENT, decidedPlaces, type Outcome, type Place, typeOff, whyNot } from './places.ts'

type Foreseeing = {
  event: NewEvent
  decision: Decision
  recipients: readonly FoundRecipient[]
  /** What the event names itself. */
  named: readonly SavedTarget[]
  snapshot: Snapshot
  known: Known
  places: NewPlaces
  at: number
}

/** What would become of each place of an event that came now. */
export function foreseenPlaces(seeing: Foreseeing): Place[] {
  const { event, decision, recipients, named, known } = seeing
  const decided = [...named.map((target) => ({ target, because: [BY_EVENT] })), ...decidedPlaces(decision, recipients)]
  const places = decided.map((place): Place => ({ ...place, outcome: foreseen(place.target, seeing) }))
  if (event.destinations || decision.outcome === 'off' || decided.length === 0) return places
  if (!decided.every(({ target }) => isDead(target, seeing))) return places
  const more = known.fallbackIds.filter((id) => !decided.some(({ target }) => 'id' in target && target.id === id))
  if (more.length === 0) return places
  return [
    ...places.map((place) => (place.outcome.outcome === 'hold' ? { ...place, outcome: REROUTED } : place)),
    ...more.map((id): Place => ({ target: { id }, because: [FALLBACK], outcome: foreseen({ id }, seeing) })),
  ]
}

const REROUTED: Outcome = {
  outcome: 'reroute',
  code: 'dead_destination',
  reason: 'Nothing arrives there now, so the fallback would have it as well.',
}

function isDead(target: SavedTarget, { known, places }: Foreseeing): boolean {
  if (!('id' in target)) return true
  const destination = known.destinations.get(target.id)
  if (!destination) return !places.has(target.id)
  const integration = known.integrations.get(destination.integrationId)
  return !integration || isDeadEnd(integration, destination)
}

function foreseen(target: SavedTarget, seeing: Foreseeing): Outcome {
  const { event, decision, recipients, snapshot, known, places, at } = seeing
  if (decision.outcome === 'off') return typeOff(decision)
  if (!('id' in target))
    return isLookedUp(target, recipients) ? { outcome: 'send' } : whyNot(target, decision, recipients)
  const destination = known.destinations.get(target.id)
  if (!destination) return places.has(target.id) ? { outcome: 'send' } : whyNot(target, decision, recipients)
  const integration = known.integrations.get(destination.integrationId)
  const quiet = quietAt(snapshot.body.quiet, subjectOf(event, decision.priority, target.id), at)
  const code = decision.type?.paused
    ? TYPE_PAUSED
    : (quiet?.code ?? (integration && stoppedBy(integration, destination)))
  if (code === undefined) return { outcome: 'send' }
  if (code === quiet?.code) return { outcome: 'hold', code, reason: quiet.reason, until: toInstant(quiet.until) }
  return { outcome: 'hold', code, reason: deliveryCode(code).meaning }
}

/** Somebody is named, and is looked up when the event comes: a trial asks nothing of Slack. */
const isLookedUp = (target: SavedTarget, recipients: readonly FoundRecipient[]): boolean =>
  !('id' in target) && !recipients.some(({ integrationId }) => integrationId === target.integrationId)
