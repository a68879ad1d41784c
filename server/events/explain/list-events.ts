import { type Allowed, cutToAllowed } from '../../../shared/allowed-fields.ts'
import {
  type EventDetail,
  type EventPage,
  type EventSummary,
  type ListEvents,
  type ListedEvent,
  NewEvent,
} from '../../../shared/events.ts'
import type { AppContext } from '../../context.ts'
import { countOfEvents, type StatesOfEvents } from '../../deliveries/of-event-store.ts'
import { optional, toInstant } from '../../lib/paging.ts'
import { currentSnapshot } from '../../routing/current-snapshot.ts'
import { endOfStrip, listEvents } from '../list-store.ts'
import { titleOfEvent } from '../message-of-event.ts'
import { getEvent, type SavedEvent } from '../store.ts'
import { isSifted, says, soughtBy } from './sought-events.ts'

/** One page of accepted events, newest first, each as far as its type now allows it to be seen. */
export async function showEvents(ctx: AppContext, query: ListEvents): Promise<EventPage> {
  const { types } = await currentSnapshot(ctx.db)
  const allowedOf = ({ type }: SavedEvent): Allowed => types.get(type)?.allowed
  const { rows, reached } = await walk(ctx, query, allowedOf)
  const given = rows.slice(0, query.limit)
  const counts = await countOfEvents(
    ctx.db,
    given.map(({ id }) => id),
  )
  const items = given.map((row) => listedEvent(row, allowedOf(row), counts))
  if (rows.length > query.limit) return { items, ...optional('next', given.at(-1)?.id) }
  if (!reached) return { items }
  const { acceptedAt } = await getEvent(ctx.db, reached)
  return { items, next: reached, searchedTo: toInstant(Number(acceptedAt)) }
}

/**
 * Events that one request looks at where no index answers, so many at a time: among ten million it takes as long as among
 * ten thousand, and events may be long.
 */
const MOST_LOOKED_AT = 5_000
const AT_A_TIME = 250
const LONGEST_MS = 1_000

type Walked = {
  rows: SavedEvent[]
  /** The walk broke off here; older ones were not looked at. */
  reached?: string
}

async function walk(ctx: AppContext, query: ListEvents, allowedOf: (row: SavedEvent) => Allowed): Promise<Walked> {
  const sought = soughtBy(query)
  const { cursor, limit } = query
  if (!isSifted(query, sought)) return { rows: await listEvents(ctx.db, sought, { after: cursor, limit }) }
  const startedAt = ctx.now()
  const rows: SavedEvent[] = []
  let after = cursor
  for (let looked = 0; looked < MOST_LOOKED_AT && ctx.now() - startedAt < LONGEST_MS; looked += AT_A_TIME) {
    const upTo = await endOfStrip(ctx.db, sought, { after, size: AT_A_TIME })
    const found = await listEvents(ctx.db, sought, { after, upTo, limit: AT_A_TIME })
    rows.push(...(await fitting(ctx, query, found, allowedOf)))
    if (rows.length > limit || upTo === undefined) return { rows }
    after = upTo
  }
  return { rows, ...(after !== undefined && { reached: after }) }
}

/** Those that also fit what only can be told of an event once it was read. */
async function fitting(
  ctx: AppContext,
  { landed, search }: ListEvents,
  rows: SavedEvent[],
  allowedOf: (row: SavedEvent) => Allowed,
): Promise<SavedEvent[]> {
  const heard = search ? rows.filter((row) => row.id === search || says(readEvent(row), allowedOf(row), search)) : rows
  if (landed !== 'suppressed') return heard
  const counts = await countOfEvents(
    ctx.db,
    heard.map(({ id }) => id),
  )
  return heard.filter(({ id }) => counts.get(id)?.suppressed)
}

/** One accepted event, without what its type does not allow to be shown. */
export async function showEvent(ctx: AppContext, id: string): Promise<EventDetail> {
  const row = await getEvent(ctx.db, id)
  const event = readEvent(row)
  const allowed = (await currentSnapshot(ctx.db)).types.get(row.type)?.allowed
  const seen = cutToAllowed(event, allowed) as Record<string, unknown>
  const withheld = Object.entries(event).flatMap(([name, value]) => (seen[name] === value ? [] : [name]))
  return { ...summaryOf(row, event, allowed), source: row.source, event: seen, withheld }
}

/** The event of a row, as it was checked when it was taken in. */
export const readEvent = (row: Pick<SavedEvent, 'body'>): NewEvent => NewEvent.parse(JSON.parse(row.body))

export function summaryOf({ id, type, acceptedAt }: SavedEvent, event: NewEvent, allowed: Allowed): EventSummary {
  return { id, type, title: titleOfEvent(cutToAllowed(event, allowed)), acceptedAt: toInstant(Number(acceptedAt)) }
}

function listedEvent(row: SavedEvent, allowed: Allowed, counts: StatesOfEvents): ListedEvent {
  return {
    ...summaryOf(row, readEvent(row), allowed),
    ...optional('landed', row.landed),
    deliveries: counts.get(row.id) ?? {},
  }
}
