import { stringify } from 'yaml'
import type { TargetInFile } from '../../shared/configuration-file.ts'
import { credentialKinds } from '../../shared/integrations.ts'
import type { AppContext } from '../context.ts'
import { listEndpoints } from '../platform/store.ts'
import { type Fields, type Item, isSame } from './items.ts'
import { destinationDefaults } from './kinds/destination.ts'
import { integrationDefaults } from './kinds/integration.ts'
import { defaultsOf, readPresent } from './kinds/kinds.ts'
import { knownChannel } from './resolver.ts'
import { readState, type State } from './state.ts'
import { isTargetKey, partsOf, type TargetKey } from './target-keys.ts'

/** Everything as a file in our own format: applying it changes nothing. Secrets are only said to be kept. */
export async function exportConfiguration(ctx: AppContext, format: 'yaml' | 'json'): Promise<string> {
  const state = await readState(ctx.db)
  const present = await readPresent(ctx, ctx.db, state)
  const words = await targetWords(ctx, state)
  const of = (kind: Item['kind']) => present.filter((item) => item.kind === kind)
  const bodies = async (kind: Item['kind']) => {
    const defaults = await defaultsOf(ctx.db, kind)
    return of(kind).map((item) => ({ name: item.name, body: bodyOf(item, defaults, words) }))
  }
  const named = async (kind: Item['kind']) =>
    Object.fromEntries((await bodies(kind)).map(({ name, body }) => [name, body]))

  const file = {
    switchboard: 1,
    integrations: await integrationBodies(ctx, of('integration')),
    destinations: of('destination').map((item) => destinationBody(item, state, words)),
    commands: await named('command'),
    templates: await named('template'),
    types: await named('type'),
    rules: (await bodies('rule')).map(({ name, body }) => ({ name, ...body })),
    fallback: (await bodies('fallback'))[0]?.body.destinations ?? [],
    schedules: Object.fromEntries((await bodies('schedule')).map(({ name, body }) => [name, ownerByName(body, state)])),
    quietHours: (await bodies('quiet_hours')).map(({ body }) => body).filter(isWhole),
  }
  return format === 'json' ? `${JSON.stringify(file, null, 2)}\n` : `${HEAD}${stringify(file, { lineWidth: 0 })}`
}

const HEAD = [
  '# All that Switchboard is set to. Change it, then: npx switchboard plan <this file>, and apply.',
  '# A section left out is left alone; an object that is here is all of it. Secrets: {env: NAME}, {file: path}, {keep: true}.',
  '',
].join('\n')

type Words = (key: TargetKey) => Exclude<TargetInFile, string>

/** How each place is named in a file: a channel by its name where that finds it again, else by its id. */
async function targetWords(ctx: AppContext, state: State): Promise<Words> {
  const channels = new Map<TargetKey, string>()
  for (const [key, { integrationId, kind, name }] of state.destinations) {
    if (kind !== 'channel' || !name.startsWith('#')) continue
    const found = await knownChannel(ctx, state, { id: integrationId }, name)
    if (found === key) channels.set(key, name)
  }
  return (key) => {
    const { integrationId, kind, target } = partsOf(key)
    const owner = state.integrations.find(({ id }) => id === integrationId)
    const integration = state.integrations.length > 1 && owner ? { integration: owner.name } : {}
    if (kind === 'recipient') return { ...integration, recipient: true }
    return { ...integration, [kind]: channels.get(key) ?? target }
  }
}

/** The fields that are not at their defaults, places in words. */
function bodyOf(item: Item, defaults: Fields, words: Words): Fields {
  const told = Object.entries(item.fields).filter(([field, value]) => !isSame(value, defaults[field]))
  return Object.fromEntries(told.map(([field, value]) => [field, inWords(value, words)]))
}

function inWords(value: unknown, words: Words): unknown {
  if (isTargetKey(value)) return shortened(words(value))
  if (Array.isArray(value)) return value.map((item) => inWords(item, words))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inWords(item, words)]))
}

/** "#compliance" alone says as much as {channel: "#compliance"}. */
function shortened(target: Exclude<TargetInFile, string>): TargetInFile {
  const { channel, ...others } = target
  return channel?.startsWith('#') && Object.keys(others).length === 0 ? channel : target
}

async function integrationBodies(ctx: AppContext, items: readonly Item[]): Promise<Record<string, Fields>> {
  const endpoints = new Map((await listEndpoints(ctx.db)).map((row) => [row.integrationId, row]))
  return Object.fromEntries(
    items.map((item) => {
      const { name: _, ...fields } = item.fields
      const secrets = credentialKinds.filter((kind) => fields[kind] !== null)
      const endpoint = endpoints.get(item.key)
      const plain = Object.fromEntries(Object.entries(fields).filter(([field]) => !isSecret(field)))
      const body = bodyOf({ ...item, fields: plain }, integrationDefaults, () => ({}))
      const platform = endpoint && { url: endpoint.url, ...(endpoint.disabledAt !== null && { enabled: false }) }
      const kept = Object.fromEntries(secrets.map((kind) => [kind, { keep: true }]))
      return [item.name, { ...body, ...kept, ...(platform && { platform }) }]
    }),
  )
}

const isSecret = (field: string): boolean => credentialKinds.some((kind) => kind === field)

function destinationBody(item: Item, state: State, words: Words): Fields {
  const { name, address: _, ...fields } = item.fields
  const { webhook, ...place } = words(item.key)
  const kind = state.destinations.get(item.key)?.kind
  const isNameOfPlace = place.channel === name || partsOf(item.key).target === name
  return {
    ...place,
    ...(webhook !== undefined && { webhook: { keep: true } }),
    ...((kind === 'webhook' || !isNameOfPlace) && { name: kind === 'webhook' ? webhook : name }),
    ...bodyOf({ ...item, fields }, destinationDefaults, words),
  }
}

/** The platform of which integration is asked, by its name where there are several. */
function ownerByName(body: Fields, { integrations }: State): Fields {
  const { kind, integrationId, ...others } = body.source as { kind: string; integrationId?: string }
  const owner = integrations.length > 1 ? integrations.find(({ id }) => id === integrationId) : undefined
  return { ...body, source: { kind, ...(owner && { integration: owner.name }), ...others } }
}

/** What is about a destination that is no more can't be said in a file. */
function isWhole(body: Fields): boolean {
  const scope = body.scope as { kind: string; destination?: unknown }
  return (
    scope.kind !== 'destination' || typeof scope.destination === 'object' || String(scope.destination).startsWith('#')
  )
}
