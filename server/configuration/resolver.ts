import { parseChannel } from '../../shared/channel-input.ts'
import type { TargetInFile } from '../../shared/configuration-file.ts'
import type { CredentialKind } from '../../shared/integrations.ts'
import type { AppContext } from '../context.ts'
import { findChannelByName, searchChannels } from '../destinations/channels-store.ts'
import { newDestinationRow } from '../destinations/create-destination.ts'
import { resolveChannel } from '../destinations/resolve-channel.ts'
import { resolvePerson } from '../destinations/resolve-person.ts'
import type { SavedDestination } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'
import { openConnection } from '../integrations/credentials.ts'
import { closest } from '../lib/closest.ts'
import type { Connection } from '../providers/provider.ts'
import { providers } from '../providers/registry.ts'
import type { SavedTarget } from '../routing/targets.ts'
import type { Actor } from '../users/actor.ts'
import type { Finding, Path, ReadText } from './read-text.ts'
import type { State } from './state.ts'
import { partsOf, type TargetKey, type TargetParts, targetKey } from './target-keys.ts'

/** An integration that a file speaks of: one that is there, or one that it makes. */
export type Named = {
  id: string
  name: string
  isNew: boolean
  /** What Slack is asked with: of a new one the secrets that stand in the file. */
  connection: () => Promise<Connection>
}

/** Turns what a file says of places into what is kept. Slack is asked before anything is written. */
export type Resolver = {
  /** The integration of that name, or the one that is meant where none is named; a problem when there is none. */
  integration: (name: string | undefined, path: Path) => Named | undefined
  target: (target: TargetInFile, path: Path) => Promise<TargetKey | undefined>
  channel: (integration: Named, channel: string, path: Path) => Promise<TargetKey | undefined>
  person: (integration: Named, person: string, path: Path) => Promise<TargetKey | undefined>
  /** Destinations to make, for places that are none yet, by their keys. */
  fresh: ReadonlyMap<TargetKey, SavedDestination>
  /** A place to make that was not looked up: a webhook. */
  addFresh: (key: TargetKey, row: SavedDestination) => void
  saved: (key: TargetKey) => SavedTarget
  nameOf: (key: TargetKey) => string
  /** The name of an integration. */
  ownerOf: (integrationId: string) => string | undefined
}

type Looked = TargetParts & { kind: 'channel' | 'person' }

type Given = {
  ctx: AppContext
  actor: Actor
  state: State
  read: ReadText
  /** Also those that the file makes. */
  integrations: readonly Named[]
  integrationId: string | undefined
}

