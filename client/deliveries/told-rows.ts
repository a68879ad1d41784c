import type { InfiniteData } from '@tanstack/react-query'
import type { DeliveryPage, DeliverySummary } from '../../shared/deliveries.ts'
import type { DeliveryFilter } from './filter.ts'

export type LogPages = InfiniteData<DeliveryPage, unknown>

/**
 * The list with what the live view told: what it holds changes where it stands, what is new goes where its instant
 * puts it, and what belongs to pages not loaded yet is left to them.
 */
export function withTold(log: LogPages, told: readonly DeliverySummary[], { by, from }: DeliveryFilter): LogPages {
  const latest = new Map(told.map((delivery) => [delivery.id, delivery]))
  const pages = log.pages.map((page) => ({
    ...page,
    items: page.items.map((row) => {
      const now = latest.get(row.id)
      latest.delete(row.id)
      return now ?? row
    }),
  }))
  // Requests to Slack have an order of their own, which a summary does not tell.
  if (by === 'attempted') return { ...log, pages }
  const isLater = (a: DeliverySummary, b: DeliverySummary) => placeOf(a, by) > placeOf(b, by)
  for (const row of latest.values()) {
    if (from && Date.parse(instantOf(row, by)) < Date.parse(from)) continue
    const page = pages.find(({ items }) => items.some((other) => isLater(row, other)))
    if (page) {
      const at = page.items.findIndex((other) => isLater(row, other))
      page.items.splice(at, 0, row)
      continue
    }
    const last = pages.at(-1)
    if (last && (!last.next || (last.searchedTo && instantOf(row, by) > last.searchedTo))) last.items.push(row)
  }
  return { ...log, pages }
}

/** How many of these the list does not hold yet. */
export function countNew(rows: readonly DeliverySummary[], told: readonly DeliverySummary[]): number {
  return new Set(splitNew(rows, told).fresh.map(({ id }) => id)).size
}

/** Those that the list holds, and those that it does not hold yet. */
export function splitNew(rows: readonly DeliverySummary[], told: readonly DeliverySummary[]) {
  const known = new Set(rows.map(({ id }) => id))
  return { held: told.filter(({ id }) => known.has(id)), fresh: told.filter(({ id }) => !known.has(id)) }
}

/** Ids are in order of the instants they were made at. */
function placeOf(row: DeliverySummary, by: string | undefined): string {
  return by === 'ended' ? `${instantOf(row, by)} ${row.id}` : row.id
}

function instantOf({ createdAt, endedAt }: DeliverySummary, by: string | undefined): string {
  return by === 'ended' ? (endedAt ?? createdAt) : createdAt
}
