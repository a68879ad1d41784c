import { insertRows } from '../db/insert-rows.ts'
import type { Db, EventsTable } from '../db/schema.ts'

export type SavedEvent = EventsTable

export async function insertEvents(db: Db, rows: readonly SavedEvent[]): Promise<void> {
  await insertRows(db, 'events', EVENT, rows)
}

const EVENT = {
  id: 'text',
  source: 'text',
  type: 'text',
  body: 'text',
  acceptedAt: 'bigint',
  routingRevision: 'bigint',
} as const satisfies {
  [Name in keyof SavedEvent]: string
}
