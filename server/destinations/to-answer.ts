import type { Destination } from '../../shared/destinations.ts'
import { optional, toInstant } from '../lib/paging.ts'
import type { SavedDestination } from './store.ts'

/** A destination as the API tells of it: never a webhook's address. */
export function toDestination(row: SavedDestination): Destination {
  return {
    id: row.id,
    integrationId: row.integrationId,
    kind: row.kind,
    name: row.name,
    target: row.target,
    ...(row.isPrivate !== null && { isPrivate: row.isPrivate === 1 }),
    state: stateOf(row),
    ...optional('code', stateOf(row) === 'paused' ? row.pauseCode : row.code),
    stateSince: toInstant(row.disabledAt ?? row.pausedAt ?? row.stateAt),
    ...optional('pausedBy', row.pausedBy),
    ...optional('owner', row.owner),
    ...optional('note', row.note),
    ...optional('lastDeliveredAt', row.lastDeliveredAt === null ? null : toInstant(row.lastDeliveredAt)),
    createdAt: toInstant(row.createdAt),
  }
}

/** What people did to it comes before what was found out about it. */
function stateOf({ disabledAt, pausedAt, state }: SavedDestination): Destination['state'] {
  if (disabledAt !== null) return 'disabled'
  return pausedAt === null ? state : 'paused'
}
