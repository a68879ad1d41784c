import type { AcceptedEvent } from '../../shared/events.ts'
import { DEFAULT_DEDUPE_WINDOW_MS } from '../../shared/notification-types.ts'
import type { AppContext } from '../context.ts'
import { durableWrites } from '../db/durable-writes.ts'
import type { Db } from '../db/schema.ts'
import { type GateLimits, openGate } from '../deliveries/accept/gate.ts'
import { type Accepted, type RequestKey, readKey, takeIn } from '../deliveries/accept/idempotency.ts'
import { type Arrival, insertArrivals, place } from '../deliveries/accept/place.ts'
import { foldedRows } from '../deliveries/folded-rows.ts'
import { destinationFinder } from '../destinations/find-or-create.ts'
import { listDestinationsByIds, type SavedDestination } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'
import { listIntegrationsByIds, type SavedIntegration } from '../integrations/store.ts'
import { findTypeSettings, type SavedType } from '../routing/store.ts'
import { type Actor, sourceOf } from '../users/actor.ts'
import { messageOfEvent, titleOfEvent } from './message-of-event.ts'
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
type Routed = ReadEvent & { destinationIds: string[] }
type Item = Omit<EventRequest, 'events'> & { source: string; events: Routed[]; requestKey: RequestKey | undefined }

/** Takes events in: once the answer is there, they and their deliveries are on disk. All of a request's, or none. */
export function eventTaker(
  ctx: AppContext,
  limits?: GateLimits,
): (request: EventRequest) => Promise<Extract<Accepted, { kind: 'accepted' }>> {
  const enter = openGate(ctx, limits)
  const findOrCreate = destinationFinder(ctx)
  const write = (db: Db, items: Item[]) => takeIn(ctx, db, items, (trx, fresh) => writeEvents(ctx, trx, fresh))
  const keep = durableWrites(ctx.db, write, MOST_PER_COMMIT, countOf)

  return async (request) => {
    const source = sourceOf(request.actor)
    const { events, body } = request
    const requestKey = readKey(request.idempotencyKey, source, ['POST /api/events\n', body])
    return enter({ source, count: events.length, bytes: body.length }, async () => {
      const item = { ...request, source, requestKey, events: await routed(request, findOrCreate) }
      if (countOf(item) > MOST_DELIVERIES) {
        throw new Refusal('invalid', `One request makes at most ${MOST_DELIVERIES} messages.`, {
          field: 'body',
          fix: 'Send the events in several requests.',
        })
      }
      const accepted = await keep(item)
      if (accepted.kind === 'refused') throw accepted.error
      ctx.nudge('deliveries')
      return accepted
    })
  }
}

/** So many deliveries take a fraction of a second to write, while nothing else is written. */
const MOST_PER_COMMIT = 1_000
const MOST_DELIVERIES = 5_000

const countOf = ({ events }: Item): number =>
  events.reduce((count, { destinationIds }) => count + destinationIds.length, 0)

/** Where each event goes; what is not a destination yet becomes one, before anything is written of the events. */
async function routed(
  { actor, events }: EventRequest,
  findOrCreate: ReturnType<typeof destinationFinder>,
): Promise<Routed[]> {
  const made = new Map<string, string>()
  const all: Routed[] = []
  for (const read of events) {
    const { destinations } = read.event
    if (!destinations) {
      throw new Refusal('invalid', `${read.field('destinations')}: The event does not say where it goes.`, {
        field: read.field('destinations'),
        fix: 'Name at least one destination: its id, or {"integrationId", "channel"}.',
      })
    }
    const ids = new Set<string>()
    for (const [place, ref] of destinations.entries()) {
      if (typeof ref === 'string') {
        ids.add(ref)
        continue
      }
      const name = JSON.stringify(ref)
      const field = read.field(`destinations.${place}`)
      const id = made.get(name) ?? (await findOrCreate(actor, ref).catch((error) => atField(error, field)))
      made.set(name, id)
      ids.add(id)
    }
    all.push({ ...read, destinationIds: [...ids] })
  }
  return all
}

