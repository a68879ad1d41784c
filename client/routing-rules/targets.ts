import type { Destination } from '../../shared/destinations.ts'
import { fits } from '../lib/fits.ts'
import type { ChosenTarget } from './draft.ts'

/** A target that can be chosen, and in short what to know about it. */
export type Offered = ChosenTarget & { note?: string }

/** What fits what is typed: each integration's recipient, destinations, and a channel by the name that was typed. */
export function offeredTargets(
  destinations: readonly Destination[],
  integrations: readonly { id: string; name: string }[],
  typed: string,
): Offered[] {
  const named = (id: string) => integrations.find((each) => each.id === id)?.name ?? ''
  const known = destinations
    .filter(({ name, target, integrationId }) => fits(`${name} ${target} ${named(integrationId)}`, typed))
    .map((each): Offered => {
      const { id, integrationId, kind, name } = each
      const note = NOTES[each.state]
      return { target: id, shown: { id, integrationId, kind, name }, ...(note && { note }) }
    })
  const recipients = integrations
    .filter(({ name }) => fits(`the recipient’s own slack recipient's ${name}`, typed))
    .map(({ id }): Offered => recipientOf(id))
  return [...known, ...recipients, ...typedChannels(destinations, integrations, typed)]
}

function recipientOf(integrationId: string): Offered {
  const shown = { integrationId, kind: 'recipient' as const, name: 'The recipient’s own Slack' }
  return { target: { integrationId, recipient: true }, shown, note: 'whoever the event is about' }
}

/** A channel becomes a destination when the rule is saved. */
function typedChannels(
  destinations: readonly Destination[],
  integrations: readonly { id: string }[],
  typed: string,
): Offered[] {
  const channel = typed.trim()
  if (!/^#[^\s#]+$/.test(channel)) return []
  return integrations
    .filter(({ id }) => !destinations.some(({ integrationId, name }) => integrationId === id && name === channel))
    .map(({ id }) => ({
      target: { integrationId: id, channel },
      shown: { integrationId: id, kind: 'channel' as const, name: channel },
      note: 'new here',
    }))
}

const NOTES: Partial<Record<Destination['state'], string>> = {
  failing: 'failing',
  paused: 'paused',
  disabled: 'switched off',
}
