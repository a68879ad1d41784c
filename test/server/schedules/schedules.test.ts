import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { AppContext } from '../../../server/context.ts'
import { eventTaker } from '../../../server/events/accept-events.ts'
import { claimRun } from '../../../server/schedules/claim-run.ts'
import { planDue } from '../../../server/schedules/plan-due.ts'
import { runSchedule } from '../../../server/schedules/run-schedule.ts'
import { pruneRuns } from '../../../server/schedules/runs-store.ts'
import { runDue, startSchedules } from '../../../server/schedules/worker.ts'
import { havingChannel } from '../../support/console-page.ts'
import { ENGINES } from '../../support/each-store.ts'
import { startPlatform } from '../../support/platform.ts'
import { startWorld, type World } from '../../support/world.ts'

const HOUR = 3_600_000
const takers = new WeakMap<AppContext, ReturnType<typeof eventTaker>>()

function runAll(world: World): Promise<number> {
  const take = takers.get(world.ctx) ?? eventTaker(world.ctx)
  takers.set(world.ctx, take)
  return runDue(world.ctx, take)
}

/** A schedule at every full hour whose platform is this one; the clock stands a minute after one. */
async function havingSchedule(world: World, url: string, change: Record<string, unknown> = {}) {
  world.clock.now = Date.parse('2026-11-26T12:01:00Z')
  const { id: integrationId } = await world.havingIntegration()
  const admin = await world.as('admin')
  await admin.put(`/api/integrations/${integrationId}/platform`, { url })
  const channel = await havingChannel(world, integrationId, '#compliance')
  await admin.put('/api/notification-types/deadline', { destinations: [channel] })
  const made = await admin.post('/api/schedules', {
    name: 'Deadlines',
    cron: '0 * * * *',
    type: 'deadline',
    source: { kind: 'platform', integrationId },
    ...change,
  })
  expect(made.status, made.text).toBe(201)
  const path = `/api/schedules/${made.body.id}`
  const runs = async () => (await admin.get(`${path}/runs`)).body.items
  const events = () => world.db.selectFrom('events').selectAll().orderBy('id').execute()
  return { admin, path, runs, events, integrationId, schedule: made.body, channel }
}

describe.each(ENGINES)('a run, on %s', (engine) => {
  test('asks the platform at its time, and takes in what it answers, as of the type of the schedule', async () => {
    await using world = await startWorld({ engine })
    await using platform = await startPlatform()
    const { runs, events, path, admin } = await havingSchedule(world, platform.url)
    platform.answer((_, response) => response.end('{"events":[{"title":"Audit is due","url":"https://a.example/1"}]}'))

    expect(await runAll(world)).toBe(0)
    world.clock.now += HOUR
    expect(await runAll(world)).toBe(1)
    expect(await runAll(world)).toBe(0)

    expect(platform.calls[0]?.body).toMatchObject({
      type: 'schedule.run',
      data: {
        schedule: 'Deadlines',
        type: 'deadline',
        plannedAt: '2026-11-26T13:00:00.000Z',
        since: '2026-11-26T12:00:00.000Z',
      },
    })
    const [event] = await events()
    expect(event).toMatchObject({ type: 'deadline', source: 'Schedules' })
    expect(await runs()).toMatchObject([
      { state: 'done', events: 1, eventIds: [event?.id], by: 'The schedule', plannedAt: '2026-11-26T13:00:00.000Z' },
    ])
    const deliveries = (await admin.get('/api/deliveries')).body.items
    expect(deliveries).toMatchObject([{ title: 'Audit is due' }])
    expect((await admin.get(path)).body).toMatchObject({ lastRun: { state: 'done' }, inWords: 'Every hour' })

    world.clock.now += HOUR
    await runAll(world)
    expect(platform.calls[1]?.body.data.since).toBe('2026-11-26T13:00:00.000Z')
  })

  test('of several replicas one runs it, and at no time twice', async () => {
    await using world = await startWorld({ engine })
    await using platform = await startPlatform()
    const { runs, events } = await havingSchedule(world, platform.url)
    platform.answer((_, response) => response.end('{"events":[{"title":"Audit is due"}]}'))
    const replicas = [0, 1, 2].map((number) => ({ ...world.ctx, workerId: `replica-${number}` }))
    const take = replicas.map((ctx) => eventTaker(ctx))

    for (let round = 0; round < 3; round += 1) {
      world.clock.now += HOUR
      await Promise.all(replicas.map((ctx, place) => runDue(ctx, take[place] ?? eventTaker(ctx))))
    }

    expect([platform.calls.length, (await events()).length]).toEqual([3, 3])
    expect((await runs()).map(({ state }: { state: string }) => state)).toEqual(['done', 'done', 'done'])
  })

  test('that was lost after its events were taken in is repeated, and doubles nothing', async () => {
    await using world = await startWorld({ engine })
    await using platform = await startPlatform()
    const { runs, events } = await havingSchedule(world, platform.url)
    let asked = 0
    // Asked again it says something else, as a list of deadlines does a moment later.
    platform.answer((_, response) => {
      asked += 1
      response.end(JSON.stringify({ events: [{ title: `Audit ${asked}` }, { title: 'Other' }].slice(0, asked) }))
    })
    world.clock.now += HOUR
    await planDue(world.ctx)
    const lost = await claimRun({ ...world.ctx, workerId: 'lost' })
    if (!lost) throw new Error('nothing was claimed')
    // It dies between taking the events in and writing that it did.
    const dying = { ...world.ctx, workerId: 'lost', db: failingAt(world, /schedule_?runs/i) }
    await runSchedule(dying, eventTaker(world.ctx), lost).catch(() => {})
    expect((await events()).length).toBe(1)

    expect(await runAll(world)).toBe(0)
    world.clock.now += 3 * 60_000
    expect(await runAll(world)).toBe(1)

    expect([asked, (await events()).length]).toEqual([2, 1])
    expect(await runs()).toMatchObject([{ state: 'done', events: 1 }])
  })
})

