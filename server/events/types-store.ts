import { sql } from 'kysely'
import type { Db } from '../db/schema.ts'

/**
 * The types of all events, by name, each with its newest event. Goes along the index from one type to the next, so that
 * a million events of a type cost as much as one.
 */
export async function listEventTypes(db: Db, limit: number): Promise<{ type: string; acceptedAt: number }[]> {
  const { rows } = await sql<{ type: string; acceptedAt: number }>`
    with recursive seen(type, place) as (
      select * from (select min(type), 1 from events) as first_type
      union all
      select (select min(type) from events where type > seen.type), place + 1
      from seen where seen.type is not null and place < ${limit}
    )
    select seen.type, events.accepted_at
    from seen join events on events.id = (select max(id) from events where type = seen.type)
    order by seen.type`.execute(db)
  return rows
}
