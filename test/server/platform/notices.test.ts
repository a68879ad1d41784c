import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { notifyPlatform } from '../../../server/platform/notify-platform.ts'
import { noticeStep } from '../../../server/platform/outcome.ts'
import { sendNotices } from '../../../server/platform/send-notices.ts'
import { startPlatformNotices } from '../../../server/platform/worker.ts'
import { ENGINES } from '../../support/each-store.ts'
import { startPlatform } from '../../support/platform.ts'
import { startWorld, type World } from '../../support/world.ts'

async function havingEndpoint(world: World, url: string) {
  const { id } = await world.havingIntegration()
  const admin = await world.as('admin')
  const path = `/api/integrations/${id}/platform`
  await admin.put(path, { url })
  const calls = async () => (await admin.get(`${path}/calls`)).body.items
  return { id, path, admin, calls }
}

const notify = (world: World, id: string, number = 1) =>
  world.db
    .transaction()
    .execute((trx) => notifyPlatform(world.ctx, trx, id, { kind: 'delivery.failed', body: { number } }))

test('a notice is kept with what it tells of, and sent until it is taken, each time under the same id', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { id, calls } = await havingEndpoint(world, platform.url)
  platform.answer((_, response) => response.writeHead(platform.calls.length < 3 ? 503 : 204).end())
  const noticeId = await notify(world, id)

  for (let round = 0; round < 3; round += 1) {
    await sendNotices(world.ctx, id)
    world.clock.now += 5_000
  }

  expect(platform.calls.map(({ headers }) => headers['webhook-id'])).toEqual([noticeId, noticeId, noticeId])
  expect(await calls()).toMatchObject([
    { state: 'delivered', attempts: [{ code: 'http_503' }, { code: 'http_503' }, { httpStatus: 204 }] },
  ])
})

test.each(ENGINES)('on %s, a notice that is taken with bytes that are no text is sent once', async (engine) => {
  await using world = await startWorld({ engine })
  await using platform = await startPlatform()
  const { id, path, admin, calls } = await havingEndpoint(world, platform.url)
  platform.answer((_, response) => response.end(Buffer.from('ok\0')))
  await notify(world, id)

  await sendNotices(world.ctx, id)
  world.clock.now += 61_000
  await sendNotices(world.ctx, id)

  expect(platform.calls).toHaveLength(1)
  expect(await calls()).toMatchObject([{ state: 'delivered', attempts: [{ httpStatus: 200 }] }])
  expect(await admin.post(`${path}/test`)).toMatchObject({ status: 200, body: { ok: true } })
})

test('what rolls back was never told of', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { id } = await havingEndpoint(world, platform.url)

  const failing = world.db.transaction().execute(async (trx) => {
    await notifyPlatform(world.ctx, trx, id, { kind: 'delivery.failed', body: {} })
    throw new Error('no')
  })

  await expect(failing).rejects.toThrow('no')
  expect(await sendNotices(world.ctx, id)).toBe(0)
})

test('of several workers each notice is sent by one; a lost worker’s is sent by another once its lease is over', async () => {
  await using world = await startWorld({ engine: 'postgres' })
  await using platform = await startPlatform()
  const { id, calls } = await havingEndpoint(world, platform.url)
  for (let number = 0; number < 12; number += 1) await notify(world, id, number)
  const workers = [0, 1, 2].map((number) => ({ ...world.ctx, workerId: `worker-${number}` }))

  await Promise.all(workers.map((ctx) => sendNotices(ctx, id)))
  const sent = platform.calls.map(({ body }) => body.data.number)
  expect([sent.length, new Set(sent).size]).toEqual([12, 12])

  await notify(world, id, 99)
  await world.db
    .updateTable('platformCalls')
    .set({ state: 'sending', claimedBy: 'lost', tries: 1, dueAt: world.clock.now + 60_000 })
    .where('state', '=', 'pending')
    .execute()
  expect(await sendNotices(world.ctx, id)).toBe(0)
  world.clock.now += 60_000
  expect(await sendNotices(world.ctx, id)).toBe(1)
  expect((await calls())[0]).toMatchObject({ state: 'delivered', attempts: [{ number: 2 }] })
})

