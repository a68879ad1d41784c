import { isDeadEnd } from '../deliveries/stopped-by.ts'
import type { SavedDestination } from '../destinations/store.ts'
import type { DecidedEvent } from './decide-events.ts'
import type { Known } from './event-rows.ts'

/** Where an event goes, or the destination that it names and nobody knows. */
export type Reachable = { destinations: SavedDestination[]; unknown?: string }

/**
 * Where an event really goes. What it names must be there; what a type or a rule named may have been deleted since.
 * When each of these is a dead end, the event also goes to the fallback: held at a dead end nobody would see it.
 */
export function reachable({ event, destinationIds }: DecidedEvent, known: Known): Reachable {
  const destinations: SavedDestination[] = []
  for (const id of destinationIds) {
    const destination = known.destinations.get(id)
    if (destination) destinations.push(destination)
    else if (event.destinations) return { destinations: [], unknown: id }
  }
  if (event.destinations || destinationIds.length === 0) return { destinations }
  if (!destinations.every((destination) => isDead(destination, known))) return { destinations }
  const more = known.fallbackIds.filter((id) => !destinationIds.includes(id))
  return { destinations: [...destinations, ...more.flatMap((id) => known.destinations.get(id) ?? [])] }
}

function isDead(destination: SavedDestination, { integrations }: Known): boolean {
  const integration = integrations.get(destination.integrationId)
  return integration === undefined || isDeadEnd(integration, destination)
}
