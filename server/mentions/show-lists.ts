import type { DirectoryList, DirectoryLists } from '../../shared/mentions.ts'
import { slackCode } from '../../shared/slack-codes.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { getIntegration, type SavedIntegration } from '../integrations/store.ts'
import { optional, toInstant } from '../lib/paging.ts'
import { beginLists, findLists, type SavedList } from './lists-store.ts'
import { hasMentions } from './refresh-directories.ts'
import { countCalled } from './store.ts'

/** How much of the workspace is known, and what stands in the way of the rest. */
export async function showLists(db: Db, integrationId: string): Promise<DirectoryLists> {
  const lists = await findLists(db, integrationId)
  const counts = await countCalled(db, integrationId)
  const shown = (name: SavedList['list']): DirectoryList => {
    const list = lists.find((each) => each.list === name)
    if (!list) return { state: 'never', count: 0 }
    return {
      state: list.state,
      ...optional('at', list.wholeAt === null ? null : toInstant(list.wholeAt)),
      ...(list.code !== null && { code: list.code, fix: fixOf(name, list.code) }),
      count: counts[name],
    }
  }
  return { people: shown('people'), groups: shown('groups') }
}

/** The integration; its lists begin to be read when nobody has looked yet. */
export async function beginToLook(ctx: AppContext, integrationId: string): Promise<SavedIntegration> {
  const integration = await getIntegration(ctx.db, integrationId)
  const known = await findLists(ctx.db, integrationId)
  if (known.length === 0 && hasMentions(integration)) {
    const begin = { integrationId, generation: ctx.newId('req'), now: ctx.now(), again: false }
    await ctx.db.transaction().execute((trx) => beginLists(trx, begin))
    ctx.nudge('mentions')
  }
  return integration
}

const SCOPES = { people: 'users:read', groups: 'usergroups:read' }

function fixOf(list: SavedList['list'], code: string): string {
  if (code !== 'missing_scope') return slackCode(code).fix
  return `Add the scope ${SCOPES[list]} under OAuth & Permissions in the Slack app, then install the app again.`
}