test('a notice that nobody takes ends with an incident, which a call that is taken closes', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { id, path, admin, calls } = await havingEndpoint(world, platform.url)
  platform.answer((_, response) => response.writeHead(500).end())
  await notify(world, id)

  while ((await sendNotices(world.ctx, id)) > 0) world.clock.now += 10 * 60_000

  expect(platform.calls.length).toBe(30)
  expect((await calls())[0]).toMatchObject({ state: 'failed', code: 'http_500' })
  const open = (await admin.get('/api/incidents?open=true')).body.items
  expect(open).toMatchObject([
    { subject: { kind: 'platform_endpoint', name: platform.host }, code: 'http_500', held: 0, fix: expect.any(String) },
  ])
  expect((await admin.get('/api/metrics/attention')).text).toContain(`/integrations/${id}/platform`)

  platform.answer((_, response) => response.end('{}'))
  await admin.post(`${path}/test`)
  expect((await admin.get('/api/incidents?open=true')).body.items).toEqual([])
})

test('while the endpoint is switched off what waits stays, and when it is deleted it ends', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { id, path, admin, calls } = await havingEndpoint(world, platform.url)
  await notify(world, id)
  await admin.put(path, { url: platform.url, enabled: false })

  expect([await sendNotices(world.ctx, id), await notify(world, id)]).toEqual([0, undefined])
  expect(await calls()).toMatchObject([{ state: 'pending' }])

  await admin.delete(path)
  expect(await calls()).toMatchObject([{ state: 'failed', code: 'endpoint_deleted' }])
})

test('the loop sends by itself, a slow platform delays no other, and stopping waits for what is under way', async () => {
  await using world = await startWorld()
  await using slow = await startPlatform()
  await using quick = await startPlatform()
  const first = await havingEndpoint(world, slow.url)
  const answers: (() => void)[] = []
  slow.answer((_, response) => answers.push(() => response.end('{}')))
  const admin = await world.as('admin')
  const other = await world.slack.app()
  const made = await admin.post('/api/integrations', {
    ...{ provider: 'slack', name: 'Second', appId: other.appId, clientId: other.clientId },
    ...{ clientSecret: other.clientSecret, signingSecret: other.signingSecret },
  })
  await admin.put(`/api/integrations/${made.body.id}/platform`, { url: quick.url })
  await notify(world, first.id)
  await notify(world, made.body.id)

  const loop = startPlatformNotices(world.ctx)
  while (quick.calls.length === 0 || answers.length === 0) await wait(5)
  const stopped = loop.stop()
  for (const answer of answers) answer()
  await stopped

  expect(await first.calls()).toMatchObject([{ state: 'delivered' }])
})

test.each([
  ['taken', { kind: 'taken', status: 204, text: '' }, 1, { state: 'delivered' }],
  ['taken with an answer far too long', failed('too_large', 200), 1, { state: 'delivered' }],
  ['refused with an answer far too long', failed('too_large', 500), 1, { state: 'retrying' }],
  ['gone for good', failed('http_410', 410), 1, { state: 'failed' }],
  ['not let in, which people mend', failed('http_401', 401), 29, { state: 'retrying' }],
  ['the last attempt', failed('timeout'), 30, { state: 'failed', code: 'timeout' }],
  ['asked to wait', { ...failed('http_429', 429), retryAfterMs: 120_000 }, 1, { state: 'retrying', waitMs: 120_000 }],
  ['asked to wait for a year', { ...failed('http_429'), retryAfterMs: 3e10 }, 1, { waitMs: 3_600_000 }],
] as const)('%s: what becomes of a notice', (_, outcome, tries, step) => {
  expect(noticeStep(outcome, { tries, triedForMs: 80 * 60_000 }, () => 0.5)).toMatchObject(step)
})

function failed(code: string, httpStatus?: number) {
  return { kind: 'failed' as const, code, ...(httpStatus !== undefined && { httpStatus }) }
}

test('a dead end of Slack is told to the platform as it opens and as somebody ends it', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { id, admin } = await havingEndpoint(world, platform.url)
  const { body: destination } = await admin.post('/api/destinations', {
    integrationId: id,
    kind: 'channel',
    channel: '#compliance',
  })
  await world.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'is_archived', channel: 'C0COMPLIANC' })
  const { body: event } = await admin.post('/api/events', { type: 'a', title: 'A', destinations: [destination.id] })

  await deliverDue(world.ctx)
  await sendNotices(world.ctx, id)
  await admin.post(`/api/destinations/${destination.id}/resume`, {})
  await sendNotices(world.ctx, id)

  const incident = { subject: { kind: 'destination', id: destination.id, name: '#compliance' }, code: 'is_archived' }
  const delivery = event.deliveries[0].id
  expect(platform.calls.map(({ body }) => [body.type, body.data])).toMatchObject([
    ['incident.opened', { ...incident, delivery, page: `${world.url}/incidents` }],
    ['incident.closed', incident],
  ])
})