/** What was wrong with a destination, told with its place in the request. */
function atField(error: unknown, at: string): never {
  if (!(error instanceof Refusal)) throw error
  const { code, message, fix, retryAfterSeconds } = error
  const field = error.field ? `${at}.${error.field}` : at
  throw new Refusal(code === 'not_found' ? 'invalid' : code, message, { field, fix, retryAfterSeconds })
}

type Known = {
  destinations: Map<string, SavedDestination>
  integrations: Map<string, SavedIntegration>
  types: Map<string, SavedType>
}

/** Writes the events of several requests. What can be refused is refused before the first row is written. */
async function writeEvents(ctx: AppContext, trx: Db, items: Item[]) {
  const now = ctx.now()
  const known = await readKnown(trx, items)
  const made = items.map((item) => makeRows(ctx, item, known, now))
  const taken = made.flatMap((rows) => ('error' in rows ? [] : [rows]))
  const arrivals = taken.flatMap((rows) => rows.flatMap(({ arrivals }) => arrivals))
  await place(trx, arrivals, now)
  await insertEvents(
    trx,
    taken.flatMap((rows) => rows.map(({ event }) => event)),
  )
  await insertArrivals(trx, arrivals)
  return made.map((rows, place) => ('error' in rows ? rows : { answer: answerOf(rows, items[place]?.isBatch) }))
}

async function readKnown(trx: Db, items: Item[]): Promise<Known> {
  const ids = new Set<string>()
  const names = new Set<string>()
  for (const { events } of items) {
    for (const { event, destinationIds } of events) {
      names.add(event.type)
      for (const id of destinationIds) ids.add(id)
    }
  }
  const destinations = await listDestinationsByIds(trx, [...ids])
  const integrationIds = new Set([...destinations.values()].map(({ integrationId }) => integrationId))
  const integrations = await listIntegrationsByIds(trx, [...integrationIds])
  return { destinations, integrations, types: await findTypeSettings(trx, [...names]) }
}

type Made = { event: SavedEvent; arrivals: Arrival[] }

function makeRows(ctx: AppContext, item: Item, known: Known, now: number): Made[] | { error: Refusal } {
  const made: Made[] = []
  for (const { event, body, field, destinationIds } of item.events) {
    const row = {
      id: ctx.newId('evt'),
      source: item.source,
      type: event.type,
      body,
      acceptedAt: now,
      routingRevision: null,
    }
    const settings = known.types.get(event.type)
    const message = messageOfEvent(event)
    const arrivals: Arrival[] = []
    for (const id of destinationIds) {
      const destination = known.destinations.get(id)
      if (!destination) return { error: unknownDestination(field, event.destinations ?? [], id) }
      const folded = foldedRows(ctx, {
        destination,
        integrationName: known.integrations.get(destination.integrationId)?.name ?? destination.integrationId,
        message,
        title: titleOfEvent(event),
        origin: 'event',
        priority: event.priority ?? 'normal',
        createdBy: item.actor.name,
        eventId: row.id,
        type: event.type,
        recipient: event.recipient ?? null,
        threadKey: event.threadKey ?? null,
        updateKey: event.updateKey ?? null,
        dedupeKey: event.dedupeKey ?? null,
        ...(settings && ofType(settings)),
      })
      const dedupeWindowMs = Number(settings?.dedupeWindowMs ?? DEFAULT_DEDUPE_WINDOW_MS)
      arrivals.push({ ...folded, dedupeWindowMs, isTypePaused: settings?.pausedAt != null })
    }
    made.push({ event: row, arrivals })
  }
  return made
}

const ofType = ({ policy, maxAttempts, nextAttemptDelayMs, foldAfter, updateTrail }: SavedType) => ({
  policy,
  maxAttempts,
  nextAttemptDelayMs,
  foldAfter,
  updateTrail: updateTrail === 1 ? 1 : null,
})

function unknownDestination(field: ReadEvent['field'], refs: readonly unknown[], id: string): Refusal {
  const at = field(`destinations.${refs.indexOf(id)}`)
  return new Refusal('invalid', `${at}: There is no destination ${id}.`, {
    field: at,
    fix: 'Use an id from GET /api/destinations, or {"integrationId", "channel"}.',
  })
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
