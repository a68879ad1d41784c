import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import { lockIntegration } from '../integrations/store.ts'
import type { Actor } from '../users/actor.ts'
import type { Place } from '../vault/vault.ts'
import { newDestinationRow, writeNewDestination } from './create-destination.ts'
import { isAddress, userIdOf } from './resolve-person.ts'
import { findSameDestination, type SavedDestination, updateDestination } from './store.ts'

type Person = { integrationId: string; person: string }

/**
 * A destination for a person whom Slack could not be asked about: whoever sends there looks them up, and tries again
 * like with everything that Slack fails at. An address stands in it sealed, since not everybody may see it.
 */
export async function keepUnasked(ctx: AppContext, actor: Actor, { integrationId, person }: Person): Promise<string> {
  const isByAddress = isAddress(person)
  const target = isByAddress ? addressTarget(ctx, person) : userIdOf(person)
  const same = () => findSameDestination(ctx.db, { integrationId, kind: 'person', target, urlHash: null })
  const known = await same()
  if (known) return known.id
  const name = isByAddress ? 'A recipient, looked up when a message is sent' : target
  const row = { ...newDestinationRow(ctx, actor, { integrationId, kind: 'person' }), target, name }
  try {
    await ctx.db.transaction().execute(async (trx) => {
      if (isByAddress) row.sealedUrl = await ctx.vault.seal(trx, placeOfAddress(row), person)
      await writeNewDestination(ctx, trx, actor, row)
    })
    return row.id
  } catch (error) {
    // Another replica made it meanwhile.
    const made = error instanceof Refusal && error.code === 'conflict' ? await same() : undefined
    if (made) return made.id
    throw error
  }
}

/** Makes such a destination the one of the person who was found by the address now. Undefined: there is none. */
export async function adoptUnasked(
  ctx: AppContext,
  actor: Actor,
  { integrationId, person }: Person,
  found: Pick<SavedDestination, 'name' | 'target' | 'conversationId' | 'state' | 'code'>,
): Promise<string | undefined> {
  if (!isAddress(person)) return undefined
  return ctx.db.transaction().execute(async (trx) => {
    await lockIntegration(trx, integrationId)
    const place = { integrationId, kind: 'person' as const, urlHash: null }
    const unasked = await findSameDestination(trx, { ...place, target: addressTarget(ctx, person) })
    if (!unasked) return undefined
    // Somebody may have added the person by another name while Slack was asked.
    const other = await findSameDestination(trx, { ...place, target: found.target })
    if (other) return other.id
    const { name, target, state, code } = found
    const conversationId = found.conversationId ?? unasked.conversationId
    const now = { name, target, conversationId, sealedUrl: null, state, code, stateAt: ctx.now() }
    await updateDestination(trx, unasked.id, now)
    await recordAudit(ctx, trx, actor, {
      action: 'destination.changed',
      subject: { kind: 'destination', id: unasked.id, name },
      detail: { target },
    })
    return unasked.id
  })
}

/** The address that such a destination stands for. */
export async function openAddress(ctx: AppContext, row: SavedDestination, sealed: string): Promise<string> {
  return ctx.vault.open(ctx.db, placeOfAddress(row), sealed)
}

/** Finds the destination of an address again without telling it. */
const addressTarget = (ctx: AppContext, email: string): string =>
  `recipient-${ctx.vault.keyedHash(`person ${email.toLowerCase()}`).slice(0, 24)}`

const placeOfAddress = ({ id, integrationId }: Pick<SavedDestination, 'id' | 'integrationId'>): Place => ({
  integrationId,
  table: 'destinations',
  rowId: id,
  field: 'address',
})
