import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { openConnection } from '../integrations/credentials.ts'
import { findIntegration, listEnabledIntegrations, type SavedIntegration } from '../integrations/store.ts'
import type { CallFailure, CallResult, Member, MemberGroup } from '../providers/provider.ts'
import { providers } from '../providers/registry.ts'
import { beginLists, claimLists, listReadIntegrations, type SavedList, settleList } from './lists-store.ts'
import { nameKey } from './read-word.ts'
import { dropDirectories, dropUnseen, putGroups, putUsers, type SavedGroup, type SavedUser } from './store.ts'

/** users.list and usergroups.list are tier 2: 20 calls a minute for each workspace. */
const PAGE_EVERY_MS = 3_000
const WHOLE_EVERY_MS = 15 * 60_000
const TROUBLE_WAIT_MS = 30_000
const LEASE_MS = 60_000
const AT_ONCE = 4

/** Begins the lists of each integration that has the feature, and forgets those of the others. */
export async function followFeatures(ctx: AppContext): Promise<void> {
  const enabled = await listEnabledIntegrations(ctx.db)
  const read = await listReadIntegrations(ctx.db)
  const wanted = enabled.filter(hasMentions).map(({ id }) => id)
  for (const integrationId of wanted.filter((id) => !read.includes(id))) {
    const begin = { integrationId, generation: ctx.newId('req'), now: ctx.now(), again: false }
    await ctx.db.transaction().execute((trx) => beginLists(trx, begin))
  }
  const switchedOff = enabled.filter(({ id, ...each }) => !hasMentions(each) && read.includes(id)).map(({ id }) => id)
  if (switchedOff.length > 0) await ctx.db.transaction().execute((trx) => dropDirectories(trx, switchedOff))
}

/** Whether an integration is to know its workspace's people by name. */
export const hasMentions = ({ features }: Pick<SavedIntegration, 'features'>): boolean => features.includes('mentions')

/**
 * Reads one page of each list whose next page is due; says how many it asked for. Every page is kept as it comes, with
 * the place to go on from, so that a restart loses nothing.
 */
export async function refreshDirectories(ctx: AppContext): Promise<number> {
  const claim = { by: ctx.workerId, now: ctx.now(), leaseMs: LEASE_MS, limit: AT_ONCE }
  const claimed = await ctx.db.transaction().execute((trx) => claimLists(trx, claim))
  await Promise.all(claimed.map((list) => refreshLoudly(ctx, list)))
  return claimed.length
}

/** What is thrown here stops nobody else's refresh; this one waits for its next round, and says that it failed. */
async function refreshLoudly(ctx: AppContext, list: SavedList): Promise<void> {
  try {
    await refreshPage(ctx, list)
  } catch (error) {
    ctx.log.error('mentions.refresh_broke', { integrationId: list.integrationId, list: list.list, error })
    await settleList(ctx.db, list, failed('not_prepared', ctx.now()))
  }
}

async function refreshPage(ctx: AppContext, list: SavedList): Promise<void> {
  const integration = await findIntegration(ctx.db, list.integrationId)
  if (!integration || integration.disabledAt !== null) {
    await settleList(ctx.db, list, { dueAt: ctx.now() + WHOLE_EVERY_MS })
    return
  }
  const asked = await askForPage(ctx, integration, list)
  const now = ctx.now()
  const generation = ctx.newId('req')
  if (asked.kind === 'failed') {
    const { code } = asked.failure
    const settled = await settleList(ctx.db, list, { ...afterFailure(list, asked.failure, now), generation })
    ctx.log.warn('mentions.refresh_failed', { integrationId: integration.id, list: list.list, code, settled })
    return
  }
  const { put, nextCursor } = asked.answer
  const settled = await ctx.db.transaction().execute(async (trx) => {
    const mine = await settleList(trx, list, { ...afterPage(list, nextCursor, now), generation })
    if (!mine) return false
    await put(trx)
    if (nextCursor === undefined) await dropUnseen(trx, list)
    return true
  })
  ctx.log.debug('mentions.page_read', {
    integrationId: integration.id,
    list: list.list,
    pages: list.pages + 1,
    settled,
  })
}

type Page = { put: (trx: Db) => Promise<void>; nextCursor?: string }

async function askForPage(ctx: AppContext, integration: SavedIntegration, list: SavedList): Promise<CallResult<Page>> {
  const connection = await openConnection(ctx, integration.id)
  const { directory } = providers[integration.provider]
  if (list.list === 'people') {
    const asked = await directory.listPeople(ctx, connection, list.cursor === null ? {} : { cursor: list.cursor })
    if (asked.kind === 'failed') return asked
    const { people, nextCursor } = asked.answer
    const put = (trx: Db) =>
      putUsers(
        trx,
        people.map((member) => userRow(list, member)),
      )
    return { ...asked, answer: { put, ...(nextCursor !== undefined && { nextCursor }) } }
  }
  const asked = await directory.listGroups(ctx, connection)
  if (asked.kind === 'failed') return asked
  const { groups } = asked.answer
  return {
    ...asked,
    answer: {
      put: (trx) =>
        putGroups(
          trx,
          groups.map((group) => groupRow(list, group)),
        ),
    },
  }
}

function afterPage(list: SavedList, nextCursor: string | undefined, now: number): Partial<SavedList> {
  const pages = list.pages + 1
  return nextCursor === undefined
    ? { state: 'complete', cursor: null, pages, wholeAt: now, endedAt: now, dueAt: now + WHOLE_EVERY_MS, code: null }
    : { cursor: nextCursor, pages, dueAt: now + PAGE_EVERY_MS, code: null }
}

/** What Slack asked to wait for, or may soon work, goes on from the same page; the rest waits for the next round. */
function afterFailure(list: SavedList, failure: CallFailure, now: number): Partial<SavedList> {
  const { code } = failure
  switch (failure.kind) {
    case 'rate_limited':
      return { dueAt: now + Math.max(failure.waitMs, PAGE_EVERY_MS), code }
    case 'transient':
    case 'ambiguous':
      return { dueAt: now + TROUBLE_WAIT_MS, code }
    case 'permanent':
      // Cursors run out; the pages read so far stay, and the list is read from its beginning.
      if (code === 'invalid_cursor' && list.cursor !== null) {
        return { cursor: null, pages: 0, dueAt: now + PAGE_EVERY_MS, code }
      }
      return failed(code, now)
  }
}

function failed(code: string, now: number): Partial<SavedList> {
  return { state: 'failed', cursor: null, endedAt: now, dueAt: now + WHOLE_EVERY_MS, code }
}

const userRow = ({ integrationId, refreshId }: SavedList, member: Member): SavedUser => ({
  ...{ integrationId, refreshId, id: member.id },
  ...{ handle: member.handle, displayName: member.displayName, realName: member.realName },
  handleKey: nameKey(member.handle),
  displayKey: nameKey(member.displayName),
  realKey: nameKey(member.realName),
  email: member.email?.toLowerCase() ?? null,
  isDeleted: Number(member.isDeleted),
  isBot: Number(member.isBot),
})

const groupRow = ({ integrationId, refreshId }: SavedList, group: MemberGroup): SavedGroup => ({
  ...{ integrationId, refreshId, id: group.id, handle: group.handle, name: group.name },
  handleKey: nameKey(group.handle),
  nameKey: nameKey(group.name),
  isDisabled: Number(group.isDisabled),
})
