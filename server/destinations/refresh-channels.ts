import type { Channel } from '../../shared/destinations.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { openConnection } from '../integrations/credentials.ts'
import { findIntegration } from '../integrations/store.ts'
import type { CallFailure } from '../providers/provider.ts'
import { providers } from '../providers/registry.ts'
import {
  claimRefreshes,
  countSeenChannels,
  dropUnseenChannels,
  listChannelDestinations,
  putChannels,
  type Refresh,
  settleRefresh,
} from './channels-store.ts'
import { stateOfChannel } from './resolve-channel.ts'
import { type SavedDestination, updateDestination } from './store.ts'

/** conversations.list is tier 2: 20 calls a minute for each workspace. */
const PAGE_EVERY_MS = 3_000
const WHOLE_EVERY_MS = 15 * 60_000
const TROUBLE_WAIT_MS = 30_000
const LEASE_MS = 60_000
const AT_ONCE = 4

/**
 * Reads one page of the channel directory for each workspace whose next page is due; says how many it asked for. Every
 * page is kept as it comes, with the place to go on from, so that a restart loses nothing.
 */
export async function refreshChannels(ctx: AppContext): Promise<number> {
  const claim = { by: ctx.workerId, now: ctx.now(), leaseMs: LEASE_MS, limit: AT_ONCE }
  const claimed = await claimRefreshes(ctx.db, claim)
  await Promise.all(claimed.map((refresh) => refreshLoudly(ctx, refresh)))
  return claimed.length
}

/** What is thrown here stops nobody else's refresh; this one waits for its next round, and says that it failed. */
async function refreshLoudly(ctx: AppContext, refresh: Refresh): Promise<void> {
  try {
    await refreshPage(ctx, refresh)
  } catch (error) {
    ctx.log.error('channels.refresh_broke', { integrationId: refresh.integrationId, error })
    const endedAt = ctx.now()
    const dueAt = endedAt + WHOLE_EVERY_MS
    await settleRefresh(ctx.db, refresh, { state: 'failed', endedAt, dueAt, code: 'not_prepared' })
  }
}

async function refreshPage(ctx: AppContext, refresh: Refresh): Promise<void> {
  const integration = await findIntegration(ctx.db, refresh.integrationId)
  if (!integration || integration.disabledAt !== null) {
    await settleRefresh(ctx.db, refresh, whileDisabled(ctx.now()))
    return
  }
  const connection = await openConnection(ctx, integration.id)
  const { directory } = providers[integration.provider]
  const page = refresh.cursor === null ? {} : { cursor: refresh.cursor }
  const asked = await directory.listChannels(ctx, connection, page)
  const now = ctx.now()

  if (asked.kind === 'failed') {
    const settled = await settleRefresh(ctx.db, refresh, afterFailure(refresh, asked.failure, now))
    ctx.log.warn('channels.refresh_failed', { integrationId: integration.id, code: asked.failure.code, settled })
    return
  }
  const { channels, nextCursor } = asked.answer
  const settled = await ctx.db.transaction().execute(async (trx) => {
    const isNew = nextCursor === undefined || (await bringsNews(trx, refresh, channels, nextCursor))
    const mine = await settleRefresh(trx, refresh, isNew ? afterPage(refresh, nextCursor, now) : brokenOff(now))
    if (!mine) return false
    await putChannels(trx, refresh.integrationId, refresh.refreshId, channels)
    await followChannels(trx, refresh.integrationId, channels, now)
    if (nextCursor === undefined) await dropUnseenChannels(trx, refresh.integrationId, refresh.refreshId)
    return true
  })
  const pages = refresh.pages + 1
  ctx.log.debug('channels.page_read', { integrationId: integration.id, pages, channels: channels.length, settled })
}