export function openResolver(given: Given): Resolver {
  const { ctx, actor, state, read, integrations } = given
  const fresh = new Map<TargetKey, SavedDestination>()
  const asked = new Map<string, Promise<TargetKey | Refusal>>()
  let isUnclearSaid = false
  const report = (path: Path, finding: Omit<Finding, 'severity'>): undefined => {
    read.problems.push(read.at(path, { severity: 'error', ...finding }))
  }

  const integration: Resolver['integration'] = (name, path) => {
    const found = name === undefined ? meant(given) : integrations.find((each) => isSameName(each.name, name))
    if (found) return found
    // Said once: every channel of the file would say it again.
    if (name !== undefined || !isUnclearSaid) report(path, missing(name, integrations))
    isUnclearSaid ||= name === undefined
    return undefined
  }
  const place = async (parts: Looked, path: Path, find: () => Promise<Partial<SavedDestination>>) => {
    const name = targetKey(parts)
    const pending = asked.get(name) ?? lookUp(parts, find)
    asked.set(name, pending)
    const found = await pending
    return found instanceof Refusal ? report(path, await explained(ctx, state, parts, found)) : found
  }
  const lookUp = async (parts: Looked, find: () => Promise<Partial<SavedDestination>>) => {
    try {
      const columns = await find()
      const key = targetKey({ ...parts, target: columns.target ?? '' })
      const known = state.destinations.get(key) ?? sameTarget(state, parts.integrationId, columns.target)
      if (known) return state.keyOfDestination(known.id) ?? key
      const row = newDestinationRow(ctx, actor, parts)
      if (!fresh.has(key)) fresh.set(key, { ...row, ...columns })
      return key
    } catch (error) {
      if (error instanceof Refusal) return error
      throw error
    }
  }
  const looking = async ({ id, connection }: Named) => ({
    integrationId: id,
    provider: providers.slack,
    connection: await connection(),
  })
  const channel: Resolver['channel'] = async (where, typed, path) => {
    const known = await knownChannel(ctx, state, where, typed)
    if (known) return known
    const parts = { integrationId: where.id, kind: 'channel' as const, target: typed }
    return place(parts, path, async () => resolveChannel(ctx, await looking(where), typed))
  }
  const person: Resolver['person'] = async (where, typed, path) => {
    const known = targetKey({ integrationId: where.id, kind: 'person', target: typed })
    if (state.destinations.has(known)) return known
    const parts = { integrationId: where.id, kind: 'person' as const, target: typed }
    return place(parts, path, async () => resolvePerson(ctx, await looking(where), typed))
  }
  const webhook = (where: Named, name: string, path: Path) => {
    const key = targetKey({ integrationId: where.id, kind: 'webhook', target: name })
    if (state.destinations.has(key) || fresh.has(key)) return key
    const names = [...state.destinations.keys(), ...fresh.keys()].map(partsOf).filter(({ kind }) => kind === 'webhook')
    const alike = closest(
      name,
      names.map(({ target }) => target),
    )
    return report(path, {
      message: `There is no webhook "${name}" in ${where.name}.`,
      fix: alike ? `Did you mean "${alike}"?` : 'Add it to the destinations, with its address.',
    })
  }
  const target: Resolver['target'] = async (wanted, path) => {
    const one = typeof wanted === 'string' ? wordTarget(wanted) : wanted
    const kinds = (['channel', 'person', 'webhook', 'recipient'] as const).filter((kind) => one[kind] !== undefined)
    if (kinds.length !== 1) return report(path, ONE_KIND)
    const where = integration(one.integration, path)
    if (!where) return undefined
    const at = typeof wanted === 'string' ? path : [...path, kinds[0] ?? '']
    if (one.channel !== undefined) return channel(where, one.channel, at)
    if (one.person !== undefined) return person(where, one.person, at)
    if (one.webhook !== undefined) return webhook(where, one.webhook, at)
    return targetKey({ integrationId: where.id, kind: 'recipient', target: '' })
  }
  const saved = (key: TargetKey): SavedTarget => {
    const { integrationId, kind } = partsOf(key)
    if (kind === 'recipient') return { integrationId, recipient: true }
    const row = state.destinations.get(key) ?? fresh.get(key)
    if (!row) throw new Error(`The place ${key} was not resolved.`)
    return { id: row.id }
  }
  const nameOf = nameShower(state, integrations, fresh)
  return {
    integration,
    target,
    channel,
    person,
    fresh,
    addFresh: (key, row) => void fresh.set(key, row),
    saved,
    nameOf,
    ownerOf: (id) => integrations.find((each) => each.id === id)?.name,
  }
}

/** What a place is called in a plan; with its integration where there are several. */
export function nameShower(
  state: Pick<State, 'destinations'>,
  integrations: readonly Pick<Named, 'id' | 'name'>[],
  fresh: ReadonlyMap<TargetKey, SavedDestination>,
): (key: TargetKey) => string {
  return (key) => {
    const { integrationId, kind, target } = partsOf(key)
    const row = state.destinations.get(key) ?? fresh.get(key)
    const name = kind === 'recipient' ? 'the recipient' : kind === 'webhook' ? target : (row?.name ?? target)
    const owner = integrations.find(({ id }) => id === integrationId)
    return integrations.length > 1 && owner ? `${name} (${owner.name})` : name
  }
}

