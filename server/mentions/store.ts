import { sql } from 'kysely'
import { containsText, oneOf } from '../db/engine.ts'
import type { Db, SlackEmailLookupsTable, SlackGroupsTable, SlackUsersTable } from '../db/schema.ts'
import type { Called } from './decide-mention.ts'

export type SavedUser = SlackUsersTable
export type SavedGroup = SlackGroupsTable
export type EmailLookup = SlackEmailLookupsTable

/** What words may be found by. */
export type Wanted = { names: string[]; emails: string[]; ids: string[] }

/** Everybody and every group that one of the words could mean. */
export async function listCalled(db: Db, integrationId: string, wanted: Wanted): Promise<Called[]> {
  const names = oneOf(db, wanted.names)
  const users = await db
    .selectFrom('slackUsers')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where((where) =>
      where.or([
        where('handleKey', 'in', names),
        where('displayKey', 'in', names),
        where('realKey', 'in', names),
        where('email', 'in', oneOf(db, wanted.emails)),
        where('id', 'in', oneOf(db, wanted.ids)),
      ]),
    )
    .orderBy('id')
    .execute()
  const groups = await db
    .selectFrom('slackGroups')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where((where) =>
      where.or([
        where('handleKey', 'in', names),
        where('nameKey', 'in', names),
        where('id', 'in', oneOf(db, wanted.ids)),
      ]),
    )
    .orderBy('id')
    .execute()
  return [...users.map(calledUser), ...groups.map(calledGroup)]
}

/** Type-ahead over those who are there: names that begin with the text first. E-mail addresses only where they may show. */
export async function searchCalled(
  db: Db,
  integrationId: string,
  search: { text: string; limit: number; withEmails: boolean },
): Promise<Called[]> {
  const { text, limit } = search
  const columns = ['handle_key', 'display_key', 'real_key', ...(search.withEmails ? ['email'] : [])]
  const begins = (column: string) => sql<boolean>`substr(${sql.ref(column)}, 1, ${sql.lit(text.length)}) = ${text}`
  const firstOf = (names: string[]) => sql`case when ${sql.join(names.map(begins), sql` or `)} then 0 else 1 end`
  const users = await db
    .selectFrom('slackUsers')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('isDeleted', '=', 0)
    .$if(text !== '', (query) =>
      query
        .where((where) => where.or(columns.map((column) => containsText(db, column, text))))
        .orderBy(firstOf(['handle_key', 'display_key', 'real_key'])),
    )
    .orderBy('isBot')
    .orderBy('realKey')
    .orderBy('id')
    .limit(limit)
    .execute()
  const groups = await db
    .selectFrom('slackGroups')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('isDisabled', '=', 0)
    .$if(text !== '', (query) =>
      query
        .where((where) => where.or(['handle_key', 'name_key'].map((column) => containsText(db, column, text))))
        .orderBy(firstOf(['handle_key', 'name_key'])),
    )
    .orderBy('handleKey')
    .orderBy('id')
    .limit(limit)
    .execute()
  return [...groups.map(calledGroup), ...users.map(calledUser)]
}

/** Writes one page of the people; each counts as seen by this refresh. */
export async function putUsers(db: Db, users: SavedUser[]): Promise<void> {
  const once = [...new Map(users.map((user) => [user.id, user])).values()]
  if (once.length === 0) return
  await db
    .insertInto('slackUsers')
    .values(once)
    .onConflict((conflict) =>
      conflict.columns(['integrationId', 'id']).doUpdateSet((row) => ({
        handle: row.ref('excluded.handle'),
        displayName: row.ref('excluded.displayName'),
        realName: row.ref('excluded.realName'),
        handleKey: row.ref('excluded.handleKey'),
        displayKey: row.ref('excluded.displayKey'),
        realKey: row.ref('excluded.realKey'),
        email: row.ref('excluded.email'),
        isDeleted: row.ref('excluded.isDeleted'),
        isBot: row.ref('excluded.isBot'),
        refreshId: row.ref('excluded.refreshId'),
      })),
    )
    .execute()
}

