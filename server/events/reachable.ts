import { isDeadEnd } from '../deliveries/stopped-by.ts'
import type { SavedDestination } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'
import type { SavedIntegration } from '../integrations/store.ts'
import type { DecidedEvent } from './decide-events.ts'

/** What there is, as it stands in the transaction of the events. */
export type Known = {
  destinations: ReadonlyMap<string, SavedDestination>
  integrations: ReadonlyMap<string, SavedIntegration>
  /** Where events go whose every destination is dead. */
  fallbackIds: readonly string[]
}

/**
 * Where an event really goes. What it names must be there; what a type or a rule named may have been deleted since.
 * When each of these is a dead end, the event also goes to the fallback: held at a dead end nobody would see it.
 */
export function reachable(decided: DecidedEvent, known: Known): SavedDestination[] | Refusal {
  const { event, destinationIds } = decided
  const destinations: SavedDestination[] = []
  for (const id of destinationIds) {
    const destination = known.destinations.get(id)
    if (destination) destinations.push(destination)
    else if (event.destinations) return unknownDestination(decided, id)
  }
  if (event.destinations || destinationIds.length === 0) return destinations
  if (!destinations.every((destination) => isDead(destination, known))) return destinations
  const more = known.fallbackIds.filter((id) => !destinationIds.includes(id))
  return [...destinations, ...more.flatMap((id) => known.destinations.get(id) ?? [])]
}

function isDead(destination: SavedDestination, { integrations }: Known): boolean {
  const integration = integrations.get(destination.integrationId)
  return integration === undefined || isDeadEnd(integration, destination)
}

function unknownDestination({ event, field }: DecidedEvent, id: string): Refusal {
  const at = field(`destinations.${event.destinations?.indexOf(id)}`)
  return new Refusal('invalid', `${at}: There is no destination ${id}.`, {
    field: at,
    fix: 'Use an id from GET /api/destinations, or {"integrationId", "channel"}.',
  })
}
