import { type Allowed, cutToAllowed } from '../../../shared/allowed-fields.ts'
import { type EventDetail, type EventSummary, NewEvent } from '../../../shared/events.ts'
import type { AppContext } from '../../context.ts'
import { toInstant, toPage } from '../../lib/paging.ts'
import { currentSnapshot } from '../../routing/current-snapshot.ts'
import { titleOfEvent } from '../message-of-event.ts'
import { getEvent, listEvents, type SavedEvent } from '../store.ts'

type Query = { type?: string | undefined; cursor?: string | undefined; limit: number }

/** One page of accepted events, newest first, each as far as its type now allows it to be seen. */
export async function showEvents(ctx: AppContext, query: Query): Promise<{ items: EventSummary[]; next?: string }> {
  const { types } = await currentSnapshot(ctx.db)
  const rows = await listEvents(ctx.db, query)
  return toPage(rows, query.limit, (row) => summaryOf(row, readEvent(row), types.get(row.type)?.allowed))
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
