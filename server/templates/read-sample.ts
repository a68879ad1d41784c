import { NewEvent } from '../../shared/events.ts'
import { Refusal } from '../errors.ts'
import { refusalOf } from '../lib/routes.ts'

/** An example of an event, checked as an event is; only its type may be left out. Refuses with the place of the field. */
export function readSample(sample: Record<string, unknown>, field: string): Record<string, unknown> {
  const parsed = NewEvent.safeParse({ type: 'example', ...sample })
  if (parsed.success) return parsed.data
  const { message, field: at, fix } = refusalOf(parsed.error)
  const path = at ? `${field}.${at}` : field
  throw new Refusal('invalid', at ? message.replace(at, path) : message, { field: path, fix })
}
