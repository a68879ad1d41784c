import { NewEvent } from '../../shared/events.ts'
import type { Db } from '../db/schema.ts'
import { listEventBodies } from './store.ts'

/** Whom events name as their recipients, by the id of the event; one that is no longer kept names nobody. */
export async function recipientsOf(db: Db, eventIds: readonly string[]): Promise<Map<string, string>> {
  const events = await listEventBodies(db, eventIds)
  return new Map(
    events.flatMap(({ id, body }) => {
      const { recipient } = NewEvent.parse(JSON.parse(body))
      return recipient === undefined ? [] : [[id, recipient] as const]
    }),
  )
}
