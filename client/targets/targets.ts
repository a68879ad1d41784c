import type { Channel, Destination } from '../../shared/destinations.ts'
import type { RouteDestination, RouteTarget } from '../../shared/route-targets.ts'
import { fits } from '../lib/fits.ts'

/** A place that messages go to: how the server is told, and how it is shown. */
export type ChosenTarget = { target: RouteTarget; shown: RouteDestination }

/** One that can be chosen, and in short what to know about it. */
export type Offered = ChosenTarget & { note?: string; isPrivate?: boolean; isOff?: boolean }

export type Places = {
  destinations: readonly Destination[]
  integrations: readonly { id: string; name: string }[]
  /** Channels of the workspaces that fit what is typed, by integration. */
  channels?: ReadonlyMap<string, readonly Channel[]>
}

export function chosenOf(shown: RouteDestination): ChosenTarget {
  const { id, integrationId } = shown
  return { target: id ?? { integrationId, recipient: true }, shown }
}

/** Tells one target from another. A destination that is not there yet is known by its name. */
export function targetKey({ target, shown }: ChosenTarget): string {
  const { integrationId, kind, name } = shown
  if (kind === 'recipient') return `${integrationId} recipient`
  return kind === 'webhook' && typeof target === 'string' ? target : `${integrationId} ${kind} ${plain(name)}`
}

/** The destinations that there are, by a part of their name. */
export function knownTargets({ destinations, integrations }: Places, typed: string): Offered[] {
  const named = (id: string) => integrations.find((each) => each.id === id)?.name ?? ''
  return destinations
    .filter(({ name, target, integrationId }) => fits(`${name} ${target} ${named(integrationId)}`, typed))
    .map(({ id, integrationId, kind, name, state, isPrivate }): Offered => {
      const note = NOTES[state]
      return {
        target: id,
        shown: { id, integrationId, kind, name },
        ...(note && { note }),
        ...(isPrivate && { isPrivate }),
        ...(state === 'disabled' && { isOff: true }),
      }
    })
}

/** Besides them whoever an event is about, and what becomes a destination once it is saved: channels, and a person by e-mail. */
export function allTargets(places: Places, typed: string): Offered[] {
  const known = knownTargets(places, typed)
  const all = places.destinations.map(({ id, integrationId, kind, name }) =>
    chosenOf({ id, integrationId, kind, name }),
  )
  const taken = new Set([...known, ...all].map(targetKey))
  const fresh = places.integrations.flatMap(({ id }) => [
    ...(places.channels?.get(id) ?? []).map((channel) =>
      channelOf(id, channel.id, `#${channel.name}`, channel.isPrivate),
    ),
    ...typedIn(id, typed.trim()),
  ])
  const recipients = places.integrations
    .filter(({ name }) => fits(`the recipient’s own slack recipient's ${name}`, typed))
    .map(({ id }) => recipientOf(id))
  return [...known, ...recipients, ...fresh.filter((each) => isFirst(taken, targetKey(each)))]
}

function typedIn(integrationId: string, typed: string): Offered[] {
  if (/^#[^\s#]+$/.test(typed)) return [channelOf(integrationId, typed, typed, false)]
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(typed)) return []
  const shown = { integrationId, kind: 'person' as const, name: typed }
  return [{ target: { integrationId, person: typed }, shown, note: 'by e-mail, new here' }]
}

function channelOf(integrationId: string, channel: string, name: string, isPrivate: boolean): Offered {
  const shown = { integrationId, kind: 'channel' as const, name }
  return { target: { integrationId, channel }, shown, note: 'new here', ...(isPrivate && { isPrivate }) }
}

function recipientOf(integrationId: string): Offered {
  const shown = { integrationId, kind: 'recipient' as const, name: 'The recipient’s own Slack' }
  return { target: { integrationId, recipient: true }, shown, note: 'whoever the event is about' }
}

function isFirst(seen: Set<string>, key: string): boolean {
  const isNew = !seen.has(key)
  seen.add(key)
  return isNew
}

const plain = (name: string): string => name.replace(/^#/, '').toLowerCase()

const NOTES: Partial<Record<Destination['state'], string>> = {
  failing: 'failing',
  paused: 'paused',
  disabled: 'switched off',
}
