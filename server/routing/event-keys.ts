import { isAllowed } from '../../shared/allowed-fields.ts'
import { lookUp } from '../../shared/conditions/fields.ts'
import type { NewEvent } from '../../shared/events.ts'
import { hiddenKey } from '../deliveries/hidden-key.ts'
import type { TypeOf } from './snapshot.ts'

type Key = 'threadKey' | 'updateKey' | 'dedupeKey'

/**
 * The key of an event's messages: its own, or the one that a field of it gives. One whose field may not be seen is kept
 * as its hash, which is as good a key and shown nowhere.
 */
export function keyOf(event: NewEvent, key: Key, field: string | null | undefined, type: TypeOf | undefined) {
  const own = event[key]
  if (own !== undefined) return isAllowed(type?.allowed, key) ? own : hiddenKey(own)
  const derived = derivedKey(event, field)
  return derived === null || isAllowed(type?.allowed, field ?? '') ? derived : hiddenKey(derived)
}

/** It holds for its type alone: the number 3 of a door and of a report are two things. */
function derivedKey(event: NewEvent, field: string | null | undefined): string | null {
  if (field == null) return null
  const value = lookUp({ event }, field.split('.'))
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null
  const key = `${event.type} ${field} ${value}`
  return key.length <= MOST_KEY ? key : hiddenKey(key)
}

/** As long as a key that an event brings itself may be. */
const MOST_KEY = 200
