import type { AcceptedEvent } from '../../shared/events.ts'
import type { AppContext } from '../context.ts'
import { durableWrites } from '../db/durable-writes.ts'
import type { Db } from '../db/schema.ts'
import { together } from '../db/together.ts'
import { type GateLimits, openGate } from '../deliveries/accept/gate.ts'
import { type Accepted, type RequestKey, readKey, takeIn, type Written } from '../deliveries/accept/idempotency.ts'
import { type Arrival, insertArrivals, place } from '../deliveries/accept/place.ts'
import { destinationFinder } from '../destinations/find-or-create.ts'
import { listDestinationsByIds } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'
import { listIntegrationsByIds } from '../integrations/store.ts'
import { currentSnapshot, keepSnapshot, lastSnapshot, whenKept } from '../routing/current-snapshot.ts'
import type { Snapshot } from '../routing/snapshot.ts'
import { readRevision } from '../routing/store.ts'
import { type Actor, sourceOf } from '../users/actor.ts'
import { composeMessages } from './compose-messages.ts'
import { type DecidedEvent, decideEvents } from './decide-events.ts'
import { type Made, type ReadyEvent, rowsOfEvent } from './event-rows.ts'
import { type Known, reachable } from './reachable.ts'
import type { ReadEvent } from './read-events.ts'
import { insertEvents, type SavedEvent } from './store.ts'

export type EventRequest = {
  actor: Actor
  events: ReadEvent[]
  isBatch: boolean
  /** As the caller sent them. */
  idempotencyKey?: string | undefined
  body: Uint8Array
}
type Item = Omit<EventRequest, 'events'> & {
  source: string
  requestKey: RequestKey | undefined
  events: DecidedEvent[]
  snapshot: Snapshot
}

/** Takes events in: once the answer is there, they and their deliveries are on disk. All of a request's, or none. */
export function eventTaker(
  ctx: AppContext,
  limits?: GateLimits,
): (request: EventRequest) => Promise<Extract<Accepted, { kind: 'accepted' }>> {
  const enter = openGate(ctx, limits)
  const find = destinationFinder(ctx)
  const write = (db: Db, items: Item[]) => takeIn(ctx, db, items, (trx, fresh) => writeEvents(ctx, trx, fresh))
  const keep = durableWrites(ctx.db, write, MOST_PER_COMMIT, countOf)

  return async (request) => {
    const source = sourceOf(request.actor)
    const { events, body } = request
    const requestKey = readKey(request.idempotencyKey, source, ['POST /api/events\n', body])
    return enter({ source, count: events.length, bytes: body.length }, async () => {
      for (let round = 0; round < MOST_ROUNDS; round += 1) {
        const snapshot = await (round === 0 ? lastSnapshot(ctx.db) : currentSnapshot(ctx.db))
        const item = {
          ...request,
          source,
          requestKey,
          snapshot,
          events: await decideEvents(ctx, find, request.actor, events, snapshot),
        }
        refuseTooMany(item)
        const accepted = await keep(item).catch(refusedFor)
        if (accepted.kind === 'accepted') {
          // A repeat gets the first answer again: nothing was written by this snapshot, so it may not be kept yet.
          if (!accepted.isReplay) whenKept(ctx.db, snapshot)
          ctx.nudge('deliveries')
          return accepted
        }
        if (!(accepted.error instanceof Outdated)) throw accepted.error
      }
      throw new Refusal('unavailable', 'The rules keep changing, so nothing could be decided by them.', {
        retryAfterSeconds: 1,
      })
    })
  }
}

/** So many deliveries take a fraction of a second to write, while nothing else is written. */
const MOST_PER_COMMIT = 1_000
const MOST_DELIVERIES = 5_000
const MOST_ROUNDS = 10

/** The rules have changed since the events were decided: it is done again, by those that hold now. */
class Outdated extends Error {}

function refusedFor(error: unknown): Accepted {
  if (error instanceof Outdated) return { kind: 'refused', error }
  throw error
}