/** The database of a process that is killed before it writes to a table. */
function failingAt(world: World, table: RegExp): World['db'] {
  return world.db.withPlugin({
    transformQuery: ({ node }) => {
      if (table.test(JSON.stringify(node))) throw new Error('killed')
      return node
    },
    transformResult: async ({ result }) => result,
  })
}

test('runs that wait for each other keep the order of their times, also while one is tried again', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  world.ctx.random = () => 0.999
  const { runs } = await havingSchedule(world, platform.url, { cron: '* * * * *', overlap: 'wait' })
  let isDown = true
  platform.answer((_, response) => (isDown ? response.writeHead(503).end() : response.end('{"events":[]}')))

  for (let round = 0; round < 60; round += 1) {
    world.clock.now += 5_000
    isDown = round < 28
    await runAll(world)
  }

  const asked = platform.calls.map(({ body }) => body.data.plannedAt)
  expect(asked.length).toBeGreaterThan(3)
  expect(asked).toEqual(asked.toSorted())
  expect(new Set((await runs()).map(({ state }: { state: string }) => state))).toEqual(new Set(['done']))
})

describe.each(ENGINES)('what a run tells of, on %s', (engine) => {
  test('begins with what the first one was to tell of, when none before it ended well', async () => {
    await using world = await startWorld({ engine })
    await using platform = await startPlatform()
    await havingSchedule(world, platform.url)

    platform.answer((_, response) => response.writeHead(410).end())
    world.clock.now += HOUR
    await runAll(world)
    world.clock.now += HOUR
    await runAll(world)
    platform.answer((_, response) => response.end('{"events":[]}'))
    world.clock.now += HOUR
    await runAll(world)

    expect(platform.calls.map(({ body }) => body.data.since)).toEqual(Array(3).fill('2026-11-26T12:00:00.000Z'))
  })

  test('is known however many have failed since the last one that ended well', async () => {
    await using world = await startWorld({ engine })
    await using platform = await startPlatform()
    const { schedule } = await havingSchedule(world, platform.url)
    platform.answer((_, response) => response.end('{"events":[]}'))
    world.clock.now += HOUR
    await runAll(world)
    platform.answer((_, response) => response.writeHead(410).end())
    for (let failures = 0; failures < 4; failures += 1) {
      world.clock.now += HOUR
      await runAll(world)
    }

    await pruneRuns(world.db, schedule.id, 2)
    world.clock.now += HOUR
    await runAll(world)

    expect(platform.calls.at(-1)?.body.data.since).toBe('2026-11-26T13:00:00.000Z')
  })
})

