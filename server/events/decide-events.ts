import type { DestinationRef } from '../../shared/events.ts'
import type { AppContext } from '../context.ts'
import { refusedAt } from '../errors.ts'
import { takeTurns } from '../lib/turns.ts'
import { type DecidedTarget, type Decision, decide } from '../routing/decide.ts'
import type { Snapshot } from '../routing/snapshot.ts'
import type { Actor } from '../users/actor.ts'
import { type FindDestination, findRecipients } from './find-recipients.ts'
import type { ReadEvent } from './read-events.ts'
import type { FoundRecipient } from './routing-notes.ts'

/** An event, what was decided of it, and the destinations that it names or that its type and rules send it to. */
export type DecidedEvent = ReadEvent & {
  decision: Decision
  destinationIds: string[]
  recipients: FoundRecipient[]
}

/**
 * Decides events by one state of the rules, before anything is written of them: no transaction waits for it, nor for
 * Slack, which may be asked who somebody is.
 */
export async function decideEvents(
  ctx: AppContext,
  find: FindDestination,
  actor: Actor,
  events: readonly ReadEvent[],
  snapshot: Snapshot,
): Promise<DecidedEvent[]> {
  const named = namedFinder(find, actor)
  const decided: DecidedEvent[] = []
  // Many events under many rules: whoever else asks something of this process is not kept waiting for all of them.
  const giveWay = takeTurns()
  for (const read of events) {
    const decision = decide(read.event, snapshot, { trace: false })
    const recipients = await recipientsOf(ctx, find, actor, read, decision)
    const ids = read.event.destinations
      ? await named(read, read.event.destinations)
      : idsOf(decision.targets, recipients)
    decided.push({ ...read, decision, recipients, destinationIds: decision.outcome === 'off' ? [] : ids })
    await giveWay()
  }
  return decided
}

async function recipientsOf(
  ctx: AppContext,
  find: FindDestination,
  actor: Actor,
  { event: { recipient } }: ReadEvent,
  { targets, outcome }: Decision,
): Promise<FoundRecipient[]> {
  const integrationIds = targets.flatMap(({ target }) => ('id' in target ? [] : [target.integrationId]))
  if (integrationIds.length === 0 || outcome === 'off') return []
  return findRecipients(ctx, find, { actor, recipient, integrationIds })
}

/** The destinations of targets; a recipient who was not found has none. */
export function idsOf(targets: readonly DecidedTarget[], recipients: readonly FoundRecipient[]): string[] {
  return [...new Set(targets.flatMap(({ target }) => idOf(target, recipients) ?? []))]
}

/** The destination of one target. */
export function idOf(target: DecidedTarget['target'], recipients: readonly FoundRecipient[]): string | undefined {
  if ('id' in target) return target.id
  const found = recipients.find(({ integrationId }) => integrationId === target.integrationId)
  return found && 'destinationId' in found ? found.destinationId : undefined
}

/** The destinations that events name; each place is looked for once in a request. */
function namedFinder(find: FindDestination, actor: Actor) {
  const made = new Map<string, string>()
  return async (read: ReadEvent, destinations: readonly DestinationRef[]): Promise<string[]> => {
    const ids = new Set<string>()
    for (const [place, ref] of destinations.entries()) {
      if (typeof ref === 'string') {
        ids.add(ref)
        continue
      }
      const name = JSON.stringify(ref)
      const field = read.field(`destinations.${place}`)
      const id = made.get(name) ?? (await find(actor, ref).catch((error) => refusedAt(error, field)))
      made.set(name, id)
      ids.add(id)
    }
    return [...ids]
  }
}
