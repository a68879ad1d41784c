import type { z } from 'zod'
import { parseChannel } from '../../shared/channel-input.ts'
import type { ChannelList, ListChannels, Person } from '../../shared/destinations.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { openConnection } from '../integrations/credentials.ts'
import { getIntegration } from '../integrations/store.ts'
import { optional, toInstant } from '../lib/paging.ts'
import { providers } from '../providers/registry.ts'
import type { Actor } from '../users/actor.ts'
import { askForRefresh, findRefresh, type Refresh, searchChannels } from './channels-store.ts'
import { personOf } from './resolve-person.ts'

/**
 * Type-ahead over the whole workspace, from the cached directory. The first look starts reading it; until it is whole, a
 * channel pasted by id or link is asked of Slack directly.
 */
export async function pickChannels(
  ctx: AppContext,
  integrationId: string,
  { query, limit, archived }: z.output<typeof ListChannels>,
): Promise<ChannelList> {
  const integration = await getIntegration(ctx.db, integrationId)
  const refresh = await refreshForPicker(ctx, integrationId)
  const meant = query ? parseChannel(query) : undefined
  const id = meant?.kind === 'id' ? meant.id : undefined
  const text = meant?.kind === 'name' ? meant.name : query
  const known = await searchChannels(ctx.db, integrationId, { query: text, id, archived, limit })
  if (id !== undefined && known.items.length === 0) {
    const connection = await openConnection(ctx, integrationId)
    const asked = await providers[integration.provider].directory.getChannel(ctx, connection, id)
    if (asked.kind === 'answered') return { ...known, items: [asked.answer], matched: 1, refresh: shown(refresh) }
  }
  return { ...known, refresh: shown(refresh) }
}

/** Reads the directory again as soon as Slack's limits allow; says how far the reading is. */
export async function refreshOnDemand(
  ctx: AppContext,
  actor: Actor,
  integrationId: string,
): Promise<ChannelList['refresh']> {
  const refresh = await ctx.db.transaction().execute(async (trx) => {
    const integration = await getIntegration(trx, integrationId)
    const before = await findRefresh(trx, integrationId)
    const now = ctx.now()
    const endedLately = before?.state === 'complete' && now - (before.endedAt ?? 0) < SHORTEST_BETWEEN_MS
    if (before?.state === 'running' || endedLately) return before
    await askForRefresh(trx, integrationId, now)
    await recordAudit(ctx, trx, actor, {
      action: 'channels.refresh_asked',
      subject: { kind: 'integration', id: integrationId, name: integration.name },
    })
    return findRefresh(trx, integrationId)
  })
  ctx.nudge('channels')
  return shown(refresh)
}

/** The person of an e-mail address, looked up at Slack; refuses when there is none. */
export async function findPerson(ctx: AppContext, integrationId: string, email: string): Promise<Person> {
  const integration = await getIntegration(ctx.db, integrationId)
  const connection = await openConnection(ctx, integrationId)
  const { directory } = providers[integration.provider]
  return personOf(await directory.findPersonByEmail(ctx, connection, email), email, 'email')
}

/** A workspace of 20,000 channels takes a minute of the method's limit; nobody gains by starting over sooner. */
const SHORTEST_BETWEEN_MS = 10_000
const AFTER_FAILURE_MS = 30_000

/** The first look starts the reading; one that failed is tried again, since whoever looks may just have mended it. */
async function refreshForPicker(ctx: AppContext, integrationId: string): Promise<Refresh | undefined> {
  const known = await findRefresh(ctx.db, integrationId)
  const failedLately = known?.state === 'failed' && ctx.now() - (known.endedAt ?? 0) < AFTER_FAILURE_MS
  if (known && (known.state !== 'failed' || failedLately)) return known
  await askForRefresh(ctx.db, integrationId, ctx.now())
  ctx.nudge('channels')
  return findRefresh(ctx.db, integrationId)
}

function shown(refresh: Refresh | undefined): ChannelList['refresh'] {
  if (!refresh) return { state: 'never', pages: 0 }
  return {
    state: refresh.state,
    ...optional('at', refresh.endedAt === null ? null : toInstant(refresh.endedAt)),
    ...optional('code', refresh.code),
    pages: refresh.pages,
  }
}