function afterPage(refresh: Refresh, nextCursor: string | undefined, now: number): Partial<Refresh> {
  const pages = refresh.pages + 1
  return nextCursor === undefined
    ? { state: 'complete', cursor: null, pages, endedAt: now, dueAt: now + WHOLE_EVERY_MS, code: null }
    : { cursor: nextCursor, pages, dueAt: now + PAGE_EVERY_MS, code: hasBegunAnew(refresh) ? LOST_CURSOR : null }
}

/** False: the list leads in a circle, and would be read for ever. */
async function bringsNews(trx: Db, refresh: Refresh, channels: Channel[], nextCursor: string): Promise<boolean> {
  if (nextCursor === refresh.cursor) return false
  if (channels.length === 0) return true
  const ids = [...new Set(channels.map(({ id }) => id))]
  return (await countSeenChannels(trx, refresh, ids)) < ids.length
}

/** What Slack asked to wait for, or may soon work, goes on from the same page; the rest waits for the next round. */
function afterFailure(refresh: Refresh, failure: CallFailure, now: number): Partial<Refresh> {
  switch (failure.kind) {
    case 'rate_limited':
      return { dueAt: now + Math.max(failure.waitMs, PAGE_EVERY_MS), code: failure.code }
    case 'transient':
    case 'ambiguous':
      return { dueAt: now + TROUBLE_WAIT_MS, code: failure.code }
    case 'permanent':
      // Cursors run out; what was read so far stays, and the list is read from its beginning, once in a round.
      if (failure.code === LOST_CURSOR && refresh.cursor !== null && !hasBegunAnew(refresh)) {
        const { refreshId } = refresh
        return { refreshId: refreshId + 1, cursor: null, pages: 0, dueAt: now + PAGE_EVERY_MS, code: LOST_CURSOR }
      }
      return { state: 'failed', endedAt: now, dueAt: now + WHOLE_EVERY_MS, code: failure.code }
  }
}

const LOST_CURSOR = 'invalid_cursor'

const hasBegunAnew = ({ code }: Refresh): boolean => code === LOST_CURSOR

const brokenOff = (now: number): Partial<Refresh> => ({
  ...{ state: 'failed', endedAt: now, dueAt: now + WHOLE_EVERY_MS, code: LOST_CURSOR },
})

/** Looked at often: once it is enabled, the channels are to be read soon. */
const whileDisabled = (now: number): Partial<Refresh> => ({
  ...{ state: 'failed', endedAt: now, dueAt: now + TROUBLE_WAIT_MS, code: 'integration_disabled' },
})

/** Destinations keep the id; what their channel is called, and whether it can be posted to, follows the directory. */
async function followChannels(trx: Db, integrationId: string, channels: Channel[], now: number): Promise<void> {
  const byId = new Map(channels.map((channel) => [channel.id, channel]))
  for (const destination of await listChannelDestinations(trx, integrationId, [...byId.keys()])) {
    const channel = byId.get(destination.target)
    if (channel) await updateDestination(trx, destination.id, followed(destination, channel, now))
  }
}

/** What a fresh look at its channel changes about a destination. */
export function followed(destination: SavedDestination, channel: Channel, now: number): Partial<SavedDestination> {
  const shown = `#${channel.name}`
  const isPrivate = Number(channel.isPrivate)
  // A name without # was given by somebody, and stays; the bare id stood in until the channel was seen.
  const followsName = destination.name.startsWith('#') || destination.name === destination.target
  const seen = stateOfChannel(channel)
  const fromDirectory = destination.code !== null && DIRECTORY_CODES.includes(destination.code)
  const changesState =
    seen.state === 'failing'
      ? destination.state !== 'failing' || destination.code !== seen.code
      : fromDirectory && destination.code !== seen.code
  return {
    ...(followsName && destination.name !== shown && { name: shown }),
    ...(destination.isPrivate !== isPrivate && { isPrivate }),
    ...(changesState && { ...seen, stateAt: now }),
  }
}

/** The codes that a look into the directory can lift again; what a send found out, only a send can. */
const DIRECTORY_CODES = ['is_archived', 'not_in_channel', 'channel_not_found']
