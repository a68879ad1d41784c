import {
  type Attempt,
  type Delivery,
  type DeliveryCounts,
  type DeliverySummary,
  Message,
} from '../../shared/deliveries.ts'
import { optional, toInstant } from '../lib/paging.ts'
import type { countByState, ListedDelivery } from './list-store.ts'
import { waitingStates } from './states.ts'
import type { SavedAttempt, SavedDelivery } from './store.ts'
import { timeline } from './timeline.ts'

/** A delivery as a list tells of it. */
export function toSummary(row: ListedDelivery): DeliverySummary {
  const waits = waitingStates.some((state) => state === row.state)
  return {
    id: row.id,
    ...optional('eventId', row.eventId),
    integrationId: row.integrationId,
    integrationName: row.integrationName ?? row.integrationId,
    destination: {
      id: row.destinationId,
      kind: row.destinationKind ?? 'channel',
      name: row.destinationName ?? row.destinationId,
    },
    origin: row.origin,
    title: row.title,
    state: row.state,
    priority: row.priority,
    createdAt: toInstant(row.createdAt),
    ...(waits && { dueAt: toInstant(row.dueAt) }),
    ...optional('endedAt', row.endedAt === null ? null : toInstant(row.endedAt)),
    ...optional('deliveredAt', row.deliveredAt === null ? null : toInstant(row.deliveredAt)),
    ...optional('tookMs', row.endedAt === null ? null : row.endedAt - row.createdAt),
    tries: row.tries,
    ...optional('code', row.code),
    ...optional('mark', row.mark),
  }
}

/** The whole of one delivery, explained. */
export function toDelivery(row: SavedDelivery, attempts: SavedAttempt[], appId: string | undefined): Delivery {
  return {
    ...toSummary(row),
    createdBy: row.createdBy,
    ...optional('replayOf', row.replayOf),
    message: Message.parse(JSON.parse(row.message)),
    ...optional('messageTs', row.messageTs),
    ...optional('permalink', row.permalink),
    attempts: attempts.map(toAttempt),
    timeline: timeline(row, attempts, appId),
  }
}

export function toCounts(counts: Awaited<ReturnType<typeof countByState>>): DeliveryCounts {
  const oldestAt = Math.min(...counts.map((row) => row.oldestAt))
  return {
    byState: Object.fromEntries(counts.map(({ state, count }) => [state, count])),
    total: counts.reduce((sum, { count }) => sum + count, 0),
    ...(counts.length > 0 && { oldestAt: toInstant(oldestAt) }),
  }
}

function toAttempt(row: SavedAttempt): Attempt {
  return {
    ...optional('number', row.number),
    method: row.method,
    startedAt: toInstant(row.startedAt),
    tookMs: row.tookMs,
    outcome: row.outcome,
    ...optional('code', row.code),
    ...optional('httpStatus', row.httpStatus),
    ...optional('requestId', row.requestId),
    ...optional('retryAfterMs', row.retryAfterMs),
    request: JSON.parse(row.request),
    response: JSON.parse(row.response),
  }
}
