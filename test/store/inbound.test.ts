import { expect, test } from 'vitest'
import {
  addRefusals,
  countUses,
  insertInteractions,
  insertInvocations,
  listInvocationRows,
  listRefusals,
  type SavedInteraction,
  type SavedInvocation,
  type SavedRefusal,
} from '../../server/inbound/store.ts'
import { eachStore } from '../support/each-store.ts'

const AT = Date.UTC(2026, 9, 1, 12)
const MINUTE_MS = 60_000

const invocation = (number: number, change: Partial<SavedInvocation> = {}): SavedInvocation => ({
  id: `inv_z${String(number).padStart(4, '0')}`,
  integrationId: 'int_1',
  command: '/switchboard',
  text: 'help',
  userId: 'U1',
  userName: 'kim',
  channelId: 'C1',
  channelName: 'compliance',
  teamId: 'T1',
  signature: `v0=${number}`,
  receivedAt: AT + number,
  ackMs: 1.25,
  outcome: 'answered',
  code: null,
  endedAt: null,
  platformMs: null,
  callId: null,
  detail: null,
  ...change,
})

const interaction = (number: number, change: Partial<SavedInteraction> = {}): SavedInteraction => ({
  id: `itr_${number}`,
  integrationId: 'int_1',
  kind: 'block_actions',
  actionId: 'approve',
  value: '1',
  userId: 'U1',
  userName: 'kim',
  channelId: 'C1',
  messageTs: '1.2',
  signature: `v0=${number}`,
  receivedAt: AT,
  ackMs: 1,
  ...change,
})

const refusal = (change: Partial<SavedRefusal> = {}): SavedRefusal => ({
  integrationId: 'int_1',
  surface: 'commands',
  reason: 'bad_signature',
  minuteAt: AT,
  count: 1,
  lastAt: AT,
  lastSkewMs: null,
  ...change,
})

const page = { limit: 50 }

eachStore('uses of commands', (open) => {
  test('are kept as they were', async () => {
    await using store = await open()

    await insertInvocations(store.db, [invocation(1)])

    expect(await listInvocationRows(store.db, page)).toEqual([invocation(1)])
  })

  test('are taken once each, whatever else is in the commit', async () => {
    await using store = await open()
    await insertInvocations(store.db, [invocation(1)])

    const isNew = await insertInvocations(store.db, [
      invocation(2),
      invocation(3, { signature: 'v0=1' }),
      invocation(4),
      invocation(5, { signature: 'v0=4' }),
    ])

    expect(isNew).toEqual([true, false, true, false])
    expect((await listInvocationRows(store.db, page)).map(({ id }) => id)).toEqual([
      'inv_z0004',
      'inv_z0002',
      'inv_z0001',
    ])
  })

  test('of two integrations may carry the same signature', async () => {
    await using store = await open()

    const isNew = await insertInvocations(store.db, [
      invocation(1),
      invocation(2, { signature: 'v0=1', integrationId: 'int_2' }),
    ])

    expect(isNew).toEqual([true, true])
  })

  test('go into one commit two hundred at a time', async () => {
    await using store = await open()
    const rows = Array.from({ length: 200 }, (_, number) => invocation(number))

    const isNew = await insertInvocations(store.db, rows)

    expect(isNew).toEqual(rows.map(() => true))
  })

  test('are listed by page, newest first', async () => {
    await using store = await open()
    await insertInvocations(
      store.db,
      [1, 2, 3, 4].map((number) => invocation(number)),
    )

    const first = await listInvocationRows(store.db, { limit: 2 })
    const second = await listInvocationRows(store.db, { limit: 2, cursor: 'inv_z0003' })

    expect(first.map(({ id }) => id)).toEqual(['inv_z0004', 'inv_z0003', 'inv_z0002'])
    expect(second.map(({ id }) => id)).toEqual(['inv_z0002', 'inv_z0001'])
  })

  test('are found by integration, command, outcome and time', async () => {
    await using store = await open()
    await insertInvocations(store.db, [
      invocation(1),
      invocation(2, { integrationId: 'int_2' }),
      invocation(3, { command: '/other' }),
      invocation(4, { outcome: 'failed', code: 'internal' }),
      invocation(5, { receivedAt: AT + MINUTE_MS }),
    ])
    const idsOf = async (filter: object) =>
      (await listInvocationRows(store.db, { ...page, ...filter })).map(({ id }) => Number(id.slice(5)))

    expect(await idsOf({ integrationId: 'int_2' })).toEqual([2])
    expect(await idsOf({ command: '/other' })).toEqual([3])
    expect(await idsOf({ outcome: 'failed' })).toEqual([4])
    expect(await idsOf({ from: new Date(AT + MINUTE_MS).toISOString() })).toEqual([5])
    expect(await idsOf({ to: new Date(AT + MINUTE_MS).toISOString() })).toEqual([4, 3, 2, 1])
  })

  test('are counted by command, with people and failures', async () => {
    await using store = await open()
    await insertInvocations(store.db, [
      invocation(1),
      invocation(2, { outcome: 'failed', code: 'internal' }),
      invocation(3, { userId: 'U2' }),
      invocation(4, { command: '/other' }),
      invocation(5, { receivedAt: AT - 1 }),
    ])

    const uses = await countUses(store.db, AT)

    expect(uses.toSorted((a, b) => a.command.localeCompare(b.command))).toEqual([
      { command: '/other', total: 1, failed: 0, people: 1, lastUsedAt: AT + 4 },
      { command: '/switchboard', total: 3, failed: 1, people: 2, lastUsedAt: AT + 3 },
    ])
  })
})