test('a worker whose lease ran out writes no outcome', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { runs } = await havingSchedule(world, platform.url)
  world.clock.now += HOUR
  await planDue(world.ctx)
  const frozen = await claimRun({ ...world.ctx, workerId: 'frozen' })
  platform.answer((_, response) => response.end('{"events":[]}'))
  world.clock.now += 3 * 60_000
  await runAll(world)

  platform.answer((_, response) => response.writeHead(410).end())
  if (frozen) await runSchedule(world.ctx, eventTaker(world.ctx), frozen)

  expect(await runs()).toMatchObject([{ state: 'done', events: 0 }])
})

test.each([
  ['no list', '{"hello":1}', 'not_understood', 'events'],
  ['an event of another type', '{"events":[{"type":"other"}]}', 'not_understood', 'events.0.type'],
  ['an event with an unknown field', '{"events":[{"tilte":"x"}]}', 'events_refused', 'tilte'],
  [
    'an event to a destination that there is not',
    '{"events":[{"destinations":["dst_none"]}]}',
    'events_refused',
    'dst_none',
  ],
  ['no JSON', '<html>', 'not_json', 'begins'],
  ['a NUL', '{"events":[{"title":"a\\u0000b"}]}', 'not_taken', 'NUL'],
])('an answer with %s fails the run and says what was wrong', async (_, answer, code, detail) => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { runs, events } = await havingSchedule(world, platform.url)
  platform.answer((_, response) => response.end(answer))
  world.clock.now += HOUR

  await runAll(world)

  const expected = { state: 'failed', code, detail: expect.stringContaining(detail), fix: expect.any(String) }
  expect(await runs()).toMatchObject([expected])
  expect(await events()).toEqual([])
})

test('a platform that fails for a while is asked again, then the run fails with why', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { runs } = await havingSchedule(world, platform.url)
  platform.answer((_, response) => response.writeHead(503).end())
  world.clock.now += HOUR

  await runAll(world)
  expect(await runs()).toMatchObject([{ state: 'waiting', code: 'http_503', nextAttemptAt: expect.any(String) }])
  for (let round = 0; round < 8; round += 1) {
    world.clock.now += 6 * 60_000
    await runAll(world)
  }

  expect(await runs()).toMatchObject([{ state: 'failed', code: 'http_503', meaning: expect.any(String) }])
  expect(platform.calls.length).toBe(6)
})

describe.each(ENGINES)('a schedule whose last run failed, on %s', (engine) => {
  test('is an incident with the fix until a run ends well, whoever asked for that', async () => {
    await using world = await startWorld({ engine })
    await using platform = await startPlatform()
    const { admin, path, schedule, integrationId } = await havingSchedule(world, platform.url)
    const open = async () => (await admin.get('/api/incidents?open=true')).body.items
    platform.answer((_, response) => response.writeHead(410).end())
    world.clock.now += HOUR
    await runAll(world)
    const gone = await open()
    platform.answer((_, response) => response.end('[]'))
    world.clock.now += HOUR
    await runAll(world)
    const other = await open()
    platform.answer((_, response) => response.end('{"events":[]}'))
    await admin.post(`${path}/run`)
    await runAll(world)

    const subject = { kind: 'schedule', id: schedule.id, name: 'Deadlines' }
    expect(gone).toMatchObject([{ subject, integrationId, code: 'http_410', fix: expect.any(String), held: 0 }])
    expect(other).toMatchObject([{ subject, code: 'not_understood', fix: expect.stringContaining('"events"') }])
    expect(await open()).toEqual([])
    const [closed] = (await admin.get('/api/incidents')).body.items
    expect(closed).toMatchObject({ closedBy: 'Switchboard', closedAt: expect.any(String) })
  })

  test('is one as well when its times were missed and nothing makes up for them', async () => {
    await using world = await startWorld({ engine })
    await using platform = await startPlatform()
    platform.answer((_, response) => response.end('{"events":[]}'))
    const { admin } = await havingSchedule(world, platform.url, { missedRuns: 'skip' })
    const open = async () => (await admin.get('/api/incidents?open=true')).body.items

    world.clock.now += 2 * HOUR + 30 * 60_000
    await runAll(world)
    const missed = await open()
    const { body } = await admin.get('/api/metrics/attention')
    world.clock.now += 30 * 60_000
    await runAll(world)

    expect(missed).toMatchObject([{ subject: { kind: 'schedule' }, code: 'missed' }])
    expect(JSON.stringify(body)).toContain('/notifications/schedules/')
    expect(await open()).toEqual([])
  })

  test('is none any more once it is switched off or deleted', async () => {
    await using world = await startWorld({ engine })
    await using platform = await startPlatform()
    platform.answer((_, response) => response.writeHead(410).end())
    const { admin, path, schedule, integrationId } = await havingSchedule(world, platform.url)
    const { name, cron, type } = schedule
    const same = { name, cron, type, source: { kind: 'platform', integrationId } }
    const open = async () => (await admin.get('/api/incidents?open=true')).body.items.length

    world.clock.now += HOUR
    await runAll(world)
    const failed = await open()
    await admin.put(path, { ...same, enabled: false })
    const off = await open()
    await admin.put(path, { ...same, enabled: true })
    world.clock.now += HOUR
    await runAll(world)
    const again = await open()
    await admin.delete(path)

    expect([failed, off, again, await open()]).toEqual([1, 0, 1, 0])
  })
})

