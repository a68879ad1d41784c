import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import {
  askForRefresh,
  claimRefreshes,
  dropUnseenChannels,
  findChannelByName,
  findRefresh,
  putChannels,
  searchChannels,
  settleRefresh,
} from '../../server/destinations/channels-store.ts'
import {
  countDestinations,
  findSameDestination,
  getDestination,
  insertDestination,
  listWebhooks,
  markAllDelivered,
  markDestination,
  type SavedDestination,
} from '../../server/destinations/store.ts'
import { putCredential } from '../../server/integrations/store.ts'
import type { Channel } from '../../shared/destinations.ts'
import { eachStore } from '../support/each-store.ts'
import { havingIntegration } from '../support/factories.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const FAILING = { state: 'failing', code: 'is_archived' } as const

let number = 0
function destination(change: Partial<SavedDestination> = {}): SavedDestination {
  number += 1
  return {
    id: `dst_${String(number).padStart(4, '0')}`,
    integrationId: 'int_1',
    kind: 'channel',
    name: '#compliance',
    target: `C${number}`,
    conversationId: null,
    isPrivate: 0,
    sealedUrl: null,
    urlHash: null,
    state: 'untested',
    stateAt: NOW,
    code: null,
    disabledAt: null,
    pausedAt: null,
    pausedBy: null,
    pauseCode: null,
    owner: null,
    note: null,
    lastDeliveredAt: null,
    createdAt: NOW,
    createdBy: 'a test',
    ...change,
  }
}

const channel = (id: string, name: string, change: Partial<Channel> = {}): Channel => ({
  id,
  name,
  isPrivate: false,
  isArchived: false,
  isMember: true,
  ...change,
})

eachStore('destinations', (open) => {
  test('a channel and a webhook stand once in an integration, also when two ask at once', async () => {
    await using store = await open()
    await havingIntegration(store.db)
    await havingIntegration(store.db, 'int_2')
    const hook = { kind: 'webhook', target: 'T1/B1/••••', urlHash: 'h1' } as const

    const channels = await Promise.all([1, 2].map(() => insertDestination(store.db, destination({ target: 'C' }))))
    const hooks = await Promise.all([1, 2].map(() => insertDestination(store.db, destination(hook))))
    const elsewhere = await insertDestination(store.db, destination({ target: 'C', integrationId: 'int_2' }))
    const otherHook = await insertDestination(store.db, destination({ ...hook, urlHash: 'h2' }))

    expect([channels.sort(), hooks.sort()]).toEqual([
      [false, true],
      [false, true],
    ])
    expect([elsewhere, otherHook]).toEqual([true, true])
    expect(await findSameDestination(store.db, destination(hook))).toMatchObject({ urlHash: 'h1' })
    expect(await countDestinations(store.db, ['int_1', 'int_2', 'int_3'])).toEqual(
      new Map([
        ['int_1', { all: 3, webhooks: 2 }],
        ['int_2', { all: 1, webhooks: 0 }],
        ['int_3', { all: 0, webhooks: 0 }],
      ]),
    )
    expect(await listWebhooks(store.db, 'int_1', 1)).toHaveLength(1)
  })

  test('a mark keeps its instant while nothing is new, and a delivered message lifts it', async () => {
    await using store = await open()
    await havingIntegration(store.db)
    const row = destination()
    await insertDestination(store.db, row)

    expect(await markDestination(store.db, row.id, { ...FAILING, at: NOW + 1 })).toBe(true)
    expect(await markDestination(store.db, row.id, { ...FAILING, at: NOW + 2 })).toBe(false)
    expect(await getDestination(store.db, row.id)).toMatchObject({ ...FAILING, stateAt: NOW + 1 })

    await markAllDelivered(store.db, [await getDestination(store.db, row.id)], NOW + 3)
    expect(await getDestination(store.db, row.id)).toMatchObject({
      state: 'ok',
      code: null,
      stateAt: NOW + 3,
      lastDeliveredAt: NOW + 3,
    })
  })

  test('those that messages arrived at are marked in the order of their ids, whoever changes others meanwhile', async () => {
    await using store = await open()
    const { db } = store
    await havingIntegration(db)
    const [first, second] = [destination(), destination()]
    // Where they lie must not decide.
    for (const row of [second, first]) await insertDestination(db, row)
    const change = (trx: Db, { id }: SavedDestination) => markDestination(trx, id, { ...FAILING, at: NOW })

    const { marked } = await db.transaction().execute(async (trx) => {
      await change(trx, first)
      const marked = db.transaction().execute((other) => markAllDelivered(other, [second, first], NOW + 1))
      await setTimeout(50)
      await change(trx, second)
      return { marked }
    })

    await marked
    for (const { id } of [first, second]) expect(await getDestination(db, id)).toMatchObject({ state: 'ok' })
  })

  test('destinations go with their integration', async () => {
    await using store = await open()
    await havingIntegration(store.db)
    const row = destination()
    await insertDestination(store.db, row)

    await store.db.deleteFrom('integrations').execute()

    await expect(getDestination(store.db, row.id)).rejects.toThrow('There is no destination')
  })
})

