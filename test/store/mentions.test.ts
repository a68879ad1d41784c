import type { Kysely } from 'kysely'
import { expect, test } from 'vitest'
import { up } from '../../server/db/migrations/0016-mentions.ts'
import type { Db } from '../../server/db/schema.ts'
import { getIntegration, insertIntegration } from '../../server/integrations/store.ts'
import { beginLists, claimLists, findLists, settleList } from '../../server/mentions/lists-store.ts'
import { nameKey } from '../../server/mentions/read-word.ts'
import { resolveMentions } from '../../server/mentions/resolve-mentions.ts'
import {
  countCalled,
  dropDirectories,
  dropUnseen,
  listCalled,
  listEmailLookups,
  putEmailLookup,
  putGroups,
  putUsers,
  type SavedGroup,
  type SavedUser,
  searchCalled,
} from '../../server/mentions/store.ts'
import { eachStore } from '../support/each-store.ts'
import { integrationRow, NOW } from '../support/factories.ts'

const integrationId = 'int_1'
const user = (id: string, handle: string, change: Partial<SavedUser> = {}): SavedUser => ({
  ...{ integrationId, id, handle, displayName: handle, realName: `${handle} surname` },
  ...{ handleKey: nameKey(handle), displayKey: nameKey(handle), realKey: nameKey(`${handle} surname`) },
  ...{ email: `${handle}@acme.example`, isDeleted: 0, isBot: 0, refreshId: 1 },
  ...change,
})
const group = (id: string, handle: string, change: Partial<SavedGroup> = {}): SavedGroup => ({
  ...{ integrationId, id, handle, name: handle, handleKey: handle, nameKey: handle, isDisabled: 0, refreshId: 1 },
  ...change,
})
const begin = (db: Db, again = false, now = NOW) => beginLists(db, { integrationId, generation: 'g1', now, again })
const claim = (by: string, now: number) => ({ by, now, leaseMs: 60_000, limit: 4 })
const idsOf = (called: { id: string }[]) => called.map(({ id }) => id)
const everybody = { text: '', limit: 10, withEmails: true }

