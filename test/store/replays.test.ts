import { expect, test } from 'vitest'
import {
  claimReplay,
  getReplay,
  insertReplay,
  listReplayRows,
  lockClaimed,
  putProgress,
  type SavedReplay,
} from '../../server/replays/store.ts'
import { eachStore } from '../support/each-store.ts'
import { NOW } from '../support/factories.ts'

const replay = (id: string, change: Partial<SavedReplay> = {}): SavedReplay => ({
  id,
  state: 'running',
  filter: '{"filter":{}}',
  options: '{}',
  cursor: null,
  total: 2,
  made: 0,
  skipped: 0,
  createdAt: NOW,
  createdBy: 'a test',
  endedAt: null,
  dueAt: NOW,
  claimedBy: null,
  leaseEndsAt: null,
  ...change,
})

const claim = (by: string, now = NOW) => ({ by, now, leaseMs: 1_000 })

eachStore('replays', (open) => {
  test('one that is due is claimed by one worker of many, and again once the lease is over', async () => {
    await using store = await open()
    await insertReplay(store.db, replay('rpl_1'))

    const workers = Array.from({ length: 6 }, (_, index) => claimReplay(store.db, claim(`worker-${index}`)))
    const claimed = (await Promise.all(workers)).flatMap((row) => row ?? [])
    const during = await claimReplay(store.db, claim('late', NOW + 999))
    const after = await claimReplay(store.db, claim('late', NOW + 1_000))

    expect(claimed.map(({ id }) => id)).toEqual(['rpl_1'])
    expect([during, after?.claimedBy]).toEqual([undefined, 'late'])
  })

  test('one that is paused, over or not due yet is not claimed', async () => {
    await using store = await open()
    await insertReplay(store.db, replay('rpl_1', { state: 'paused' }))
    await insertReplay(store.db, replay('rpl_2', { state: 'cancelled' }))
    await insertReplay(store.db, replay('rpl_3', { state: 'done' }))
    await insertReplay(store.db, replay('rpl_4', { dueAt: NOW + 1 }))

    expect(await claimReplay(store.db, claim('worker'))).toBeUndefined()
  })

  test('a worker whose claim went to another, or whose replay was paused, gets no hold of it', async () => {
    await using store = await open()
    await insertReplay(store.db, replay('rpl_1', { claimedBy: 'worker', leaseEndsAt: NOW + 1_000 }))

    const own = await store.db.transaction().execute((trx) => lockClaimed(trx, 'rpl_1', 'worker'))
    const foreign = await store.db.transaction().execute((trx) => lockClaimed(trx, 'rpl_1', 'another'))
    const progress = { state: 'paused', cursor: 'dlv_1', made: 1, skipped: 0, dueAt: NOW, endedAt: null } as const
    await putProgress(store.db, 'rpl_1', progress)
    const paused = await store.db.transaction().execute((trx) => lockClaimed(trx, 'rpl_1', 'worker'))

    expect([own?.id, foreign, paused]).toEqual(['rpl_1', undefined, undefined])
    expect(await getReplay(store.db, 'rpl_1')).toMatchObject({ ...progress, claimedBy: null, leaseEndsAt: null })
  })

  test('are listed newest first, a page at a time', async () => {
    await using store = await open()
    for (const id of ['rpl_1', 'rpl_2', 'rpl_3']) await insertReplay(store.db, replay(id))

    const first = await listReplayRows(store.db, { limit: 1 })
    const rest = await listReplayRows(store.db, { cursor: 'rpl_3', limit: 5 })

    expect(first.map(({ id }) => id)).toEqual(['rpl_3', 'rpl_2'])
    expect(rest.map(({ id }) => id)).toEqual(['rpl_2', 'rpl_1'])
    await expect(getReplay(store.db, 'rpl_none')).rejects.toMatchObject({ code: 'not_found' })
  })
})
