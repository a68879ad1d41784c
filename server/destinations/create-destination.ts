import type { NewDestination } from '../../shared/destinations.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import { openConnection } from '../integrations/credentials.ts'
import { getIntegration, lockIntegration } from '../integrations/store.ts'
import { providers } from '../providers/registry.ts'
import type { Actor } from '../users/actor.ts'
import { askForRefresh } from './channels-store.ts'
import { resolveChannel } from './resolve-channel.ts'
import { resolvePerson } from './resolve-person.ts'
import { findSameDestination, getDestination, insertDestination, type SavedDestination } from './store.ts'
import { checkedWebhookUrl, sealedWebhook, shownWebhook } from './webhook.ts'

/** Makes a place that messages can go to. The channel, person or webhook is looked up once and kept by its id. */
export async function createDestination(
  ctx: AppContext,
  actor: Actor,
  wanted: NewDestination,
): Promise<SavedDestination> {
  const place = placeOf(wanted)
  const integration = await getIntegration(ctx.db, wanted.integrationId)
  const looking = { integrationId: integration.id, provider: providers[integration.provider] }
  const row = newDestinationRow(ctx, actor, { ...wanted, integrationId: integration.id })
  switch (wanted.kind) {
    case 'channel': {
      const connection = await openConnection(ctx, integration.id)
      Object.assign(row, await resolveChannel(ctx, { ...looking, connection }, place))
      break
    }
    case 'person': {
      const connection = await openConnection(ctx, integration.id)
      Object.assign(row, await resolvePerson(ctx, { ...looking, connection }, place))
      break
    }
    case 'webhook':
      row.name = `Webhook ${shownWebhook(checkedWebhookUrl(ctx, place))}`
  }
  if (wanted.name !== undefined) row.name = wanted.name

  await ctx.db.transaction().execute((trx) => writeNewDestination(ctx, trx, actor, row, wanted.url))
  if (row.kind === 'channel') ctx.nudge('channels')
  return getDestination(ctx.db, row.id)
}

/** A row that has yet to be told which channel, person or webhook it stands for. */
export function newDestinationRow(
  ctx: AppContext,
  actor: Actor,
  wanted: Pick<NewDestination, 'integrationId' | 'kind' | 'owner' | 'note'>,
): SavedDestination {
  const now = ctx.now()
  return {
    id: ctx.newId('dst'),
    integrationId: wanted.integrationId,
    kind: wanted.kind,
    ...EMPTY,
    stateAt: now,
    owner: wanted.owner ?? null,
    note: wanted.note ?? null,
    createdAt: now,
    createdBy: actor.name,
  }
}

/** Inserts a row whose place was looked up; a webhook's address is sealed into it. In a transaction of the caller. */
export async function writeNewDestination(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  row: SavedDestination,
  url?: string,
): Promise<void> {
  // It may have been deleted while Slack was asked.
  const integration = await lockIntegration(trx, row.integrationId)
  if (row.kind === 'webhook') Object.assign(row, await sealedWebhook(ctx, trx, row, checkedWebhookUrl(ctx, url ?? '')))
  if (!(await insertDestination(trx, row))) throw await alreadyThere(trx, row)
  if (row.kind === 'channel') await askForRefresh(trx, row.integrationId, ctx.now())
  await recordAudit(ctx, trx, actor, {
    action: 'destination.created',
    subject: { kind: 'destination', id: row.id, name: row.name },
    detail: { integration: integration.name, kind: row.kind, target: row.target },
  })
}

/** Refuses a second destination for the same place, and names the first. */
export async function alreadyThere(
  db: Db,
  wanted: Pick<SavedDestination, 'integrationId' | 'kind' | 'target' | 'urlHash'>,
): Promise<Refusal> {
  const same = await findSameDestination(db, wanted)
  const what = { channel: 'This channel', person: 'This person', webhook: 'This webhook' }[wanted.kind]
  return new Refusal('conflict', `${what} is a destination already: ${same?.name ?? 'another'} (${same?.id ?? '…'}).`, {
    field: wanted.kind === 'webhook' ? 'url' : wanted.kind,
    fix: 'Use that one, or rename it.',
  })
}

const FIELDS = { channel: 'channel', person: 'person', webhook: 'url' } as const

/** The one field that fits the kind; the others have to be left out. */
function placeOf(wanted: NewDestination): string {
  const field = FIELDS[wanted.kind]
  for (const other of Object.values(FIELDS)) {
    if (other !== field && wanted[other] !== undefined) {
      throw new Refusal('invalid', `A destination of kind ${wanted.kind} takes ${field}, not ${other}.`, {
        field: other,
      })
    }
  }
  const place = wanted[field]
  if (place === undefined) {
    throw new Refusal('invalid', `A destination of kind ${wanted.kind} needs ${field}: ${EXAMPLES[wanted.kind]}.`, {
      field,
    })
  }
  return place
}

const EXAMPLES = {
  channel: 'an id, #name or link',
  person: 'an e-mail address or a member ID',
  webhook: 'an incoming webhook’s address',
}

const EMPTY = {
  name: '',
  target: '',
  conversationId: null,
  isPrivate: null,
  sealedUrl: null,
  urlHash: null,
  state: 'untested',
  code: null,
  disabledAt: null,
  pausedAt: null,
  pausedBy: null,
  pauseCode: null,
  lastDeliveredAt: null,
} as const
