import { expect, test } from 'vitest'
import { eventTaker } from '../../../server/events/accept-events.ts'
import { runDue } from '../../../server/schedules/worker.ts'
import { havingChannel } from '../../support/console-page.ts'
import { startWorld, type World } from '../../support/world.ts'

const DAY = 86_400_000

/** A summary each morning at eight, made the morning before. */
async function havingSummary(world: World, source: Record<string, unknown> = {}) {
  world.clock.now = Date.parse('2026-11-26T08:30:00Z')
  const { id } = await world.havingIntegration()
  const admin = await world.as('admin')
  const channel = await havingChannel(world, id, '#compliance')
  await admin.put('/api/notification-types/daily_summary', { destinations: [channel] })
  const made = await admin.post('/api/schedules', {
    name: 'Daily summary',
    cron: '0 8 * * *',
    type: 'daily_summary',
    source: { kind: 'stored_events', ...source },
  })
  expect(made.status, made.text).toBe(201)
  const post = (event: Record<string, unknown>) => admin.post('/api/events', event)
  const run = async () => {
    // A moment after the time, when what came in at the last moment is written.
    world.clock.now = Math.ceil(world.clock.now / DAY) * DAY + 8 * 3_600_000 + 5_000
    await runDue(world.ctx, eventTaker(world.ctx))
    const rows = await world.db.selectFrom('events').selectAll().where('type', '=', 'daily_summary').execute()
    return rows.map(({ body }) => JSON.parse(body))
  }
  return { admin, post, run, path: `/api/schedules/${made.body.id}` }
}

test('one event sums up what came since the last run, by type and severity, with the latest', async () => {
  await using world = await startWorld()
  const { post, run, admin, path } = await havingSummary(world)
  await post({ type: 'violation', severity: 'critical', title: 'Key <leaked>', url: 'https://a.example/1|2' })
  world.clock.now += 1_000
  await post({ type: 'violation', severity: 'low', title: 'Old key' })
  await post({ type: 'report', title: 'Report' })

  const [summary, ...others] = await run()

  expect(others).toEqual([])
  expect(summary).toMatchObject({
    title: 'Daily summary: 3 events',
    data: {
      count: 3,
      byType: { violation: 2, report: 1 },
      bySeverity: { critical: 1, low: 1, none: 1 },
      items: [{ title: 'Report' }, { title: 'Old key' }, { title: 'Key <leaked>' }],
      from: '2026-11-26T08:00:00.000Z',
      to: '2026-11-27T08:00:00.000Z',
    },
  })
  expect(summary.text).toContain('• 2 × violation')
  expect(summary.text).toContain('<https://a.example/1%7C2|Key &lt;leaked&gt;>')
  expect((await admin.get(`${path}/runs`)).body.items).toMatchObject([{ state: 'done', events: 1 }])
})

test('each event is told of once, the summary itself never, and a day without any sends nothing', async () => {
  await using world = await startWorld()
  const { post, run } = await havingSummary(world)
  await post({ type: 'violation', title: 'One' })
  const first = await run()
  await post({ type: 'violation', title: 'Two' })
  const second = await run()
  const third = await run()

  expect([first.length, second.length, third.length]).toEqual([1, 2, 2])
  expect(second.at(-1).data).toMatchObject({ count: 1, items: [{ title: 'Two' }] })
})

test('only the types and the condition that it names are counted', async () => {
  await using world = await startWorld()
  const { post, run } = await havingSummary(world, {
    types: ['violation', 'report'],
    condition: "severity == 'critical' AND days_remaining <= 3",
  })
  for (const type of ['violation', 'report', 'other']) {
    await post({ type, severity: 'critical', data: { days_remaining: 2 } })
    await post({ type, severity: 'critical', data: { days_remaining: 9 } })
  }

  const [summary] = await run()

  expect(summary.data).toMatchObject({ count: 2, byType: { violation: 1, report: 1 } })
})

test('what a type does not let out is in no summary of it', async () => {
  await using world = await startWorld()
  const { admin, post, run } = await havingSummary(world)
  await admin.put('/api/notification-types/patient', { allowedFields: ['url'] })
  await post({ type: 'patient', severity: 'grave', title: 'Kim Doe', url: 'https://a.example/1' })

  const [summary] = await run()

  expect(JSON.stringify(summary)).not.toMatch(/Kim Doe|grave/)
  expect(summary.data).toMatchObject({ count: 1, bySeverity: { none: 1 }, items: [{ url: 'https://a.example/1' }] })
})

test('many events are counted whole, and told by the latest twenty', async () => {
  await using world = await startWorld()
  const { run, admin } = await havingSummary(world)
  const batch = Array.from({ length: 400 }, (_, number) => ({ type: `type-${number % 60}`, title: `Number ${number}` }))
  for (let round = 0; round < 3; round += 1) await admin.post('/api/events', batch)

  const [{ data }] = await run()

  expect(data.count).toBe(1_200)
  expect(Object.keys(data.byType).length).toBe(50)
  expect([data.items.length, data.items[0].title]).toEqual([20, 'Number 399'])
})
