import type { z } from 'zod'
import { cutToAllowed } from '../../../shared/allowed-fields.ts'
import type { NewEvent } from '../../../shared/events.ts'
import type { TriedEvent, TryEvent } from '../../../shared/routing-trials.ts'
import type { AppContext } from '../../context.ts'
import { listDestinationsByIds } from '../../destinations/store.ts'
import { Refusal } from '../../errors.ts'
import { listIntegrationsByIds } from '../../integrations/store.ts'
import { optional } from '../../lib/paging.ts'
import { maySeeEmails } from '../../mentions/may-see-emails.ts'
import { readWord } from '../../mentions/read-word.ts'
import { currentSnapshot } from '../../routing/current-snapshot.ts'
import { type Decision, decide } from '../../routing/decide.ts'
import type { Snapshot } from '../../routing/snapshot.ts'
import { type SavedTarget, targetsShower } from '../../routing/targets.ts'
import { includesRole } from '../../users/access.ts'
import type { Actor } from '../../users/actor.ts'
import type { Composed } from '../compose-message.ts'
import { composeMessages } from '../compose-messages.ts'
import type { Known } from '../reachable.ts'
import { getEvent } from '../store.ts'
import { draftTargets, type NewPlaces, withRule, withTemplate, withType } from './drafts.ts'
import { foreseenPlaces } from './foreseen-places.ts'
import { readEvent } from './list-events.ts'
import { mentionsFinder } from './mentions-in.ts'
import { toExplanation } from './to-explanation.ts'

type Asked = z.output<typeof TryEvent>

/** What would become of an event that came now: why, and each message as it would be. Nothing is sent, kept or asked of Slack. */
export async function tryEvent(ctx: AppContext, actor: Actor, asked: Asked): Promise<TriedEvent> {
  if (asked.drafts) refuseUnlessChanger(actor)
  const event = await eventOf(ctx, actor, asked)
  const places: NewPlaces = new Map()
  const now = await currentSnapshot(ctx.db)
  const snapshot = await withDrafts(ctx, now, event.type, asked.drafts, places)
  const decision = decide(event, snapshot, { trace: true })
  const named = await draftTargets(ctx, event.destinations ?? [], places)
  const known = await readKnown(ctx, snapshot, [...named, ...decision.targets.map(({ target }) => target)])
  const recipients =
    event.recipient === undefined
      ? recipientsIn(decision).map((integrationId) => ({ integrationId, reason: 'The event names no recipient.' }))
      : []
  const foreseen = foreseenPlaces({ event, decision, recipients, named, snapshot, known, places, at: ctx.now() })
  const shower = await targetsShower(ctx.db, [
    ...foreseen.map(({ target }) => target),
    ...decision.rules.flatMap(({ rule }) => rule.destinations),
  ])
  const show = (target: SavedTarget) => ('id' in target && places.get(target.id)) || shower(target)
  const goes = foreseen.filter(({ outcome }) => outcome.outcome !== 'suppress').map(({ target }) => show(target))
  // A draft may show less of an event that came, never more.
  const allowed = now.types.get(event.type)?.allowed
  const shown = asked.eventId === undefined ? event : cutToAllowed(event, allowed)
  const messages = await messagesFor(ctx, shown, decision, snapshot, goes, mayAskOf(actor, asked))
  const integrationIds = [...new Set(goes.map(({ integrationId }) => integrationId))]
  const integrations = await listIntegrationsByIds(ctx.db, integrationIds)
  const explanation = toExplanation({
    ...optional('eventId', asked.eventId),
    event,
    allowed: asked.eventId === undefined ? undefined : allowed,
    decidedAt: ctx.now(),
    decision,
    places: foreseen,
    templateFailed: [...messages.values()].find(({ templateFailed }) => templateFailed !== undefined)?.templateFailed,
    callsNobody: [...messages].flatMap(([id, composed]) => (composed.callsNobody ? [id] : [])),
    show,
    mentionsIn: await mentionsFinder(ctx.db, decision.mentions, integrationIds),
  })
  return {
    explanation,
    messages: goes.flatMap((destination) => {
      const composed = messages.get(destination.integrationId)
      if (!composed) return []
      const integrationName = integrations.get(destination.integrationId)?.name ?? destination.integrationId
      const { message } = composed
      const note = noteOn(composed, decision.template)
      return [{ destination, integrationName, message, ...optional('note', note) }]
    }),
  }
}

function noteOn({ templateFailed, callsNobody }: Composed, template: string | null): string | undefined {
  if (templateFailed) return `The standard message, not the template ${template}: ${templateFailed}`
  return callsNobody && `Nobody answers to ${callsNobody.join(', ')}, so it stands there as text.`
}

/** A draft decides about events that came, and so tells of them: that is for those who may change what may be seen. */
function refuseUnlessChanger(actor: Actor): void {
  const may =
    (actor.kind === 'user' && includesRole(actor.role, 'admin')) ||
    (actor.kind === 'api_key' && actor.scopes.includes('config:write'))
  if (may) return
  throw new Refusal('forbidden', 'Drafts are for those who may save them: an admin, or a key with config:write.', {
    field: 'drafts',
  })
}

async function eventOf(ctx: AppContext, actor: Actor, { event, eventId }: Asked): Promise<NewEvent> {
  if (event) return event
  if (actor.kind === 'api_key' && !actor.scopes.includes('deliveries:read')) {
    throw new Refusal('forbidden', 'This needs an API key with the scope deliveries:read: it shows an event.', {
      field: 'eventId',
    })
  }
  return readEvent(await getEvent(ctx.db, eventId ?? ''))
}

async function withDrafts(
  ctx: AppContext,
  now: Snapshot,
  type: string,
  drafts: Asked['drafts'],
  places: NewPlaces,
): Promise<Snapshot> {
  const typed = drafts?.type ? await withType(ctx, now, { name: type, change: drafts.type }, places) : now
  const ruled = drafts?.rule ? await withRule(ctx, typed, drafts.rule, places) : typed
  return drafts?.template ? withTemplate(ctx, ruled, type, drafts.template.source) : ruled
}

const recipientsIn = ({ targets }: Decision): string[] =>
  targets.flatMap(({ target }) => ('id' in target ? [] : [target.integrationId]))

async function readKnown(ctx: AppContext, { body }: Snapshot, targets: readonly SavedTarget[]): Promise<Known> {
  const idsIn = (all: readonly SavedTarget[]) => all.flatMap((target) => ('id' in target ? [target.id] : []))
  const fallbackIds = idsIn(body.fallback)
  const destinations = await listDestinationsByIds(ctx.db, [...idsIn(targets), ...fallbackIds])
  const integrationIds = [...destinations.values()].map(({ integrationId }) => integrationId)
  return { destinations, fallbackIds, integrations: await listIntegrationsByIds(ctx.db, [...new Set(integrationIds)]) }
}

async function messagesFor(
  ctx: AppContext,
  event: NewEvent,
  decision: Decision,
  snapshot: Snapshot,
  goes: readonly { integrationId: string }[],
  mayAsk: (word: string) => boolean,
) {
  const tried = { event, decision, reached: goes }
  return (await composeMessages(ctx, ctx.db, [tried], snapshot, mayAsk)).get(tried) ?? new Map()
}

/** An event that somebody writes could hold any address: who has it is told to those alone who may ask that anyway. */
const mayAskOf =
  (actor: Actor, { event }: Asked) =>
  (word: string): boolean =>
    event === undefined || maySeeEmails(actor) || readWord(word).kind !== 'email'
