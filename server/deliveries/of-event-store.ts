import { sql } from 'kysely'
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
