import { expect, test } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import {
  claimDue,
  insertAttempt,
  insertCall,
  listCallRows,
  listDueIntegrations,
  pruneCalls,
  type SavedCall,
  settleCall,
} from '../../server/platform/calls-store.ts'
import { insertEndpoint } from '../../server/platform/store.ts'
import { eachStore } from '../support/each-store.ts'
import { havingIntegration, NOW } from '../support/factories.ts'

async function havingEndpoint(db: Db, change: { disabledAt?: number } = {}): Promise<void> {
  await havingIntegration(db)
  await insertEndpoint(db, {
    id: 'pep_1',
    integrationId: 'int_1',
    url: 'https://a.example/',
    disabledAt: null,
    updatedAt: NOW,
    updatedBy: 'a test',
    ...change,
  })
}

const call = (id: string, change: Partial<SavedCall> = {}): SavedCall => ({
  id,
  integrationId: 'int_1',
  kind: 'ping',
  state: 'pending',
  request: '{}',
  tries: 0,
  dueAt: NOW,
  claimedBy: null,
  leaseEndsAt: null,
  createdAt: NOW,
  endedAt: null,
  code: null,
  detail: null,
  ...change,
})

const claim = (by: string, now = NOW) => ({ integrationId: 'int_1', by, now, leaseMs: 1_000, limit: 2 })
const taken = { state: 'delivered', request: '{}', dueAt: NOW, endedAt: NOW, code: null, detail: null } as const

eachStore('calls to the platform', (open) => {
  test('each due one is claimed by one worker of many, oldest first', async () => {
    await using store = await open()
    await havingEndpoint(store.db)
    for (const id of ['pcl_1', 'pcl_2', 'pcl_3', 'pcl_4']) await insertCall(store.db, call(id))
    await insertCall(store.db, call('pcl_5', { dueAt: NOW + 1 }))
    await insertCall(store.db, call('pcl_6', { state: 'delivered', endedAt: NOW }))

    const claimed = await Promise.all(['a', 'b', 'c'].map((by) => claimDue(store.db, claim(by))))

    expect(
      claimed
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['pcl_1', 'pcl_2', 'pcl_3', 'pcl_4'])
  })

  test('a worker whose lease ran out writes nothing any more', async () => {
    await using store = await open()
    await havingEndpoint(store.db)
    await insertCall(store.db, call('pcl_1'))

    const [first] = await claimDue(store.db, claim('frozen'))
    const [second] = await claimDue(store.db, claim('frozen', NOW + 1_000))
    const late = first && (await settleCall(store.db, first, { ...taken, state: 'failed' }))
    const own = second && (await settleCall(store.db, second, taken))

    expect([first?.tries, second?.tries, late, own]).toEqual([1, 2, false, true])
  })

  test('only an endpoint that is switched on has something due', async () => {
    await using store = await open()
    await havingEndpoint(store.db, { disabledAt: NOW })
    await insertCall(store.db, call('pcl_1'))

    const off = await listDueIntegrations(store.db, NOW)
    await store.db.updateTable('platformEndpoints').set({ disabledAt: null }).execute()

    expect([off, await listDueIntegrations(store.db, NOW)]).toEqual([[], ['int_1']])
  })

  test('old calls and those beyond the most are deleted with their attempts, what waits never', async () => {
    await using store = await open()
    await havingEndpoint(store.db)
    await insertCall(store.db, call('pcl_0', { dueAt: NOW }))
    for (const number of [1, 2, 3, 4]) {
      const ended = { state: 'delivered', endedAt: NOW + number } as const
      await insertCall(store.db, call(`pcl_${number}`, ended))
      await insertAttempt(store.db, {
        ...{ callId: `pcl_${number}`, number: 1, startedAt: NOW, tookMs: 1 },
        ...{ httpStatus: 200, code: null, answer: null },
      })
    }

    const byAge = await pruneCalls(store.db, 'int_1', { endedBefore: NOW + 2, most: 100, limit: 10 })
    const byCount = await pruneCalls(store.db, 'int_1', { endedBefore: 0, most: 1, limit: 1 })

    expect([byAge, byCount]).toEqual([1, 1])
    expect((await listCallRows(store.db, 'int_1', { limit: 10 })).map(({ id }) => id)).toEqual([
      'pcl_4',
      'pcl_3',
      'pcl_0',
    ])
    expect(await store.db.selectFrom('platformAttempts').select('callId').orderBy('callId').execute()).toEqual([
      { callId: 'pcl_3' },
      { callId: 'pcl_4' },
    ])
  })
})
