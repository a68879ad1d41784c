import { expect, test } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import {
  cancelTestsFrom,
  countTests,
  type Ending,
  endTest,
  findLastPassingTest,
  findRunningTest,
  findTest,
  insertTest,
  listAwaitingTests,
  listLastTests,
  listTestRows,
  updateAwaitingTest,
} from '../../server/integrations/tests-store.ts'
import { eachStore } from '../support/each-store.ts'
import { havingIntegration } from '../support/factories.ts'

const AT = 1_750_000_000_000

eachStore('connection tests', (open) => {
  test('runs are numbered per integration, and only one runs at a time', async () => {
    await using store = await open()
    await havingIntegrations(store.db)

    const first = await begin(store.db, 'tst_1', 'int_1')
    const second = await begin(store.db, 'tst_2', 'int_1')
    const other = await begin(store.db, 'tst_3', 'int_2')
    await endTest(store.db, 'tst_1', ending('ok'))
    const third = await begin(store.db, 'tst_4', 'int_1')

    expect([first, second, other, third]).toEqual([1, undefined, 1, 2])
    expect(await findRunningTest(store.db, 'int_1')).toMatchObject({ id: 'tst_4', number: 2 })
    expect(await countTests(store.db, 'int_1')).toBe(2)
  })

  test('what a run came to is read back, and it ends only once', async () => {
    await using store = await open()
    await havingIntegrations(store.db)
    await begin(store.db, 'tst_1', 'int_1')

    const ended = await endTest(store.db, 'tst_1', ending('failing', { changes: ['Client ID changed.'] }))
    const again = await endTest(store.db, 'tst_1', ending('ok'))

    expect([ended, again]).toEqual([true, false])
    expect(await findTest(store.db, 'int_1', 'tst_1')).toEqual({
      id: 'tst_1',
      integrationId: 'int_1',
      number: 1,
      byName: 'Kim',
      startedAt: AT,
      ...ending('failing', { changes: ['Client ID changed.'] }),
    })
    expect(await findTest(store.db, 'int_2', 'tst_1')).toBeUndefined()
  })

  test('the last passing run is the newest in which nothing failed', async () => {
    await using store = await open()
    await havingIntegrations(store.db)
    for (const [place, state] of (['ok', 'waiting', 'failing', 'cancelled'] as const).entries()) {
      await begin(store.db, `tst_${place}`, 'int_1')
      await endTest(store.db, `tst_${place}`, ending(state))
    }

    expect(await findLastPassingTest(store.db, 'int_1')).toMatchObject({ id: 'tst_1', state: 'waiting' })
    expect(await findLastPassingTest(store.db, 'int_2')).toBeUndefined()
  })

  test('runs are listed newest first, and of each integration the last', async () => {
    await using store = await open()
    await havingIntegrations(store.db)
    for (const id of ['tst_1', 'tst_2', 'tst_3']) {
      await begin(store.db, id, 'int_1')
      await endTest(store.db, id, ending('ok'))
    }
    await begin(store.db, 'tst_4', 'int_2')

    const ids = (rows: { id: string }[]) => rows.map(({ id }) => id)
    expect(ids(await listTestRows(store.db, 'int_1', { limit: 1 }))).toEqual(['tst_3', 'tst_2'])
    expect(ids(await listTestRows(store.db, 'int_1', { limit: 5, cursor: 'tst_3' }))).toEqual(['tst_2', 'tst_1'])
    expect(ids(await listLastTests(store.db, ['int_1', 'int_2'])).sort()).toEqual(['tst_3', 'tst_4'])
    expect(await listLastTests(store.db, [])).toEqual([])
  })

  test('a wait is ended once, and by nobody who comes later', async () => {
    await using store = await open()
    await havingIntegrations(store.db)
    await begin(store.db, 'tst_1', 'int_1')
    await endTest(store.db, 'tst_1', ending('waiting', { awaitsCallSince: AT }))

    const awaiting = await listAwaitingTests(store.db, 'int_1')
    const settled = await updateAwaitingTest(store.db, 'tst_1', { state: 'ok', steps: [], awaitsCallSince: null })
    const late = await updateAwaitingTest(store.db, 'tst_1', { state: 'waiting', steps: [], awaitsCallSince: AT })

    expect(awaiting.map(({ id }) => id)).toEqual(['tst_1'])
    expect([settled, late]).toEqual([true, false])
    expect(await listAwaitingTests(store.db, 'int_1')).toEqual([])
    expect(await findTest(store.db, 'int_1', 'tst_1')).toMatchObject({ state: 'ok' })
  })

  test('runs that never ended are closed, of one integration or of all', async () => {
    await using store = await open()
    await havingIntegrations(store.db)
    await begin(store.db, 'tst_1', 'int_1')
    await begin(store.db, 'tst_2', 'int_2')

    const early = await cancelTestsFrom(store.db, AT, AT + 9)
    const one = await cancelTestsFrom(store.db, AT + 1, AT + 9, 'int_1')
    const rest = await cancelTestsFrom(store.db, AT + 1, AT + 9)

    expect([early, one, rest]).toEqual([0, 1, 1])
    expect(await findTest(store.db, 'int_1', 'tst_1')).toMatchObject({ state: 'cancelled', endedAt: AT + 9 })
  })
})

const begin = (db: Db, id: string, integrationId: string) =>
  insertTest(db, { id, integrationId, startedAt: AT, byName: 'Kim' })

const ending = (state: Ending['state'], more: Partial<Ending> = {}): Ending => ({
  state,
  steps: [{ name: 'reach', state: 'pass', title: 'Slack answers', tookMs: 12.5 }],
  changes: [],
  facts: { workspaceId: 'T1' },
  awaitsCallSince: null,
  endedAt: AT + 5,
  ...more,
})

async function havingIntegrations(db: Db): Promise<void> {
  for (const id of ['int_1', 'int_2']) await havingIntegration(db, id)
}