eachStore('clicks and modals', (open) => {
  test('are taken once each', async () => {
    await using store = await open()
    await insertInteractions(store.db, [interaction(1)])

    const isNew = await insertInteractions(store.db, [interaction(2), interaction(3, { signature: 'v0=1' })])

    expect(isNew).toEqual([true, false])
  })
})

eachStore('refused requests', (open) => {
  test('are added to those of their minute', async () => {
    await using store = await open()
    await addRefusals(store.db, [refusal({ count: 3 })])

    await addRefusals(store.db, [refusal({ count: 2, lastAt: AT + 9 }), refusal({ reason: 'stale', lastSkewMs: -400 })])

    const listed = await listRefusals(store.db, { from: AT, to: AT + MINUTE_MS })
    expect(listed).toEqual([
      { integrationId: 'int_1', surface: 'commands', reason: 'bad_signature', count: 5, lastAt: AT + 9 },
      { integrationId: 'int_1', surface: 'commands', reason: 'stale', count: 1, lastAt: AT },
    ])
  })

  test('are summed over a span of time, for one integration or all', async () => {
    await using store = await open()
    await addRefusals(store.db, [
      refusal({ minuteAt: AT - MINUTE_MS }),
      refusal({ count: 2 }),
      refusal({ minuteAt: AT + MINUTE_MS, count: 4, lastAt: AT + MINUTE_MS }),
      refusal({ minuteAt: AT + 2 * MINUTE_MS }),
      refusal({ integrationId: 'unknown', reason: 'unknown_integration' }),
    ])
    const span = { from: AT, to: AT + 2 * MINUTE_MS }

    const ofOne = await listRefusals(store.db, { ...span, integrationId: 'int_1' })
    const all = await listRefusals(store.db, span)

    expect(ofOne).toMatchObject([{ count: 6, lastAt: AT + MINUTE_MS }])
    expect(all.map(({ integrationId }) => integrationId)).toEqual(['int_1', 'unknown'])
  })

  test('when there are none, ask nothing of the store', async () => {
    await using store = await open()

    await expect(addRefusals(store.db, [])).resolves.toBeUndefined()
  })
})
