import type { AppContext } from '../context.ts'
import type { Place } from '../destinations/find-or-create.ts'
import { Refusal } from '../errors.ts'
import type { Actor } from '../users/actor.ts'
import type { FoundRecipient } from './routing-notes.ts'

/** Turns a channel or person into a destination, which is made when there is none yet. */
export type FindDestination = (actor: Actor, place: Place) => Promise<string>

/**
 * Who the recipient that an event names is in each integration. One who can't be found keeps nothing else of the event
 * from going out, so that is an answer; what it says does not repeat the name, which not everybody may see.
 */
export async function findRecipients(
  ctx: AppContext,
  find: FindDestination,
  { actor, recipient, integrationIds }: { actor: Actor; recipient: string | undefined; integrationIds: string[] },
): Promise<FoundRecipient[]> {
  const found: FoundRecipient[] = []
  for (const integrationId of integrationIds) {
    if (recipient === undefined) found.push({ integrationId, reason: 'The event names no recipient.' })
    else found.push(await findRecipient(ctx, find, actor, { integrationId, person: recipient }))
  }
  return found
}

async function findRecipient(
  ctx: AppContext,
  find: FindDestination,
  actor: Actor,
  place: { integrationId: string; person: string },
): Promise<FoundRecipient> {
  const { integrationId } = place
  try {
    return { integrationId, destinationId: await find(actor, { ...place, orLater: true }) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    ctx.log.info('recipient.not_found', { integrationId, code: error.code })
    return { integrationId, reason: reasonOf(error, place.person) }
  }
}

function reasonOf(error: Refusal, recipient: string): string {
  if (error.field !== 'person') return error.message.replaceAll(recipient, 'the recipient')
  return 'Nobody in this workspace goes by the e-mail address or Slack member ID that the event names as its recipient.'
}