eachStore('the channel directory', (open) => {
  test('a page replaces what was known, and a finished refresh drops what it did not see', async () => {
    await using store = await open()
    await havingIntegration(store.db)
    await putChannels(store.db, 'int_1', 1, [channel('C1', 'one'), channel('C2', 'two'), channel('C2', 'two')])

    await putChannels(store.db, 'int_1', 2, [channel('C1', 'uno', { members: 7, isArchived: true })])
    await putChannels(store.db, 'int_1', 2, [])
    await dropUnseenChannels(store.db, 'int_1', 2)

    const found = await searchChannels(store.db, 'int_1', { archived: true, limit: 10 })
    expect(found).toEqual({
      items: [channel('C1', 'uno', { members: 7, isArchived: true })],
      matched: 1,
      total: 1,
    })
  })

  test('search is bounded, tells how many fit, and keeps integrations apart', async () => {
    await using store = await open()
    await havingIntegration(store.db)
    await havingIntegration(store.db, 'int_2')
    const many = Array.from({ length: 300 }, (_, index) =>
      channel(`C${index}`, `team-${String(index).padStart(3, '0')}`),
    )
    await putChannels(store.db, 'int_1', 1, [...many, channel('CX', 'my-team'), channel('CY', '100%-sure')])
    await putChannels(store.db, 'int_2', 1, [channel('C1', 'team-elsewhere')])

    const teams = await searchChannels(store.db, 'int_1', { query: 'TEAM', archived: false, limit: 5 })
    const percent = await searchChannels(store.db, 'int_1', { query: '0%', archived: false, limit: 5 })
    const byId = await searchChannels(store.db, 'int_1', { query: 'CX', id: 'CX', archived: false, limit: 5 })
    const last = await searchChannels(store.db, 'int_1', { query: 'y-team', archived: false, limit: 5 })

    expect(teams).toMatchObject({ matched: 301, total: 302 })
    expect(teams.items.map(({ name }) => name)).toEqual(['team-000', 'team-001', 'team-002', 'team-003', 'team-004'])
    expect(percent.items.map(({ id }) => id)).toEqual(['CY'])
    expect(byId.items.map(({ name }) => name)).toEqual(['my-team'])
    expect(last.matched).toBe(1)
    expect(await findChannelByName(store.db, 'int_2', 'team-001')).toBeUndefined()
  })

  test('a refresh is claimed once at a time, and starts anew with a number of its own', async () => {
    await using store = await open()
    await havingIntegration(store.db)
    await askForRefresh(store.db, 'int_1', NOW)
    const claim = (by: string, now: number) => claimRefreshes(store.db, { by, now, leaseMs: 60_000, limit: 4 })

    const both = (await Promise.all([claim('a', NOW), claim('b', NOW)])).flat()
    const [first] = both
    if (!first) throw new Error('one was due')
    expect(both).toHaveLength(1)
    expect(first).toMatchObject({ refreshId: 1, state: 'running', cursor: null })

    expect(await settleRefresh(store.db, first, { cursor: 'next', pages: 1, dueAt: NOW + 3_000 })).toBe(true)
    expect(await settleRefresh(store.db, first, { cursor: 'other' })).toBe(false)
    expect(await claim('a', NOW + 2_999)).toEqual([])
    const [second] = await claim('b', NOW + 3_000)
    if (!second) throw new Error('the next page was due')
    expect(second).toMatchObject({ refreshId: 1, cursor: 'next', pages: 1 })

    await settleRefresh(store.db, second, { state: 'complete', cursor: null, endedAt: NOW, dueAt: NOW + 900_000 })
    await askForRefresh(store.db, 'int_1', NOW + 5_000)
    const [third] = await claim('a', NOW + 5_000)
    expect(third).toMatchObject({ refreshId: 2, state: 'running', pages: 0, startedAt: NOW + 5_000 })
    await askForRefresh(store.db, 'int_1', NOW + 6_000)
    expect(await findRefresh(store.db, 'int_1')).toMatchObject({ refreshId: 2, dueAt: NOW + 5_000 })
  })

  test('a refresh starts anew at once, and once, when the bot token was replaced since it began', async () => {
    await using store = await open()
    await havingIntegration(store.db)
    await askForRefresh(store.db, 'int_1', NOW)
    const claim = (now: number) => claimRefreshes(store.db, { by: 'a', now, leaseMs: 60_000, limit: 4 })
    const [first] = await claim(NOW)
    if (!first) throw new Error('it was due')
    await settleRefresh(store.db, first, { cursor: 'next', pages: 1, dueAt: NOW + 900_000 })
    const token = { id: 'crd_1', integrationId: 'int_1', sealed: 'v1.x', fingerprint: 'xoxb-…x', setBy: 'Ada' }
    await putCredential(store.db, { ...token, kind: 'signingSecret', setAt: NOW + 1_000 })
    await putCredential(store.db, { ...token, id: 'crd_2', kind: 'botToken', setAt: NOW + 2_000 })

    expect(await claim(NOW + 1_999)).toEqual([])
    const [second] = await claim(NOW + 2_000)
    if (!second) throw new Error('the token was replaced')
    await settleRefresh(store.db, second, { cursor: 'next', pages: 1, dueAt: NOW + 900_000 })

    expect(second).toMatchObject({ refreshId: 2, cursor: null, pages: 0, startedAt: NOW + 2_000 })
    expect(await claim(NOW + 3_000)).toEqual([])
  })
})