test('what was missed while nothing ran is made up for as the schedule says, and told of', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  platform.answer((_, response) => response.end('{"events":[]}'))
  const { runs, path, admin, schedule, integrationId } = await havingSchedule(world, platform.url, {
    missedRuns: 'run_all',
  })
  const { name, cron, type } = schedule
  const source = { kind: 'platform', integrationId }

  world.clock.now += 3 * HOUR
  expect(await runAll(world)).toBe(3)
  await admin.put(path, { name, cron, type, source, missedRuns: 'skip' })
  world.clock.now += 2 * HOUR + 30 * 60_000
  expect(await runAll(world)).toBe(0)
  expect((await runs())[0]).toMatchObject({ state: 'skipped', code: 'missed', detail: 'It stands for 2 runs.' })
})

test('a schedule that is switched off does not run, and one that is switched on again makes up for nothing', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { path, admin, schedule, integrationId } = await havingSchedule(world, platform.url)
  const { name, cron, type } = schedule
  const same = { name, cron, type, source: { kind: 'platform', integrationId } }

  const off = await admin.put(path, { ...same, enabled: false })
  world.clock.now += 5 * HOUR
  const during = await runAll(world)
  const on = await admin.put(path, { ...same, enabled: true })
  const after = await runAll(world)

  expect([off.body.nextRuns, during, after]).toEqual([[], 0, 0])
  expect(on.body.nextRuns[0]).toMatchObject({ at: '2026-11-26T18:00:00.000Z' })
})

test('what waits to be tried again ends when its schedule is switched off, and is no incident', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { path, admin, schedule, integrationId, runs } = await havingSchedule(world, platform.url)
  const { name, cron, type } = schedule
  const same = { name, cron, type, source: { kind: 'platform', integrationId } }
  platform.answer((_, response) => response.writeHead(503).end())
  world.clock.now += HOUR
  await runAll(world)
  const [waiting] = await runs()

  await admin.put(path, { ...same, enabled: false })
  for (let minute = 0; minute < 20; minute += 1) {
    world.clock.now += 60_000
    await runAll(world)
  }

  expect([waiting.state, platform.calls.length]).toEqual(['waiting', 1])
  expect(await runs()).toMatchObject([{ state: 'skipped', code: 'switched_off' }])
  expect((await admin.get('/api/incidents?open=true')).body.items).toEqual([])

  const byHand = await admin.post(`${path}/run`)
  await runAll(world)
  expect([byHand.status, platform.calls.length]).toEqual([202, 2])
})

test('a run that fails after its schedule was switched off is not tried again, and is no incident', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { path, admin, schedule, integrationId, runs } = await havingSchedule(world, platform.url)
  const { name, cron, type } = schedule
  const off = { name, cron, type, source: { kind: 'platform', integrationId }, enabled: false }
  platform.answer((_, response) => void admin.put(path, off).then(() => response.writeHead(410).end()))
  world.clock.now += HOUR

  await runAll(world)

  expect(await runs()).toMatchObject([{ state: 'skipped', code: 'switched_off' }])
  expect((await admin.get('/api/incidents?open=true')).body.items).toEqual([])
})

test('Run now tries a run at once that waits to be tried again', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { path, admin, runs } = await havingSchedule(world, platform.url)
  platform.answer((_, response) => response.writeHead(503).end())
  world.clock.now += HOUR
  await runAll(world)
  const [waiting] = await runs()
  const early = await runAll(world)
  platform.answer((_, response) => response.end('{"events":[]}'))

  const asked = await admin.post(`${path}/run`)

  expect([waiting.state, early, asked.status, asked.body.id]).toEqual(['waiting', 0, 202, waiting.id])
  expect(await runAll(world)).toBe(1)
  expect(await runs()).toMatchObject([{ id: waiting.id, state: 'done' }])
})