const countOf = ({ events }: Item): number =>
  events.reduce((count, { destinationIds }) => count + Math.max(1, destinationIds.length), 0)

function refuseTooMany(item: Item): void {
  if (countOf(item) <= MOST_DELIVERIES) return
  throw new Refusal('invalid', `One request makes at most ${MOST_DELIVERIES} messages.`, {
    field: 'body',
    fix: 'Send the events in several requests.',
  })
}

/** Writes the events of several requests. What can be refused is refused before the first row is written. */
async function writeEvents(ctx: AppContext, trx: Db, items: Item[]): Promise<Written> {
  const [{ snapshot } = { snapshot: undefined }] = items
  if (!snapshot) return { results: [] }
  const [revision, known] = await together(trx, [(one) => readRevision(one), (one) => readKnown(one, items, snapshot)])
  if (items.some((item) => item.snapshot.revision !== revision)) throw new Outdated()
  const reached = items.map((item) => reachedBy(item, known))
  const taken = reached.flatMap((events) => (events instanceof Refusal ? [] : events))
  const messages = await composeMessages(ctx, trx, taken, snapshot)
  const from = { revision, quiet: snapshot.body.quiet, integrations: known.integrations }
  const made = items.map((item, place): Made[] | Refusal => {
    const events = reached[place]
    if (!events || events instanceof Refusal) return events ?? []
    const of = { ...from, source: item.source, createdBy: item.actor.name }
    return events.map((each) => rowsOfEvent(ctx, { ...each, messages: messages.get(each) ?? new Map() }, of))
  })
  const whole = made.flatMap((rows) => (rows instanceof Refusal ? [] : rows))
  const arrivals = whole.flatMap((rows) => rows.arrivals)
  await placeAll(ctx, trx, { events: whole.map(({ event }) => event), arrivals, snapshot })
  const results = made.map((rows, place) =>
    rows instanceof Refusal ? { error: rows } : { answer: answerOf(rows, items[place]?.isBatch) },
  )
  return { results, last: (one) => insertArrivals(one, arrivals) }
}

type Placing = { events: SavedEvent[]; arrivals: Arrival[]; snapshot: Snapshot }

async function placeAll(ctx: AppContext, trx: Db, { events, arrivals, snapshot }: Placing): Promise<void> {
  if (events.length === 0) return
  await keepSnapshot(trx, ctx.db, snapshot, ctx.now())
  // The events first: the lanes, which workers wait for, are locked for as short a time as can be.
  await together(trx, [(one) => insertEvents(one, events), (one) => place(one, arrivals, ctx.now())])
}

async function readKnown(trx: Db, items: Item[], { body }: Snapshot): Promise<Known> {
  const fallbackIds = body.fallback.flatMap((target) => ('id' in target ? [target.id] : []))
  const ids = new Set<string>()
  for (const { events } of items) {
    for (const { event, destinationIds } of events) {
      for (const id of destinationIds) ids.add(id)
      if (!event.destinations) for (const id of fallbackIds) ids.add(id)
    }
  }
  const destinations = await listDestinationsByIds(trx, [...ids])
  const integrationIds = new Set([...destinations.values()].map(({ integrationId }) => integrationId))
  return { destinations, fallbackIds, integrations: await listIntegrationsByIds(trx, [...integrationIds]) }
}

/** The events of a request with where they go, or why it is refused. */
function reachedBy({ events }: Item, known: Known): Omit<ReadyEvent, 'messages'>[] | Refusal {
  const all: Omit<ReadyEvent, 'messages'>[] = []
  for (const decided of events) {
    const reached = reachable(decided, known)
    if (reached instanceof Refusal) return reached
    all.push({ ...decided, reached })
  }
  return all
}

function answerOf(made: Made[], isBatch: boolean | undefined): string {
  const items = made.map(
    ({ event, arrivals }): AcceptedEvent => ({
      id: event.id,
      deliveries: arrivals.map(({ rows: [{ id, destinationId, state }] }) => ({
        id,
        destination: destinationId,
        state,
      })),
    }),
  )
  return JSON.stringify(isBatch ? { items } : items[0])
}
