import { parseChannel } from '../../shared/channel-input.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import { openConnection } from '../integrations/credentials.ts'
import { findIntegration, type SavedIntegration } from '../integrations/store.ts'
import { providers } from '../providers/registry.ts'
import type { Actor } from '../users/actor.ts'
import { findChannel, findChannelByName } from './channels-store.ts'
import { createDestination } from './create-destination.ts'
import { resolveChannel } from './resolve-channel.ts'
import { isAddress, NobodyFound, resolvePerson } from './resolve-person.ts'
import { findDestination, findSameDestination } from './store.ts'
import { adoptUnasked, keepUnasked } from './unasked-person.ts'

/** A channel or a person of an integration, as somebody names them. */
export type Place = { integrationId: string } & (
  | { channel: string }
  /** `orLater`: one whom Slack can't be asked about now is looked up when a message is sent. */
  | { person: string; orLater?: true }
)

/**
 * The id of the destination for a place, which is made when there is none yet. Slack is asked the first time only; of
 * several who ask at once, here or on other replicas, one makes it and all get the same.
 */
export function destinationFinder(ctx: AppContext): (actor: Actor, place: Place) => Promise<string> {
  /** What an e-mail address or a channel's name was found to be: Slack is not to be asked again for each message. */
  const remembered = new Map<string, { id: string; at: number }>()
  const asked = new Map<string, Promise<string>>()

  const recall = async (name: string, place: Place): Promise<string | undefined> => {
    const known = remembered.get(name)
    if (!known || ctx.now() - known.at > REMEMBERED_MS) return undefined
    const destination = await findDestination(ctx.db, known.id)
    return destination && !(await isRenamed(ctx, place, destination.target)) ? destination.id : undefined
  }

  const find = async (actor: Actor, place: Place): Promise<string> => {
    const name = JSON.stringify([place.integrationId, wordOf(place)])
    const id = await recall(name, place)
    if (id !== undefined) return id
    const pending = asked.get(name) ?? findAtSlack(ctx, actor, place).finally(() => asked.delete(name))
    asked.set(name, pending)
    const found = await pending
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    remembered.set(name, { id: found, at: ctx.now() })
    return found
  }

  /** Until when the Slack of an integration is not asked about people: each would wait for the same failure. */
  const troubledUntil = new Map<string, number>()

  return async (actor, place) => {
    const known = await findKnown(ctx, place)
    if (known !== undefined) return known
    if (!('person' in place && place.orLater)) return find(actor, place)
    const { integrationId } = place
    if ((troubledUntil.get(integrationId) ?? 0) > ctx.now()) return keepUnasked(ctx, actor, place)
    try {
      return await find(actor, place)
    } catch (error) {
      if (!(error instanceof Refusal) || error instanceof NobodyFound || error.field === 'integrationId') throw error
      ctx.log.info('recipient.not_asked', { integrationId, code: error.code })
      troubledUntil.set(integrationId, ctx.now() + (error.retryAfterSeconds ?? TROUBLE_SECONDS) * 1_000)
      return keepUnasked(ctx, actor, place)
    }
  }
}

const TROUBLE_SECONDS = 10
/** A channel is renamed, and an address moves to another person, seldom enough. */
const REMEMBERED_MS = 60 * 60_000
const MOST_REMEMBERED = 10_000

/** The channel of this id is known by another name by now: another may have taken the one that was asked for. */
async function isRenamed(ctx: AppContext, place: Place, channelId: string): Promise<boolean> {
  const input = 'channel' in place ? parseChannel(place.channel) : undefined
  if (input?.kind !== 'name') return false
  const channel = await findChannel(ctx.db, place.integrationId, channelId)
  return channel !== undefined && channel.name !== input.name
}

const wordOf = (place: Place): string => ('channel' in place ? place.channel : place.person)

/** What our own tables tell: an id always, a name where the directory of channels knows it. */
export async function findKnown(ctx: AppContext, place: Place): Promise<string | undefined> {
  const target = await knownTarget(ctx, place)
  if (target === undefined) return undefined
  const kind = 'channel' in place ? 'channel' : 'person'
  return (await findSameDestination(ctx.db, { integrationId: place.integrationId, kind, target, urlHash: null }))?.id
}

async function knownTarget(ctx: AppContext, place: Place): Promise<string | undefined> {
  if ('person' in place) return isAddress(place.person) ? undefined : place.person
  const input = parseChannel(place.channel)
  if (input.kind === 'id') return input.id
  if (input.kind === 'direct_message') return undefined
  return (await findChannelByName(ctx.db, place.integrationId, input.name))?.id
}

async function findAtSlack(ctx: AppContext, actor: Actor, place: Place): Promise<string> {
  const { integrationId } = place
  const integration = await findIntegration(ctx.db, integrationId)
  if (!integration) {
    throw new Refusal('invalid', `There is no integration ${integrationId}.`, { field: 'integrationId' })
  }
  const columns = await lookUp(ctx, integration, place)
  const { target } = columns
  const kind = 'channel' in place ? 'channel' : 'person'
  const same = () => findSameDestination(ctx.db, { integrationId, kind, target, urlHash: null })
  const known = await same()
  if (known) return known.id
  const adopted = 'person' in place ? await adoptUnasked(ctx, actor, place, columns) : undefined
  if (adopted !== undefined) return adopted
  try {
    return (await createDestination(ctx, actor, { integrationId, kind, [kind]: target })).id
  } catch (error) {
    // Another replica made it meanwhile.
    const made = error instanceof Refusal && error.code === 'conflict' ? await same() : undefined
    if (made) return made.id
    throw error
  }
}

async function lookUp(ctx: AppContext, { id, provider }: SavedIntegration, place: Place) {
  const looking = { integrationId: id, provider: providers[provider], connection: await openConnection(ctx, id) }
  return 'channel' in place ? resolveChannel(ctx, looking, place.channel) : resolvePerson(ctx, looking, place.person)
}
