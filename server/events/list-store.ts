import type { SelectQueryBuilder } from 'kysely'
import { sql } from 'kysely'
import { containsText, goingAlong } from '../db/engine.ts'
import type { Database, Db, EventsTable } from '../db/schema.ts'
import { firstIdAt } from '../lib/ids.ts'
import type { SavedEvent } from './store.ts'

/** What the list is narrowed to. */
export type SoughtEvents = {
  id?: string | undefined
  type?: string | undefined
  landed?: 'nowhere' | 'fallback' | undefined
  /** Accepted at or after, and before. */
  from?: number | undefined
  to?: number | undefined
  /** Any of these stands in the body, as it was sent. */
  said?: readonly string[] | undefined
}
/** From after one event, newest first, to another, which is still in it. */
export type Strip = { after?: string | undefined; upTo?: string | undefined; limit: number }

/** Events in order, newest first, and one more than asked for when more follow. */
export async function listEvents(db: Db, sought: SoughtEvents, { limit, ...strip }: Strip): Promise<SavedEvent[]> {
  const { said, type } = sought
  return along(db, sought, strip)
    .selectAll()
    .$if(sought.landed !== undefined && type !== undefined, (query) => query.where('type', '=', type ?? ''))
    .$if(said !== undefined, (query) =>
      query.where(({ or }) => or((said ?? []).map((text) => containsText(db, 'events.body', text)))),
    )
    .limit(limit + 1)
    .execute()
}

/** The event that is so many on, by the index alone: what lies before it may be looked at. Undefined: there are fewer. */
export async function endOfStrip(
  db: Db,
  sought: SoughtEvents,
  { after, size }: { after?: string | undefined; size: number },
): Promise<string | undefined> {
  const row = await along(db, sought, { after })
    .select('id')
    .offset(size - 1)
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

type Events = SelectQueryBuilder<Database, 'events', unknown>

/** One index answers for all of these conditions: an event that is met on the way is one that fits them. */
function along(db: Db, sought: SoughtEvents, { after, upTo }: Omit<Strip, 'limit'>): Events {
  const { id, landed, type, from, to } = sought
  let query: Events = db.selectFrom(goingAlong<EventsTable, 'events'>(db, 'events', indexFor(sought)))
  if (id !== undefined) query = query.where('id', '=', id)
  // Written as in the index: else an engine can't tell that the index holds all of them.
  else if (landed) query = query.where('landed', 'is not', null).where('landed', '=', sql.lit(landed))
  else if (type !== undefined) query = query.where('type', '=', type)
  if (from !== undefined) query = query.where('id', '>=', firstIdAt('evt', from))
  if (to !== undefined) query = query.where('id', '<', firstIdAt('evt', to))
  if (after) query = query.where('id', '<', after)
  if (upTo) query = query.where('id', '>=', upTo)
  return query.orderBy('id', 'desc')
}

function indexFor({ id, landed, type }: SoughtEvents): string {
  if (id !== undefined) return 'sqlite_autoindex_events_1'
  if (landed) return 'events_by_landed'
  return type === undefined ? 'sqlite_autoindex_events_1' : 'events_by_type'
}
