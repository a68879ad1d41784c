import { expect, test } from 'vitest'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { rollUp } from '../../../server/metrics/roll-up.ts'
import { startWorld, type World } from '../../support/world.ts'

const DAY_MS = 86_400_000

test('figures that nothing was measured for are null, neither 0 % nor 100 %', async () => {
  await using world = await startWorld()
  const viewer = await world.as('viewer')

  const { status, body } = await viewer.get('/api/metrics/overview')

  expect(status).toBe(200)
  expect(body.stepMs).toBe(1_800_000)
  expect(body.deliveries.points).toHaveLength(48)
  expect(body.tiles.deliveryRate).toEqual({ value: null, before: null, target: 0.99, met: null, budgetLeft: null })
  expect(body.responses.total).toEqual({ count: 0, p50: null, p95: null, p99: null })
})

test('a test message is on the Overview at once, and stays when it is rolled up', async () => {
  await using world = await startWorld()
  const { integrationId } = await havingSent(world)
  const viewer = await world.as('viewer')

  const before = (await viewer.get('/api/metrics/overview?window=1h')).body
  world.clock.now += 10 * 60_000
  while (await rollUp(world.ctx));
  const after = (await viewer.get(`/api/metrics/overview?window=24h&integrationId=${integrationId}`)).body

  for (const told of [before, after]) {
    expect(told.deliveries).toMatchObject({ delivered: 1, failed: 0, firstTry: 1 })
    expect(told.tiles.deliveryRate).toMatchObject({ value: 1, met: true, budgetLeft: 1 })
    expect(told.responses.methods).toMatchObject([{ method: 'chat.postMessage', count: 1 }])
  }
  expect((await viewer.get('/api/metrics/overview?integrationId=int_other')).body.deliveries.delivered).toBe(0)
})

test('a window that makes no sense is refused, naming the field', async () => {
  await using world = await startWorld()
  const viewer = await world.as('viewer')
  const senseless = [
    ['from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
    ['from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&step=60000', 'step'],
    ['step=1', 'step'],
    ['step=90001', 'step'],
    ['window=2h', 'window'],
    ['from=yesterday', 'from'],
  ]

  for (const [query, field] of senseless) {
    const { status, body } = await viewer.get(`/api/metrics/overview?${query}`)

    expect([query, status, body.error.field]).toEqual([query, 422, field])
  }
})

test('a window is snapped outward to whole steps, and the answer says which', async () => {
  await using world = await startWorld()
  const viewer = await world.as('viewer')

  const query = 'from=2026-01-01T10:07:00Z&to=2026-01-01T11:01:00Z&step=1800000'
  const { body } = await viewer.get(`/api/metrics/overview?${query}`)

  expect(body).toMatchObject({ from: '2026-01-01T10:00:00.000Z', to: '2026-01-01T11:30:00.000Z', stepMs: 1_800_000 })
})

test('each integration tells its last 24 hours, hour by hour', async () => {
  await using world = await startWorld()
  const { integrationId } = await havingSent(world)
  const viewer = await world.as('viewer')

  const { body } = await viewer.get('/api/metrics/health')

  expect(body.items).toMatchObject([
    { integrationId, delivered: 1, failed: 0, deliveryRate: 1, lastDeliveredAt: expect.any(String) },
  ])
  expect(body.items[0].hours).toHaveLength(24)
  expect(body.items[0].hours.at(-1)).toMatchObject({ delivered: 1, failed: 0 })
})

test('nothing asks for a person while all is well; an archived channel does, for a day', async () => {
  await using world = await startWorld()
  const { destinationId, integrationId } = await havingSent(world)
  const viewer = await world.as('viewer')
  const calm = (await viewer.get('/api/metrics/attention')).body
  await world.db
    .updateTable('destinations')
    .set({ state: 'failing', code: 'is_archived', stateAt: world.clock.now })
    .where('id', '=', destinationId)
    .execute()
  await world.db.updateTable('deliveries').set({ state: 'failed', code: 'is_archived' }).execute()

  const alarmed = (await viewer.get('/api/metrics/attention')).body

  expect(calm.items).toEqual([])
  expect(alarmed.items).toMatchObject([
    { tone: 'bad', action: { to: `/integrations/${integrationId}/destinations` } },
    { tone: 'bad', action: { to: expect.stringMatching(/^\/deliveries\?state=failed&by=ended&from=/) } },
  ])
  world.clock.now += 2 * DAY_MS
  await world.db.updateTable('destinations').set({ state: 'ok', code: null }).execute()
  const admin = await world.signIn('ada@acme.example')
  expect((await admin.get('/api/metrics/attention')).body.items).toEqual([])
})

test('what Prometheus scrapes counts each request once, however often it is asked and whatever is rolled up', async () => {
  await using world = await startWorld()
  await havingSent(world)
  const key = await world.withKey(['metrics:read'])

  const first = await key.get('/metrics')
  world.clock.now += 10 * 60_000
  while (await rollUp(world.ctx));
  const second = await key.get('/metrics')

  expect(first.headers.get('content-type')).toContain('text/plain')
  for (const { text } of [first, second]) {
    expect(text).toContain('switchboard_attempts_total{method="chat.postMessage",outcome="sent"} 1\n')
    expect(text).toContain('switchboard_deliveries_ended_total{state="delivered"} 1\n')
    expect(text).toContain('switchboard_deliveries_waiting{state="pending",priority="normal"} 0\n')
  }
})

test('a stranger is not told the figures, nor a key without the scope', async () => {
  await using world = await startWorld()
  const key = await world.withKey(['deliveries:read'])

  const asked = await Promise.all(
    ['/metrics', '/api/metrics/overview', '/api/metrics/health', '/api/metrics/attention'].flatMap((path) => [
      world.anonymous.get(path),
      key.get(path),
    ]),
  )

  expect(asked.map(({ status }) => status)).toEqual([401, 403, 401, 403, 401, 403, 401, 403])
})

/** One test message, delivered. */
async function havingSent(world: World): Promise<{ integrationId: string; destinationId: string }> {
  const admin = await world.as('admin')
  const integration = await world.havingIntegration()
  const made = await admin.post('/api/destinations', {
    integrationId: integration.id,
    kind: 'channel',
    channel: '#compliance',
  })
  // The answer comes once the message was tried, and no loop runs here.
  world.ctx.nudge = () => void deliverDue(world.ctx)
  const sent = await admin.post(`/api/destinations/${made.body.id}/test`, { message: { text: 'Hello' } })
  if (sent.status >= 400) throw new Error(sent.text)
  return { integrationId: integration.id, destinationId: made.body.id }
}
