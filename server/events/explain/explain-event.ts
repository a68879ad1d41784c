import type { DestinationRef, NewEvent } from '../../../shared/events.ts'
import type { Explanation } from '../../../shared/routing-rules.ts'
import type { AppContext } from '../../context.ts'
import type { Db } from '../../db/schema.ts'
import { listOfEvent } from '../../deliveries/of-event-store.ts'
import { currentSnapshot, findKeptSnapshot } from '../../routing/current-snapshot.ts'
import { decide } from '../../routing/decide.ts'
import { openSnapshot, type Snapshot } from '../../routing/snapshot.ts'
import { targetsShower } from '../../routing/targets.ts'
import { readNotes } from '../routing-notes.ts'
import { getEvent, type SavedEvent } from '../store.ts'
import { readEvent } from './list-events.ts'
import { mentionsFinder } from './mentions-in.ts'
import { BY_EVENT, type Place, placesThatWere, typeOff } from './places.ts'
import { toExplanation } from './to-explanation.ts'

/**
 * Why an event went where it went: decided once more by what decided it then, and held against the deliveries that there
 * really are. What may be seen of the event is what its type says now.
 */
export async function explainEvent(ctx: AppContext, id: string): Promise<Explanation> {
  const row = await getEvent(ctx.db, id)
  const event = readEvent(row)
  const snapshot = await snapshotOf(ctx.db, row)
  const decision = decide(event, snapshot ?? openSnapshot(0, NOTHING_SET), { trace: true })
  const notes = readNotes(row.routingNotes)
  const deliveries = await listOfEvent(ctx.db, id)
  const places = [
    ...placesThatWere(decision, notes.recipients ?? [], deliveries, snapshot !== undefined),
    ...(decision.outcome === 'off' ? namedPlaces(event.destinations ?? [], typeOff(decision)) : []),
  ]
  const { types } = await currentSnapshot(ctx.db)
  return toExplanation({
    eventId: id,
    event,
    allowed: types.get(event.type)?.allowed,
    decidedAt: Number(row.acceptedAt),
    decision,
    isStateGone: snapshot === undefined,
    places,
    templateFailed: notes.template,
    callsNobody: notes.callsNobody ?? [],
    show: await targetsShower(ctx.db, [
      ...places.map(({ target }) => target),
      ...decision.rules.flatMap(({ rule }) => rule.destinations),
    ]),
    mentionsIn: await mentionsFinder(
      ctx.db,
      decision.mentions,
      deliveries.map(({ integrationId }) => integrationId),
    ),
  })
}

/**
 * What held when the event was taken in: nothing, of one from before there was anything to decide by. Undefined when it
 * is no longer kept: only where the event went is then told, not why.
 */
async function snapshotOf(db: Db, { routingRevision }: SavedEvent): Promise<Snapshot | undefined> {
  if (routingRevision === null) return openSnapshot(0, NOTHING_SET)
  return findKeptSnapshot(db, Number(routingRevision))
}

const NOTHING_SET = { types: [], rules: [], fallback: [], quiet: { hours: [], mutes: [] } }

/** The destinations that an event names by their ids, all with the same outcome. */
function namedPlaces(named: NonNullable<NewEvent['destinations']>, outcome: Place['outcome']): Place[] {
  return named
    .filter((ref): ref is Extract<DestinationRef, string> => typeof ref === 'string')
    .map((id) => ({ target: { id }, because: [BY_EVENT], outcome }))
}