test('Run now runs at once under the name of who pressed it, and moves no time', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  platform.answer((_, response) => response.end('{"events":[]}'))
  const { path, admin, runs } = await havingSchedule(world, platform.url)

  const asked = await admin.post(`${path}/run`)
  const again = await admin.post(`${path}/run`)
  await runAll(world)

  expect([asked.status, asked.body.by, again.status]).toEqual([202, 'Ada Ferrer', 409])
  expect(await runs()).toMatchObject([{ state: 'done', by: 'Ada Ferrer' }])
  world.clock.now += HOUR
  await runAll(world)
  // What somebody looked at by hand is still part of the next report.
  expect(platform.calls.map(({ body }) => body.data.since)).toEqual([
    '2026-11-26T12:00:00.000Z',
    '2026-11-26T12:00:00.000Z',
  ])
})

test('the loop runs by itself, a slow platform delays no other, and stopping waits for what is under way', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { admin, path, runs } = await havingSchedule(world, platform.url)
  const answers: (() => void)[] = []
  platform.answer((_, response) => answers.push(() => response.end('{"events":[]}')))
  const source = { kind: 'stored_events' }
  const other = await admin.post('/api/schedules', { name: 'Summary', cron: '0 * * * *', type: 'summary', source })
  const otherRuns = async () => (await admin.get(`/api/schedules/${other.body.id}/runs`)).body.items
  await admin.post(`${path}/run`)
  await admin.post(`/api/schedules/${other.body.id}/run`)

  const loop = startSchedules(world.ctx)
  while (answers.length === 0 || (await otherRuns())[0].state !== 'done') await wait(5)
  expect(await runs()).toMatchObject([{ state: 'running' }])
  const stopped = loop.stop()
  for (const answer of answers) answer()
  await stopped

  expect(await runs()).toMatchObject([{ state: 'done' }])
})

test('what can’t be saved is refused with its field', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { admin, integrationId } = await havingSchedule(world, platform.url)
  const good = { name: 'Other', cron: '0 9 * * *', type: 'x', source: { kind: 'platform', integrationId } }
  const save = async (change: Record<string, unknown>) => {
    const { status, body } = await admin.post('/api/schedules', { ...good, ...change })
    return [status, body.error?.field]
  }

  expect(await save({ cron: '0 0 30 2 *' })).toEqual([422, 'cron'])
  expect(await save({ timeZone: 'Nowhere' })).toEqual([422, 'timeZone'])
  expect(await save({ name: 'DEADLINES' })).toEqual([409, 'name'])
  expect(await save({ source: { kind: 'platform', integrationId: 'int_none' } })).toEqual([422, 'source.integrationId'])
  expect(await save({ source: { kind: 'stored_events', condition: 'severity = ' } })).toEqual([422, 'source.condition'])
  expect(await save({ source: { kind: 'stored_events', sql: 'drop' } })).toEqual([422, 'source.sql'])
  const preview = await admin.post('/api/schedules/preview', { cron: '0 9 * * 1-5', timeZone: 'Europe/Berlin' })
  expect(preview.body).toMatchObject({ inWords: 'At 09:00, Monday through Friday', nextRuns: { length: 10 } })
  expect((await admin.get('/api/schedules/sch_none/runs')).status).toBe(404)
})

test('who changed what is in the audit trail; an operator may run it, and changes nothing', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { path, admin, schedule } = await havingSchedule(world, platform.url)
  const operator = await world.as('operator')

  const statuses = [
    (await operator.post(`${path}/run`)).status,
    (await operator.delete(path)).status,
    (await operator.put(path, schedule)).status,
    (await (await world.as('viewer')).post(`${path}/run`)).status,
    (await admin.delete(path)).status,
  ]

  expect(statuses).toEqual([202, 403, 403, 403, 204])
  const { body } = await admin.get('/api/audit?action=schedule')
  expect(body.items.map(({ action }: { action: string }) => action)).toEqual([
    'schedule.deleted',
    'schedule.run_now',
    'schedule.made',
  ])
  expect(await world.db.selectFrom('scheduleRuns').selectAll().execute()).toEqual([])
})
