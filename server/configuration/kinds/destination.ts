import type { DestinationChange } from '../../../shared/destinations.ts'
import { eraseWithBacklog } from '../../deliveries/cancel-delivery.ts'
import { writeDestinationChange } from '../../destinations/change-destination.ts'
import { newDestinationRow, writeNewDestination } from '../../destinations/create-destination.ts'
import type { SavedDestination } from '../../destinations/store.ts'
import { checkedWebhookUrl, shownWebhook, webhookHash } from '../../destinations/webhook.ts'
import { Refusal } from '../../errors.ts'
import type { EntryOf } from '../entries.ts'
import { type Ground, sayError } from '../ground.ts'
import type { Act, Fields, Present, Wanted } from '../items.ts'
import type { Path } from '../read-text.ts'
import type { Named } from '../resolver.ts'
import { wantedSecret } from '../secrets.ts'
import type { State } from '../state.ts'
import { type TargetKey, targetKey } from '../target-keys.ts'

export const destinationDefaults: Fields = { owner: null, note: null, enabled: true }

export function presentDestinations({ destinations }: State, nameOf: (key: TargetKey) => string): Present[] {
  return [...destinations].map(([key, row]) => ({
    kind: 'destination',
    key,
    name: nameOf(key),
    fields: {
      name: row.name,
      owner: row.owner,
      note: row.note,
      enabled: row.disabledAt === null,
      ...(row.kind === 'webhook' && { address: row.target }),
    },
    remove: ({ ctx, trx, actor }) => eraseWithBacklog(ctx, trx, actor, row.id),
  }))
}

/** A destination that a file describes. A webhook goes by its name, whatever its address is. */
export async function wantedDestination(ground: Ground, entry: EntryOf<'destination'>): Promise<Wanted | undefined> {
  const { body, path, at } = entry
  const kinds = (['channel', 'person', 'webhook'] as const).filter((kind) => body[kind] !== undefined)
  if (kinds.length !== 1) {
    return sayError(ground, path, { message: 'A destination is exactly one of channel, person and webhook.' })
  }
  const where = ground.resolver.integration(body.integration, body.integration === undefined ? path : at('integration'))
  if (!where) return undefined
  const url = body.webhook === undefined ? undefined : webhookUrl(ground, entry, where)
  if (url === 'refused') return undefined
  const key = await keyOf(ground, entry, where, url)
  if (key === undefined) return undefined
  const saved = ground.state.destinations.get(key)
  const { name, owner = null, note = null, enabled = true } = body
  const address = url && shownAddress(ground, saved, url)
  const fields = { ...(name !== undefined && { name }), owner, note, enabled, ...(address && { address }) }
  return {
    ...base(ground, key, path),
    ...{ fields, ...(url && { kept: { address: shownWebhook(url) } }) },
    write: (act, changes) => write(act, ground, key, changes, url),
  }
}

/** Places that nothing describes, and that something sends to, become destinations as they are. */
export function impliedDestinations(ground: Ground, described: ReadonlySet<TargetKey>): Wanted[] {
  return [...ground.resolver.fresh.keys()]
    .filter((key) => !described.has(key))
    .map((key) => ({ ...base(ground, key, []), fields: {}, write: (act, changes) => write(act, ground, key, changes) }))
}

const base = ({ resolver }: Ground, key: TargetKey, path: Path) => ({
  ...{ kind: 'destination' as const, key, name: resolver.nameOf(key), path, defaults: destinationDefaults },
})

/** Undefined: the stored address stays. */
function webhookUrl(
  ground: Ground,
  { body, at }: EntryOf<'destination'>,
  where: Named,
): string | undefined | 'refused' {
  const secret = wantedSecret(ground, body.webhook, at('webhook'))
  if (!secret) return 'refused'
  if (body.name === undefined) {
    sayError(ground, at('webhook'), { message: 'A webhook needs a name: it is found again by it.' })
    return 'refused'
  }
  if (secret.kind !== 'value') {
    const isThere = ground.state.destinations.has(webhookKey(where, body.name))
    if (isThere) return undefined
    sayError(ground, at('webhook'), {
      message: `No webhook "${body.name}" is stored, so there is no address to keep.`,
      fix: 'Write {env: NAME} or {file: path}, and let the command line read it.',
    })
    return 'refused'
  }
  try {
    return checkedWebhookUrl(ground.ctx, secret.value)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    sayError(ground, at('webhook'), { message: error.message, ...(error.fix && { fix: error.fix }) })
    return 'refused'
  }
}

const webhookKey = (where: Named, name: string): TargetKey =>
  targetKey({ integrationId: where.id, kind: 'webhook', target: name })

async function keyOf(
  { ctx, actor, resolver, state }: Ground,
  { body, at }: EntryOf<'destination'>,
  where: Named,
  url: string | undefined,
): Promise<TargetKey | undefined> {
  if (body.channel !== undefined) return resolver.channel(where, body.channel, at('channel'))
  if (body.person !== undefined) return resolver.person(where, body.person, at('person'))
  const key = webhookKey(where, body.name ?? '')
  if (!state.destinations.has(key)) {
    const row = newDestinationRow(ctx, actor, { integrationId: where.id, kind: 'webhook' })
    resolver.addFresh(key, { ...row, name: body.name ?? '', target: url ? shownWebhook(url) : '' })
  }
  return key
}

function shownAddress({ ctx }: Ground, saved: SavedDestination | undefined, url: string): string {
  const shown = shownWebhook(url)
  return !saved || saved.urlHash === webhookHash(ctx, url) ? shown : `${shown} (new)`
}

async function write(
  { ctx, trx, actor }: Act,
  { state, resolver }: Ground,
  key: TargetKey,
  changes: Fields,
  url?: string,
): Promise<void> {
  const { address, ...plain } = changes
  const saved = state.destinations.get(key)
  // The fields are those of the schema: they were read by it.
  const change = { ...plain, ...(address !== undefined && url !== undefined && { url }) } as DestinationChange
  if (saved) {
    await writeDestinationChange(ctx, trx, actor, saved.id, change)
    return
  }
  const row = resolver.fresh.get(key)
  if (!row) throw new Error(`The destination ${key} was not resolved.`)
  const { name, owner, note, enabled } = change
  const more = { ...(name !== undefined && { name }), owner: owner ?? null, note: note ?? null }
  await writeNewDestination(ctx, trx, actor, { ...row, ...more, disabledAt: enabled === false ? ctx.now() : null }, url)
}