/** Of an integration that is there, what is saved; a new one has only what the file says. */
export const savedConnection = (ctx: AppContext, id: string) => () => openConnection(ctx, id)
export const newConnection = (secrets: Partial<Record<CredentialKind, string>>) => async (): Promise<Connection> => ({
  secrets,
})

export const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

const ONE_KIND = {
  message: 'A place is one of channel, person, webhook and recipient.',
  fix: 'Write "#compliance", kim@acme.example, {webhook: name} or {recipient: true}.',
}

/** "#compliance", an id, a link, an e-mail address, or `recipient`. */
function wordTarget(word: string): Exclude<TargetInFile, string> {
  if (word === 'recipient') return { recipient: true }
  const isPerson = /^[^\s/#]+@[^\s/]+$/.test(word) || /^[UW][A-Z0-9]{6,20}$/.test(word)
  return isPerson ? { person: word } : { channel: word }
}

function meant({ integrations, integrationId }: Given): Named | undefined {
  if (integrationId !== undefined) return integrations.find(({ id }) => id === integrationId)
  return integrations.length === 1 ? integrations[0] : undefined
}

function missing(name: string | undefined, integrations: readonly Named[]): Omit<Finding, 'severity'> {
  const names = integrations.map((each) => each.name)
  if (name !== undefined) {
    const alike = closest(name, names)
    return {
      message: `There is no integration "${name}".`,
      fix: alike ? `Did you mean "${alike}"?` : names.length > 0 ? `There are: ${names.join(', ')}.` : CONNECT,
    }
  }
  if (names.length === 0) return { message: 'No integration is connected yet.', fix: CONNECT }
  return {
    message: `Several integrations are connected (${names.join(', ')}), and the file does not say which is meant.`,
    fix: 'Choose one: --integration on the command line, or the field above the file in the console.',
  }
}

const CONNECT = 'Connect Slack in the console first, or name it under `integrations` with its credentials.'

/** What our own tables know of a channel, so that Slack is asked only for what is new. */
export async function knownChannel(
  ctx: AppContext,
  state: State,
  { id: integrationId }: Pick<Named, 'id'>,
  typed: string,
): Promise<TargetKey | undefined> {
  const input = parseChannel(typed)
  if (input.kind === 'direct_message') return undefined
  const target = input.kind === 'id' ? input.id : (await findChannelByName(ctx.db, integrationId, input.name))?.id
  if (target !== undefined) {
    const row = sameTarget(state, integrationId, target)
    return row && state.keyOfDestination(row.id)
  }
  if (input.kind === 'id') return undefined
  const named = [...state.destinations.values()].find(
    (row) => row.integrationId === integrationId && row.kind === 'channel' && row.name === `#${input.name}`,
  )
  return named && state.keyOfDestination(named.id)
}

function sameTarget(state: State, integrationId: string, target: string | undefined): SavedDestination | undefined {
  return [...state.destinations.values()].find(
    (row) => row.integrationId === integrationId && row.kind !== 'webhook' && row.target === target,
  )
}

/** What was refused, with the channel that was probably meant. */
async function explained(
  ctx: AppContext,
  state: State,
  { integrationId, kind, target }: TargetParts,
  refusal: Refusal,
): Promise<Omit<Finding, 'severity'>> {
  const { message, fix } = refusal
  const input = kind === 'channel' ? parseChannel(target) : undefined
  if (input?.kind !== 'name') return { message, ...(fix && { fix }) }
  const search = { query: input.name.slice(0, 3), archived: false, limit: 200 }
  const { items } = await searchChannels(ctx.db, integrationId, search)
  const destinations = [...state.destinations.values()].filter((row) => row.integrationId === integrationId)
  const names = [...items.map(({ name }) => name), ...destinations.map(({ name }) => name.replace(/^#/, ''))]
  const alike = closest(input.name, names)
  return { message, ...((alike ?? fix) && { fix: alike ? `Did you mean \`#${alike}\`?` : fix }) }
}