export async function putGroups(db: Db, groups: SavedGroup[]): Promise<void> {
  const once = [...new Map(groups.map((group) => [group.id, group])).values()]
  if (once.length === 0) return
  await db
    .insertInto('slackGroups')
    .values(once)
    .onConflict((conflict) =>
      conflict.columns(['integrationId', 'id']).doUpdateSet((row) => ({
        handle: row.ref('excluded.handle'),
        name: row.ref('excluded.name'),
        handleKey: row.ref('excluded.handleKey'),
        nameKey: row.ref('excluded.nameKey'),
        isDisabled: row.ref('excluded.isDisabled'),
        refreshId: row.ref('excluded.refreshId'),
      })),
    )
    .execute()
}

/** After a whole refresh: what it did not see is no longer there. */
export async function dropUnseen(
  db: Db,
  { integrationId, list, refreshId }: { integrationId: string; list: 'people' | 'groups'; refreshId: number },
): Promise<void> {
  await db
    .deleteFrom(list === 'people' ? 'slackUsers' : 'slackGroups')
    .where('integrationId', '=', integrationId)
    .where('refreshId', '<', refreshId)
    .execute()
}

export async function countCalled(db: Db, integrationId: string): Promise<{ people: number; groups: number }> {
  const count = async (table: 'slackUsers' | 'slackGroups', gone: 'isDeleted' | 'isDisabled') => {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from ${sql.table(table)}
      where ${sql.ref('integrationId')} = ${integrationId} and ${sql.ref(gone)} = 0`.execute(db)
    return Number(rows[0]?.count)
  }
  return { people: await count('slackUsers', 'isDeleted'), groups: await count('slackGroups', 'isDisabled') }
}

export async function listEmailLookups(db: Db, integrationId: string, emails: string[]): Promise<EmailLookup[]> {
  if (emails.length === 0) return []
  return db
    .selectFrom('slackEmailLookups')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('email', 'in', oneOf(db, emails))
    .execute()
}

/** The e-mail addresses by which these people of a workspace are known. */
export async function listEmailsOf(
  db: Db,
  integrationId: string,
  userIds: readonly string[],
): Promise<{ userId: string; email: string }[]> {
  const listed = await db
    .selectFrom('slackUsers')
    .select(['id', 'email'])
    .where('integrationId', '=', integrationId)
    .where('id', 'in', oneOf(db, userIds))
    .execute()
  const asked = await db
    .selectFrom('slackEmailLookups')
    .select(['userId as id', 'email'])
    .where('integrationId', '=', integrationId)
    .where('userId', 'in', oneOf(db, userIds))
    .execute()
  return [...listed, ...asked].flatMap(({ id, email }) =>
    id === null || email === null ? [] : [{ userId: id, email }],
  )
}

export async function putEmailLookup(db: Db, lookup: EmailLookup): Promise<void> {
  const { userId, userName, lookedAt } = lookup
  await db
    .insertInto('slackEmailLookups')
    .values(lookup)
    .onConflict((conflict) => conflict.columns(['integrationId', 'email']).doUpdateSet({ userId, userName, lookedAt }))
    .execute()
}

/** Forgets all that was read of these workspaces. */
export async function dropDirectories(db: Db, integrationIds: string[]): Promise<void> {
  for (const table of ['slackUsers', 'slackGroups', 'slackEmailLookups', 'slackLists'] as const) {
    await db.deleteFrom(table).where('integrationId', 'in', integrationIds).execute()
  }
}

const calledUser = (row: SavedUser): Called => ({
  kind: 'user',
  id: row.id,
  name: row.realName || row.displayName || row.handle || row.id,
  keys: [row.handleKey, row.displayKey, row.realKey],
  email: row.email,
  isGone: row.isDeleted === 1,
})

const calledGroup = (row: SavedGroup): Called => ({
  kind: 'group',
  id: row.id,
  name: row.name || row.handle,
  keys: [row.handleKey, '', row.nameKey],
  email: null,
  isGone: row.isDisabled === 1,
})
