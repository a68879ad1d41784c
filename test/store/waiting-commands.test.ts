import { expect, test } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import {
  type AskedUse,
  claimWaiting,
  endWaiting,
  findInvocation,
  insertAsked,
  putOff,
} from '../../server/inbound/commands/waiting-store.ts'
import { eachStore } from '../support/each-store.ts'

const AT = Date.UTC(2026, 9, 1, 12)
const LEASE_MS = 90_000

const use = (number: number, change: { integrationId?: string; signature?: string; dueAt?: number } = {}): AskedUse => {
  const { integrationId = 'int_1', signature = `v0=${number}`, dueAt = AT } = change
  const id = `inv_${number}`
  return {
    invocation: {
      ...{ id, integrationId, command: '/risk', text: 'high', userId: 'U1', userName: 'kim', channelId: 'C1' },
      ...{ channelName: 'compliance', teamId: 'T1', signature, receivedAt: AT, ackMs: 1 },
      ...{ outcome: 'waiting', code: null },
    },
    waiting: {
      ...{ invocationId: id, integrationId, asked: 'sealed', answer: null, tries: 0, dueAt, claimedBy: null },
      expiresAt: AT + 30 * 60_000,
    },
  }
}

const claim = (db: Db, change: Partial<Parameters<typeof claimWaiting>[1]> = {}) =>
  claimWaiting(db, { by: 'worker', now: AT, leaseMs: LEASE_MS, limit: 10, besides: [], ...change })

const ending = {
  ...{ outcome: 'answered' as const, code: null, detail: null, platformMs: 12.5, callId: 'pcl_1' },
  endedAt: AT + 5,
}

eachStore('uses that the platform answers', (open) => {
  test('are kept with that they wait, a replay with nothing', async () => {
    await using store = await open()

    const first = await insertAsked(store.db, [use(1), use(2)])
    const again = await insertAsked(store.db, [use(3), use(4, { signature: 'v0=1' })])

    expect([first, again]).toEqual([
      [true, true],
      [true, false],
    ])
    expect((await claim(store.db)).map(({ invocationId }) => invocationId).sort()).toEqual(['inv_1', 'inv_2', 'inv_3'])
    expect(await findInvocation(store.db, 'inv_3')).toMatchObject({ outcome: 'waiting', endedAt: null })
  })

  test('are held by one worker at a time, and by another when its lease has run out', async () => {
    await using store = await open()
    await insertAsked(
      store.db,
      [1, 2, 3, 4, 5, 6].map((number) => use(number)),
    )

    const claims = await Promise.all(['a', 'b', 'c', 'd'].map((by) => claim(store.db, { by, limit: 3 })))
    const rest = await claim(store.db)
    const later = await claim(store.db, { by: 'z', now: AT + LEASE_MS })

    const ids = [...claims.flat(), ...rest].map(({ invocationId }) => invocationId)
    expect([ids.length, new Set(ids).size]).toEqual([6, 6])
    expect(later.map(({ tries }) => tries)).toEqual([2, 2, 2, 2, 2, 2])
  })

  test('of a busy integration are left where they are', async () => {
    await using store = await open()
    await insertAsked(store.db, [use(1), use(2, { integrationId: 'int_2' }), use(3, { dueAt: AT + 1 })])

    const claimed = await claim(store.db, { besides: ['int_1'] })

    expect(claimed.map(({ invocationId }) => invocationId)).toEqual(['inv_2'])
  })

  test('end once: a lost claim changes nothing', async () => {
    await using store = await open()
    await insertAsked(store.db, [use(1)])
    const [slow] = await claim(store.db)
    const [quick] = await claim(store.db, { by: 'other', now: AT + LEASE_MS })
    if (!slow || !quick) throw new Error('Nothing was claimed.')

    const ofSlow = [
      await endWaiting(store.db, slow, { ...ending, outcome: 'failed', code: 'timeout' }),
      await putOff(store.db, slow, 'sealed', AT),
    ]
    const ofQuick = await endWaiting(store.db, quick, ending)

    expect([...ofSlow, ofQuick]).toEqual([false, false, true])
    expect(await findInvocation(store.db, 'inv_1')).toMatchObject(ending)
    expect(await claim(store.db, { now: AT + 60 * 60_000 })).toEqual([])
  })

  test('wait once more with their answer', async () => {
    await using store = await open()
    await insertAsked(store.db, [use(1)])
    const [claimed] = await claim(store.db)
    if (!claimed) throw new Error('Nothing was claimed.')

    await putOff(store.db, claimed, 'an answer', AT + 7)

    expect(await claim(store.db, { now: AT + 6 })).toEqual([])
    expect(await claim(store.db, { now: AT + 7 })).toMatchObject([{ answer: 'an answer', tries: 2 }])
  })
})
