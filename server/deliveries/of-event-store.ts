import { sql } from 'kysely'
import type { DeliveryState } from '../../shared/deliveries.ts'
import { oneOf } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import type { SavedDelivery } from './store.ts'

export type DeliveryOfEvent = Pick<
  SavedDelivery,
  | 'id'
  | 'integrationId'
  | 'destinationId'
  | 'destinationKind'
  | 'destinationName'
  | 'state'
  | 'code'
  | 'dueAt'
  | 'priority'
>

/** What an event became when it was accepted: neither its continuations nor what was sent again later. */
export async function listOfEvent(db: Db, eventId: string): Promise<DeliveryOfEvent[]> {
  return db
    .selectFrom('deliveries')
    .select([
      'id',
      'integrationId',
      'destinationId',
      'destinationKind',
      'destinationName',
      'state',
      'code',
      'dueAt',
      'priority',
    ])
    .where('eventId', '=', eventId)
    .where('origin', '=', sql.lit('event' as const))
    .where('partOf', 'is', null)
    .where('replayOf', 'is', null)
    .orderBy('id')
    .execute()
}

/** How many deliveries each event has, by state. */
export type StatesOfEvents = ReadonlyMap<string, Partial<Record<DeliveryState, number>>>

/** Counts the deliveries of some events; one that has none is not in it. */
export async function countOfEvents(db: Db, eventIds: readonly string[]): Promise<StatesOfEvents> {
  if (eventIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('deliveries')
    .select((row) => ['eventId', 'state', row.fn.countAll().as('count')])
    .where('eventId', 'in', oneOf(db, eventIds))
    .groupBy(['eventId', 'state'])
    .execute()
  const counts = new Map<string, Partial<Record<DeliveryState, number>>>()
  for (const { eventId, state, count } of rows) {
    counts.set(eventId ?? '', { ...counts.get(eventId ?? ''), [state]: Number(count) })
  }
  return counts
}
