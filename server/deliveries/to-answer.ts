import {
  type Attempt,
  type Delivery,
  type DeliveryCounts,
  type DeliverySummary,
  Message,
} from '../../shared/deliveries.ts'
import { optional, toInstant } from '../lib/paging.ts'
import { shownKey } from './hidden-key.ts'
import type { ListedDelivery, StateCount } from './log/walk-store.ts'
import type { SavedWait } from './quiet/waits-store.ts'
import type { Related } from './related-store.ts'
import { cancellableStates, replayableStates, waitingStates } from './states.ts'
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
    ...optional('type', row.type),
    ...optional('recipient', row.recipient),
    action: row.action ?? 'post',
    ...optional('permalink', row.permalink),
  }
}

/** What a delivery's page tells beside its row. */
export type Beside = {
  attempts: SavedAttempt[]
  related: Related[]
  /** The Slack app, for links to its own pages. */
  appId: string | undefined
  file: Delivery['file']
  place: Pick<Delivery, 'ahead' | 'expectedAt'> | undefined
  wait: SavedWait | undefined
}

/** The whole of one delivery, explained. */
export function toDelivery(row: SavedDelivery, { attempts, related, appId, file, place, wait }: Beside): Delivery {
  return {
    ...toSummary(row),
    createdBy: row.createdBy,
    ...optional('replayOf', row.replayOf),
    message: Message.parse(JSON.parse(row.message)),
    ...optional('messageTs', row.messageTs),
    ...optional('detail', row.detail),
    ...optional('faultyBlock', faultyBlock(row, attempts)),
    ...place,
    ...optional('threadKey', shownKey(row.threadKey)),
    ...optional('updateKey', shownKey(row.updateKey)),
    ...optional('dedupeKey', shownKey(row.dedupeKey)),
    ...optional('file', file),
    related: related.map(toRelated),
    canReplay: isReplayable(row),
    canCancel: isCancellable(row),
    attempts: attempts.map(toAttempt),
    timeline: timeline(row, attempts, { appId, related, wait }),
  }
}

/** It did not arrive, and nothing happens to it any more by itself. */
export function isReplayable({ state, rank }: Pick<SavedDelivery, 'state' | 'rank'>): boolean {
  return rank === null && replayableStates.some((each) => each === state)
}

/** Nobody has begun to send it, and nobody has given it up. */
const isCancellable = ({ state, claimedBy, endedAt, foldedInto }: SavedDelivery): boolean =>
  claimedBy === null && endedAt === null && foldedInto === null && cancellableStates.some((each) => each === state)

export function toCounts(counts: StateCount[]): DeliveryCounts {
  const oldestAt = Math.min(...counts.map((row) => row.oldestAt))
  const statesAtLeast = [...new Set(counts.flatMap(({ state, atLeast }) => (atLeast ? [state] : [])))]
  const atLeast = statesAtLeast.length > 0
  const byState: DeliveryCounts['byState'] = {}
  for (const { state, count } of counts) byState[state] = (byState[state] ?? 0) + count
  return {
    byState,
    total: counts.reduce((sum, { count }) => sum + count, 0),
    ...(atLeast && { atLeast, statesAtLeast }),
    ...(counts.length > 0 && !atLeast && { oldestAt: toInstant(oldestAt) }),
  }
}

/** Slack points at the block it refuses by a JSON pointer into what was sent: `/blocks/2/text`. */
function faultyBlock({ state, detail }: SavedDelivery, attempts: SavedAttempt[]): number | null {
  const last = attempts.findLast(({ outcome }) => outcome === 'permanent')
  if (state === 'delivered' || !last) return null
  const pointed = /\/blocks\/(\d{1,2})(?!\d)/.exec(`${detail ?? ''} ${last.response}`)
  return pointed ? Number(pointed[1]) : null
}

function toRelated({ id, why, destinationId, destinationName, title, state }: Related): Delivery['related'][number] {
  return { id, why, destination: destinationName ?? destinationId, title, state }
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
