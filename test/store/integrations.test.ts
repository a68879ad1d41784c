import { expect, test } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import {
  deleteIntegrationRow,
  findIntegration,
  findIntegrationByName,
  getIntegration,
  insertIntegration,
  listCredentials,
  listEnabledIntegrations,
  listIntegrationRows,
  listSameApp,
  listSeen,
  markInbound,
  markIntegration,
  markRefused,
  putCredential,
  updateIntegration,
} from '../../server/integrations/store.ts'
import { eachStore } from '../support/each-store.ts'
import { integrationRow } from '../support/factories.ts'

const AT = 1_750_000_000_000

eachStore('integrations', (open) => {
  test('what was stored is read back, features as a list', async () => {
    await using store = await open()
    const saved = integration('int_1', { features: ['channel_messages', 'webhooks'], testChannel: 'C1' })

    await insertIntegration(store.db, saved)

    expect(await getIntegration(store.db, 'int_1')).toEqual(saved)
    expect(await findIntegration(store.db, 'int_2')).toBeUndefined()
    await expect(getIntegration(store.db, 'int_2')).rejects.toThrow('There is no integration int_2.')
  })

  test('names are found whatever their case', async () => {
    await using store = await open()

    await insertIntegration(store.db, integration('int_1', { name: 'Acme Production' }))

    expect(await findIntegrationByName(store.db, 'acme production')).toMatchObject({ id: 'int_1' })
    expect(await findIntegrationByName(store.db, 'acme')).toBeUndefined()
  })

  test('a change touches only what it names', async () => {
    await using store = await open()
    await insertIntegration(store.db, integration('int_1', { features: ['webhooks'] }))

    await updateIntegration(store.db, 'int_1', { name: 'Renamed' })
    await updateIntegration(store.db, 'int_1', {})

    expect(await getIntegration(store.db, 'int_1')).toEqual(
      integration('int_1', { name: 'Renamed', features: ['webhooks'] }),
    )
  })

  test('a page is followed by the next one, by id', async () => {
    await using store = await open()
    for (const id of ['int_3', 'int_1', 'int_2']) await insertIntegration(store.db, integration(id))

    const first = await listIntegrationRows(store.db, { limit: 2 })
    const second = await listIntegrationRows(store.db, { limit: 2, cursor: 'int_2' })

    expect(first.map(({ id }) => id)).toEqual(['int_1', 'int_2', 'int_3'])
    expect(second.map(({ id }) => id)).toEqual(['int_3'])
  })

  test('loops see only what is switched on', async () => {
    await using store = await open()
    await insertIntegration(store.db, integration('int_1', { disabledAt: AT }))
    await insertIntegration(store.db, integration('int_2'))

    expect((await listEnabledIntegrations(store.db)).map(({ id }) => id)).toEqual(['int_2'])
  })

  test('all with the same app are found', async () => {
    await using store = await open()
    await insertIntegration(store.db, integration('int_1', { appId: 'A1' }))
    await insertIntegration(store.db, integration('int_2', { appId: 'A1' }))
    await insertIntegration(store.db, integration('int_3', { appId: 'A2' }))

    expect((await listSameApp(store.db, [{ appId: 'A1' }])).map(({ id }) => id)).toEqual(['int_1', 'int_2'])
    expect(await listSameApp(store.db, [])).toEqual([])
  })

  test('a mark that says nothing new leaves the instant of the state alone', async () => {
    await using store = await open()
    await insertIntegration(store.db, integration('int_1'))

    const first = await markIntegration(store.db, 'int_1', { state: 'failing', code: 'token_revoked', at: AT + 1 })
    const again = await markIntegration(store.db, 'int_1', { state: 'failing', code: 'token_revoked', at: AT + 2 })
    const other = await markIntegration(store.db, 'int_1', { state: 'failing', code: 'account_inactive', at: AT + 3 })
    const better = await markIntegration(store.db, 'int_1', { state: 'ok', at: AT + 4 })

    expect([first, again, other, better]).toEqual([true, false, true, true])
    expect(await getIntegration(store.db, 'int_1')).toMatchObject({ state: 'ok', stateAt: AT + 4, stateCode: null })
  })

  test('a credential takes the place of the one of its kind, under an id of its own', async () => {
    await using store = await open()
    await insertIntegration(store.db, integration('int_1'))

    await putCredential(store.db, credential('crd_1', 'first'))
    await putCredential(store.db, credential('crd_2', 'second'))

    expect(await listCredentials(store.db, ['int_1'])).toEqual([credential('crd_2', 'second')])
    expect(await listCredentials(store.db, [])).toEqual([])
  })

  test('the last call of each address is kept, and never goes back', async () => {
    await using store = await open()
    await insertIntegration(store.db, integration('int_1'))

    await markInbound(store.db, 'int_1', 'commands', AT + 5)
    await markInbound(store.db, 'int_1', 'commands', AT + 2)
    await markRefused(store.db, 'int_1', 'commands', { reason: 'stale', skewMs: -400_000.4, at: AT + 6 })
    await markRefused(store.db, 'int_1', 'interactions', { reason: 'unsigned', skewMs: null, at: AT + 7 })

    const seen = await listSeen(store.db, ['int_1'])
    expect(seen.sort((a, b) => a.surface.localeCompare(b.surface))).toEqual([
      {
        integrationId: 'int_1',
        surface: 'commands',
        lastCalledAt: AT + 5,
        lastRefusedAt: AT + 6,
        lastRefusedReason: 'stale',
        lastRefusedSkewMs: -400_000,
      },
      {
        integrationId: 'int_1',
        surface: 'interactions',
        lastCalledAt: null,
        lastRefusedAt: AT + 7,
        lastRefusedReason: 'unsigned',
        lastRefusedSkewMs: null,
      },
    ])
  })

  test('a call for an id that is no integration’s leaves no row', async () => {
    await using store = await open()

    await markInbound(store.db, 'int_none', 'commands', AT)
    await markRefused(store.db, 'int_none', 'commands', { reason: 'unsigned', skewMs: null, at: AT })

    expect(await listSeen(store.db, ['int_none'])).toEqual([])
  })

  test('a deleted integration takes its credentials and calls along', async () => {
    await using store = await open()
    await insertIntegration(store.db, integration('int_1'))
    await putCredential(store.db, credential('crd_1', 'first'))
    await markInbound(store.db, 'int_1', 'commands', AT)

    const deleted = await deleteIntegrationRow(store.db, 'int_1')
    const again = await deleteIntegrationRow(store.db, 'int_1')

    expect([deleted, again]).toEqual([true, false])
    expect(await rowsLeft(store.db)).toEqual([0, 0])
  })
})

async function rowsLeft(db: Db): Promise<number[]> {
  return [(await listCredentials(db, ['int_1'])).length, (await listSeen(db, ['int_1'])).length]
}

const integration: typeof integrationRow = (id, change) => integrationRow(id, { stateAt: AT, updatedAt: AT, ...change })

const credential = (id: string, sealed: string) => ({
  id,
  integrationId: 'int_1',
  kind: 'botToken' as const,
  sealed,
  fingerprint: 'xoxb •••• cdef',
  setAt: AT,
  setBy: 'Kim',
})
