import { deliveryCode } from '../../../shared/delivery-codes.ts'
import type { Because, DecidedDestination } from '../../../shared/routing-rules.ts'
import type { DeliveryOfEvent } from '../../deliveries/of-event-store.ts'
import { QUIET_CODES } from '../../deliveries/quiet/quiet.ts'
import { optional, toInstant } from '../../lib/paging.ts'
import { type Decision, FALLBACK, nameOf } from '../../routing/decide.ts'
import type { SavedTarget } from '../../routing/targets.ts'
import { idOf } from '../decide-events.ts'
import type { FoundRecipient } from '../routing-notes.ts'

/** What came of one place: whether it is sent, or the one cause that keeps it. */
export type Outcome = Pick<DecidedDestination, 'outcome' | 'code' | 'reason' | 'until' | 'delivery'>

/** Somewhere that an event was to go, why, and what came of it. A recipient who was found is a destination like others. */
export type Place = { target: SavedTarget; because: Because[]; outcome: Outcome; delivery?: DeliveryOfEvent }

export const BY_EVENT: Because = { kind: 'event', name: '' }
const NOT_KNOWN: Because = { kind: 'not_known', name: '' }

/** Where the decision sends an event, each place once with all of its reasons. */
export function decidedPlaces(decision: Decision, recipients: readonly FoundRecipient[]) {
  const places = new Map<string, { target: SavedTarget; because: Because[] }>()
  for (const { target, because } of decision.targets) {
    const id = idOf(target, recipients)
    const place = id === undefined ? target : { id }
    const known = places.get(nameOf(place))
    if (known) known.because.push(...because)
    else places.set(nameOf(place), { target: place, because: [...because] })
  }
  return [...places.values()]
}

/** What became of each place, by the deliveries that there really are: only these, when what decided is not kept. */
export function placesThatWere(
  decision: Decision,
  recipients: readonly FoundRecipient[],
  deliveries: readonly DeliveryOfEvent[],
  isStateKept: boolean,
): Place[] {
  const made = new Map(deliveries.map((delivery) => [delivery.destinationId, delivery]))
  const decided = decidedPlaces(decision, recipients)
  const ids = new Set(decided.map(({ target }) => nameOf(target)))
  const others = deliveries.filter(({ destinationId }) => !ids.has(destinationId))
  const isNamed = decision.outcome === 'named_by_event'
  return [
    ...decided.map(({ target, because }): Place => {
      const delivery = made.get(nameOf(target))
      if (!delivery) return { target, because, outcome: whyNot(target, decision, recipients) }
      return { target, because, delivery, outcome: others.length > 0 ? rerouted(delivery) : outcomeOf(delivery) }
    }),
    ...others.map((delivery): Place => {
      const because = [isNamed ? BY_EVENT : isStateKept ? FALLBACK : NOT_KNOWN]
      return { target: { id: delivery.destinationId }, because, delivery, outcome: outcomeOf(delivery) }
    }),
  ]
}

/** Why there is no delivery for a place: one cause each. */
export function whyNot(target: SavedTarget, decision: Decision, recipients: readonly FoundRecipient[]): Outcome {
  if (decision.outcome === 'off') return typeOff(decision)
  if ('id' in target) return suppressed('destination_deleted', 'The destination had been deleted.')
  const found = recipients.find(({ integrationId }) => integrationId === target.integrationId)
  return suppressed('no_recipient', found && 'reason' in found ? found.reason : 'Nobody was looked for.')
}

export const typeOff = ({ type }: Decision): Outcome =>
  suppressed('type_off', `The notification type ${type?.type} is off, so nothing is sent of its events.`)

export const suppressed = (code: string, reason: string): Outcome => ({ outcome: 'suppress', code, reason })

function outcomeOf(delivery: DeliveryOfEvent): Outcome {
  const { id, state, code, dueAt } = delivery
  const shared = { delivery: { id, state }, ...(code !== null && { code, reason: deliveryCode(code).meaning }) }
  if (state === 'suppressed') return { outcome: 'suppress', code: state, ...shared }
  if (state !== 'held') return { outcome: 'send', delivery: shared.delivery }
  const isQuiet = QUIET_CODES.some((each) => each === code)
  return { outcome: 'hold', ...shared, ...optional('until', isQuiet ? toInstant(Number(dueAt)) : null) }
}

function rerouted({ id, state, code }: DeliveryOfEvent): Outcome {
  const cause = state === 'held' && code !== null ? ` (${code})` : ''
  const reason = `Nothing arrived there when the event came${cause}, so the fallback has it as well.`
  return { outcome: 'reroute', code: 'dead_destination', reason, delivery: { id, state } }
}