eachStore('mentions', (open) => {
  test('a page replaces what was known, and a whole reading drops what it did not see', async () => {
    await using store = await open()
    await insertIntegration(store.db, integrationRow(integrationId))
    await putUsers(store.db, [user('U1', 'ada'), user('U1', 'ada'), user('U2', 'kim')])
    await putGroups(store.db, [group('S1', 'team'), group('S2', 'gone')])

    await putUsers(store.db, [user('U1', 'augusta', { refreshId: 2 })])
    await putGroups(store.db, [group('S1', 'team', { refreshId: 2, isDisabled: 1 })])
    await dropUnseen(store.db, { integrationId, list: 'people', refreshId: 2 })
    await dropUnseen(store.db, { integrationId, list: 'groups', refreshId: 2 })

    const names = { names: ['ada', 'augusta', 'kim', 'team', 'gone'], emails: [], ids: [] }
    expect(await listCalled(store.db, integrationId, names)).toMatchObject([
      { kind: 'user', id: 'U1', keys: ['augusta', 'augusta', 'augusta surname'] },
      { kind: 'group', id: 'S1', isGone: true },
    ])
    expect(await countCalled(store.db, integrationId)).toEqual({ people: 1, groups: 0 })
  })

  test('words are found by every name, address and id, in their own workspace only', async () => {
    await using store = await open()
    await insertIntegration(store.db, integrationRow(integrationId))
    await insertIntegration(store.db, integrationRow('int_2'))
    await putUsers(store.db, [
      user('U1', 'ada', { displayKey: 'countess', realKey: 'ada lovelace' }),
      user('U2', 'élise'),
      user('U3', 'ada', { integrationId: 'int_2' }),
    ])
    const by = (wanted: Partial<Parameters<typeof listCalled>[2]>) =>
      listCalled(store.db, integrationId, { names: [], emails: [], ids: [], ...wanted }).then(idsOf)

    expect(await by({ names: ['ada'] })).toEqual(['U1'])
    expect(await by({ names: ['countess'] })).toEqual(['U1'])
    expect(await by({ names: ['ada lovelace', nameKey('E\u0301LISE')] })).toEqual(['U1', 'U2'])
    expect(await by({ emails: ['ada@acme.example'] })).toEqual(['U1'])
    expect(await by({ ids: ['U2', 'U3'] })).toEqual(['U2'])
    expect(await by({})).toEqual([])
  })

  test('a search finds text anywhere, what begins with it first, bots last, and addresses only when asked to', async () => {
    await using store = await open()
    await insertIntegration(store.db, integrationRow(integrationId))
    await putUsers(store.db, [
      user('U1', 'mad-ada'),
      user('U2', 'ada'),
      user('U3', 'adabot', { isBot: 1 }),
      user('U4', 'adele', { isDeleted: 1 }),
    ])
    await putGroups(store.db, [group('S1', 'adults'), group('S2', 'off', { isDisabled: 1 })])
    const search = (text: string, withEmails = false) =>
      searchCalled(store.db, integrationId, { text, limit: 10, withEmails }).then(idsOf)

    expect(await search('ad')).toEqual(['S1', 'U2', 'U3', 'U1'])
    expect(await search('acme.example')).toEqual([])
    expect(await search('acme.example', true)).toEqual(['U2', 'U1', 'U3'])
    expect(idsOf(await searchCalled(store.db, integrationId, everybody))).toEqual(['S1', 'U2', 'U1', 'U3'])
  })

  test('an integration from before gets the feature, and one without any feature stays so', async () => {
    await using store = await open()
    for (const table of ['slack_users', 'slack_groups', 'slack_lists', 'slack_email_lookups']) {
      await store.db.schema.dropTable(table).execute()
    }
    await insertIntegration(store.db, { ...integrationRow('int_1'), features: ['channel_messages'] })
    await insertIntegration(store.db, integrationRow('int_2'))

    await up(store.db as unknown as Kysely<unknown>)

    expect((await getIntegration(store.db, 'int_1')).features).toEqual(['channel_messages', 'mentions'])
    expect((await getIntegration(store.db, 'int_2')).features).toEqual([])
  })

  test('a list is claimed by one worker, whose lease can run out', async () => {
    await using store = await open()
    await insertIntegration(store.db, integrationRow(integrationId))
    await begin(store.db)

    const first = await claimLists(store.db, claim('a', NOW))
    const second = await claimLists(store.db, claim('b', NOW))
    const later = await claimLists(store.db, claim('b', NOW + 60_000))

    expect([first.length, second.length, later.length]).toEqual([2, 0, 2])
    const [lost] = first
    const [held] = later
    expect(lost && (await settleList(store.db, lost, { pages: 9 }))).toBe(false)
    expect(held && (await settleList(store.db, held, { pages: 1, dueAt: NOW + 90_000 }))).toBe(true)
    expect((await findLists(store.db, integrationId)).map(({ pages }) => pages).sort()).toEqual([0, 1])
  })

  test('asked for again, an ended list begins anew and one under way goes on', async () => {
    await using store = await open()
    await insertIntegration(store.db, integrationRow(integrationId))
    await begin(store.db)
    const [people, groups] = await claimLists(store.db, claim('a', NOW))
    const later = NOW + 900_000
    if (people) await settleList(store.db, people, { state: 'complete', endedAt: NOW, dueAt: later })
    if (groups) await settleList(store.db, groups, { cursor: 'next', pages: 3, dueAt: later })

    await begin(store.db, false, NOW + 1)
    expect(await claimLists(store.db, claim('a', NOW + 1))).toEqual([])
    await begin(store.db, true, NOW + 2)
    const again = await claimLists(store.db, claim('a', NOW + 2))

    expect(again).toMatchObject([{ list: people?.list, refreshId: 2, pages: 0, cursor: null, state: 'running' }])
  })

  test('an answer for an address is kept and replaced, and all is dropped together', async () => {
    await using store = await open()
    await insertIntegration(store.db, integrationRow(integrationId))
    await begin(store.db)
    const lookup = { integrationId, email: 'a@acme.example', userId: null, userName: null, lookedAt: NOW }
    await putEmailLookup(store.db, lookup)
    await putEmailLookup(store.db, { ...lookup, userId: 'U1', userName: 'Ada', lookedAt: NOW + 1 })

    expect(await listEmailLookups(store.db, integrationId, ['a@acme.example', 'b@acme.example'])).toEqual([
      { ...lookup, userId: 'U1', userName: 'Ada', lookedAt: NOW + 1 },
    ])
    await dropDirectories(store.db, [integrationId])
    expect(await listEmailLookups(store.db, integrationId, ['a@acme.example'])).toEqual([])
    expect(await findLists(store.db, integrationId)).toEqual([])
  })

  test('what was found out is kept in memory until the generation changes, also inside a transaction', async () => {
    await using store = await open()
    await insertIntegration(store.db, integrationRow(integrationId))
    const generation = `first ${store.url}`
    await beginLists(store.db, { integrationId, generation, now: NOW, again: false })
    await putUsers(store.db, [user('U1', 'ada')])
    const ask = () =>
      store.db.transaction().execute(async (trx) => {
        return (await resolveMentions(trx, integrationId, ['@ada'])).get('@ada')?.markup
      })

    expect(await ask()).toBe('<@U1>')
    await putUsers(store.db, [user('U1', 'augusta')])
    expect(await ask()).toBe('<@U1>')
    const [list] = await claimLists(store.db, claim('a', NOW))
    if (list) await settleList(store.db, list, { generation: `second ${store.url}` })
    expect(await ask()).toBe('@ada')
  })
})
