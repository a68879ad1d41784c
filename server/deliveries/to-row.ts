import type { DeliverySummary, Message, Priority } from '../../shared/deliveries.ts'
import type { AppContext } from '../context.ts'
import type { SavedDestination } from '../destinations/store.ts'
import type { LookResult, SendResult } from '../providers/provider.ts'
import type { SavedAttempt, SavedDelivery } from './store.ts'

/** What a new delivery is made from. */
export type NewDelivery = {
  destination: Pick<SavedDestination, 'id' | 'integrationId' | 'kind' | 'name'>
  integrationName: string
  message: Message
  origin: DeliverySummary['origin']
  priority: Priority
  createdBy: string
  eventId?: string
  replayOf?: string
  /** Not before then; now when left out. */
  dueAt?: number
} & Partial<
  Pick<
    SavedDelivery,
    | 'title'
    | 'type'
    | 'recipient'
    | 'action'
    | 'threadKey'
    | 'threadTs'
    | 'broadcast'
    | 'updateKey'
    | 'updateTrail'
    | 'dedupeKey'
    | 'targetId'
    | 'partOf'
    | 'policy'
    | 'maxAttempts'
    | 'nextAttemptDelayMs'
    | 'foldAfter'
    | 'fileId'
    | 'replayId'
  >
>

/** The place of a priority in a destination's line; tests that somebody watches go before all of them. */
export const ranks = { urgent: 0, normal: 1, low: 2 } as const satisfies Record<Priority, number>

/** The row of a delivery that waits for its first attempt. Names are written down, so that history outlives them. */
export function deliveryOf(ctx: AppContext, wanted: NewDelivery): SavedDelivery {
  const { destination, message } = wanted
  const now = ctx.now()
  return {
    id: ctx.newId('dlv'),
    eventId: wanted.eventId ?? null,
    integrationId: destination.integrationId,
    integrationName: wanted.integrationName,
    destinationId: destination.id,
    destinationKind: destination.kind,
    destinationName: destination.name,
    origin: wanted.origin,
    title: wanted.title ?? titleOf(message),
    message: JSON.stringify(message),
    priority: wanted.priority,
    state: 'pending',
    stateAt: now,
    tries: 0,
    dueAt: wanted.dueAt ?? now,
    claimedBy: null,
    leaseEndsAt: null,
    createdAt: now,
    createdBy: wanted.createdBy,
    endedAt: null,
    deliveredAt: null,
    messageTs: null,
    conversationId: null,
    permalink: null,
    code: null,
    mark: null,
    replayOf: wanted.replayOf ?? null,
    rank: wanted.origin === 'test' ? -1 : ranks[wanted.priority],
    queueAt: wanted.dueAt ?? now,
    type: wanted.type ?? null,
    recipient: wanted.recipient ?? null,
    action: wanted.action ?? 'post',
    threadKey: wanted.threadKey ?? null,
    threadTs: wanted.threadTs ?? null,
    broadcast: wanted.broadcast ?? null,
    updateKey: wanted.updateKey ?? null,
    updateTrail: wanted.updateTrail ?? null,
    dedupeKey: wanted.dedupeKey ?? null,
    targetId: wanted.targetId ?? null,
    partOf: wanted.partOf ?? null,
    foldedInto: null,
    duplicateOf: null,
    policy: wanted.policy ?? null,
    maxAttempts: wanted.maxAttempts ?? null,
    nextAttemptDelayMs: wanted.nextAttemptDelayMs ?? null,
    foldAfter: wanted.foldAfter ?? null,
    unsureSince: null,
    looks: null,
    fileId: wanted.fileId ?? null,
    uploadId: null,
    replayId: wanted.replayId ?? null,
    detail: null,
  }
}

type By = Pick<NewDelivery, 'origin' | 'createdBy'>

/** What a delivery about the same message, in the same line, has in common with this one. */
export const alike = (row: SavedDelivery, by: By) => ({
  ...by,
  destination: {
    id: row.destinationId,
    integrationId: row.integrationId,
    kind: row.destinationKind as NewDelivery['destination']['kind'],
    name: row.destinationName ?? row.destinationId,
  },
  integrationName: row.integrationName ?? row.integrationId,
  priority: row.priority,
})

/** The row of what takes this one's message out of Slack. */
export function deletionOf(ctx: AppContext, row: SavedDelivery, by: By): SavedDelivery {
  const message = JSON.parse(row.message) as Message // it was checked when it was taken in
  return deliveryOf(ctx, { ...alike(row, by), message, title: row.title, action: 'delete', targetId: row.id })
}

type Asked = Pick<SavedDelivery, 'id' | 'integrationId' | 'tries'>
type Times = { startedAt: number; endedAt: number }

/** The row of one request and its answer, its texts bounded. The provider has taken the secrets out. */
export function attemptOf(id: string, delivery: Asked, result: SendResult, times: Times): SavedAttempt {
  const number = result.kind === 'rate_limited' ? null : delivery.tries + 1
  return { ...requestRow(id, delivery, result, times), number }
}

/** The row of a look for a message, which uses up no attempt. */
export function lookAttemptOf(id: string, delivery: Asked, result: LookResult, times: Times): SavedAttempt {
  return { ...requestRow(id, delivery, result, times), number: null }
}

function requestRow(id: string, delivery: Asked, result: SendResult | LookResult, { startedAt, endedAt }: Times) {
  const { exchange } = result
  return {
    id,
    deliveryId: delivery.id,
    integrationId: delivery.integrationId,
    method: exchange.method,
    startedAt,
    endedAt,
    tookMs: exchange.tookMs,
    outcome: result.kind,
    code: 'code' in result ? result.code : null,
    httpStatus: exchange.httpStatus ?? null,
    requestId: exchange.requestId ?? null,
    retryAfterMs: result.kind === 'rate_limited' ? result.waitMs : null,
    request: bounded(exchange.request ?? null, MOST_REQUEST_CHARS),
    response: bounded(exchange.response ?? null, MOST_RESPONSE_CHARS),
  }
}

/** The form Slack gives the address of a message; undefined before the workspace is known. */
export function permalinkOf(workspaceUrl: string | null, conversationId: string | null, ts: string | null) {
  if (!workspaceUrl || !conversationId || !ts) return null
  return `${workspaceUrl.replace(/\/$/, '')}/archives/${conversationId}/p${ts.replace('.', '')}`
}

const MOST_REQUEST_CHARS = 64_000
const MOST_RESPONSE_CHARS = 8_192
const MOST_TITLE_CHARS = 120

/** The first line of what it says. */
function titleOf({ text }: Message): string {
  const line = text.trim().split('\n', 1)[0] ?? ''
  return line.length > MOST_TITLE_CHARS ? `${line.slice(0, MOST_TITLE_CHARS - 1)}…` : line
}

/** JSON of at most so many characters; what is longer is kept as the beginning of its text. */
function bounded(value: unknown, most: number): string {
  const json = JSON.stringify(value)
  return json.length <= most ? json : JSON.stringify({ cutAfter: most, text: json.slice(0, most / 2) })
}
