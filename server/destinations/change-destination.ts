import type { DestinationChange } from '../../shared/destinations.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import type { Actor } from '../users/actor.ts'
import { alreadyThere } from './create-destination.ts'
import {
  deleteDestinationRow,
  findSameDestination,
  getDestination,
  type SavedDestination,
  updateDestination,
} from './store.ts'
import { checkedWebhookUrl, sealedWebhook } from './webhook.ts'

/** Renames, switches, or puts a new webhook in place of the old one, which stays in use until this commits. */
export async function changeDestination(
  ctx: AppContext,
  actor: Actor,
  id: string,
  change: DestinationChange,
): Promise<SavedDestination> {
  const changed = await ctx.db.transaction().execute((trx) => writeDestinationChange(ctx, trx, actor, id, change))
  if (change.enabled) ctx.nudge('deliveries')
  return changed
}

/** The same inside a transaction of the caller. */
export async function writeDestinationChange(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  id: string,
  change: DestinationChange,
): Promise<SavedDestination> {
  const url = change.url === undefined ? undefined : checkedWebhookUrl(ctx, change.url)
  const before = await getDestination(trx, id)
  const columns = { ...plainColumns(ctx, before, change), ...(url && (await newHook(ctx, trx, before, url))) }
  await updateDestination(trx, id, columns)
  await recordAudit(ctx, trx, actor, {
    action: 'destination.changed',
    subject: { kind: 'destination', id, name: change.name ?? before.name },
    // An address is a secret, so the trail says only that it is another one.
    detail: { ...change, ...(url && { url: 'replaced' }) },
  })
  return getDestination(trx, id)
}

/** Takes a destination away. What still waits for it is its caller's to end, in the same transaction. */
export async function deleteDestination(ctx: AppContext, trx: Db, actor: Actor, id: string): Promise<SavedDestination> {
  const destination = await getDestination(trx, id)
  await deleteDestinationRow(trx, id)
  await recordAudit(ctx, trx, actor, {
    action: 'destination.deleted',
    subject: { kind: 'destination', id, name: destination.name },
    detail: { kind: destination.kind, target: destination.target },
  })
  return destination
}

function plainColumns(
  ctx: AppContext,
  before: SavedDestination,
  { name, owner, note, enabled }: DestinationChange,
): Partial<SavedDestination> {
  return {
    ...(name !== undefined && { name }),
    ...(owner !== undefined && { owner }),
    ...(note !== undefined && { note }),
    ...(enabled !== undefined && { disabledAt: enabled ? null : (before.disabledAt ?? ctx.now()) }),
  }
}

async function newHook(
  ctx: AppContext,
  trx: Db,
  before: SavedDestination,
  url: string,
): Promise<Partial<SavedDestination>> {
  if (before.kind !== 'webhook') {
    throw new Refusal('invalid', `Only a webhook has an address; ${before.name} is a ${before.kind}.`, { field: 'url' })
  }
  const sealed = await sealedWebhook(ctx, trx, before, url)
  const same = await findSameDestination(trx, { ...before, ...sealed })
  if (same && same.id !== before.id) throw await alreadyThere(trx, { ...before, ...sealed })
  return { ...sealed, state: 'untested', code: null, stateAt: ctx.now() }
}
