import { expect, test } from 'vitest'
import {
  findLastDone,
  insertRun,
  listLastRuns,
  listRunRows,
  pruneRuns,
  type SavedRun,
  settleRun,
} from '../../server/schedules/runs-store.ts'
import {
  findScheduleByName,
  insertSchedule,
  lockDueSchedule,
  lockRunnable,
  type SavedSchedule,
} from '../../server/schedules/store.ts'
import { eachStore } from '../support/each-store.ts'
import { NOW } from '../support/factories.ts'

const schedule = (id: string, change: Partial<SavedSchedule> = {}): SavedSchedule => ({
  id,
  name: `Schedule ${id}`,
  cron: '0 9 * * *',
  timeZone: 'UTC',
  type: 'deadline',
  source: '{"kind":"stored_events"}',
  disabledAt: null,
  missedRuns: 'skip',
  overlap: 'skip',
  nextAt: NOW,
  updatedAt: NOW,
  updatedBy: 'a test',
  ...change,
})

const run = (id: string, plannedAt: number, change: Partial<SavedRun> = {}): SavedRun => ({
  id,
  scheduleId: 'sch_1',
  plannedAt,
  askedBy: null,
  state: 'waiting',
  since: null,
  dueAt: plannedAt,
  tries: 0,
  claimedBy: null,
  leaseEndsAt: null,
  startedAt: null,
  endedAt: null,
  events: 0,
  eventIds: '[]',
  code: null,
  detail: null,
  ...change,
})

eachStore('schedules', (open) => {
  test('one that is switched off, or whose time has not come, is not due', async () => {
    await using store = await open()
    await insertSchedule(store.db, schedule('sch_1', { disabledAt: NOW }))
    await insertSchedule(store.db, schedule('sch_2', { nextAt: NOW + 1 }))
    await insertSchedule(store.db, schedule('sch_3', { nextAt: null }))

    const due = (now: number) => store.db.transaction().execute((trx) => lockDueSchedule(trx, now))

    expect([await due(NOW), (await due(NOW + 1))?.id]).toEqual([undefined, 'sch_2'])
  })

  test('a name is found in upper and lower case', async () => {
    await using store = await open()
    await insertSchedule(store.db, schedule('sch_1', { name: 'Daily Summary' }))

    expect((await findScheduleByName(store.db, 'daily summary'))?.id).toBe('sch_1')
  })

  test('a time is planned once, whoever comes first', async () => {
    await using store = await open()
    await insertSchedule(store.db, schedule('sch_1'))

    const planned = await Promise.all(['run_1', 'run_2', 'run_3'].map((id) => insertRun(store.db, run(id, NOW))))

    expect(planned.filter(Boolean).length).toBe(1)
  })

  test('a schedule with a run under way has none to run, until the lease of that is over', async () => {
    await using store = await open()
    await insertSchedule(store.db, schedule('sch_1'))
    const lease = { claimedBy: 'a', leaseEndsAt: NOW + 10, dueAt: NOW + 10, tries: 1 }
    await insertRun(store.db, run('run_1', NOW - 1, { state: 'running', ...lease }))
    await insertRun(store.db, run('run_2', NOW))

    const runnable = (now: number) => store.db.transaction().execute((trx) => lockRunnable(trx, now))

    expect([await runnable(NOW), (await runnable(NOW + 10))?.id]).toEqual([undefined, 'sch_1'])
  })

  test('an outcome is written by whoever holds the claim, and by nobody else', async () => {
    await using store = await open()
    await insertSchedule(store.db, schedule('sch_1'))
    const held = run('run_1', NOW, { state: 'running', claimedBy: 'b', tries: 2 })
    await insertRun(store.db, held)

    const ended = { state: 'done', endedAt: NOW } as const
    const old = await settleRun(store.db, { ...held, claimedBy: 'a', tries: 1 }, ended)
    const own = await settleRun(store.db, held, ended)

    expect([old, own]).toEqual([false, true])
  })

  test('the last that was done counts neither those by hand nor those that failed', async () => {
    await using store = await open()
    await insertSchedule(store.db, schedule('sch_1'))
    await insertRun(store.db, run('run_1', NOW - 4, { state: 'done' }))
    await insertRun(store.db, run('run_2', NOW - 3, { state: 'failed' }))
    await insertRun(store.db, run('run_3', NOW - 2, { state: 'done', askedBy: 'Ada' }))
    await insertRun(store.db, run('run_4', NOW, { state: 'done' }))

    expect((await findLastDone(store.db, 'sch_1', NOW))?.id).toBe('run_1')
    expect((await listLastRuns(store.db, ['sch_1', 'sch_none'])).get('sch_1')?.id).toBe('run_4')
  })

  test('the log keeps the newest, and whatever has not ended', async () => {
    await using store = await open()
    await insertSchedule(store.db, schedule('sch_1'))
    await insertRun(store.db, run('run_0', NOW))
    for (const number of [1, 2, 3, 4]) {
      await insertRun(store.db, run(`run_${number}`, NOW + number, { state: 'done', endedAt: NOW }))
    }

    await pruneRuns(store.db, 'sch_1', 2)

    expect((await listRunRows(store.db, 'sch_1', { limit: 10 })).map(({ id }) => id)).toEqual([
      'run_4',
      'run_3',
      'run_0',
    ])
  })
})
