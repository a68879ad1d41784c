import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { expectedAt, queueFigures } from '../../../server/deliveries/queue.ts'
import { listHeldByType } from '../../../server/deliveries/queue-store.ts'
import { listByIds } from '../../../server/deliveries/store.ts'
import { ENGINES } from '../../support/each-store.ts'
import { startWorld, type World } from '../../support/world.ts'
import { channelAt, waiting } from './steering-world.ts'

const texts = (count: number) => Array.from({ length: count }, (_, place) => `message ${place}`)

async function havingBacklog(world: World) {
  const { id: integrationId } = await world.havingIntegration()
  const compliance = await channelAt(world, integrationId, '#compliance')
  const security = await channelAt(world, integrationId, '#security-alerts')
  const ids = await waiting(world, compliance.id, texts(4))
  await waiting(world, compliance.id, texts(2), { priority: 'urgent' })
  await waiting(world, security.id, texts(3), { priority: 'low', type: 'deploy' })
  return { integrationId, compliance, security, ids, operator: await world.as('operator') }
}

describe.each(ENGINES)('the queue, on %s', (engine) => {
  test('tells what waits by state and by lane, how old it is and when it will have gone out', async () => {
    await using world = await startWorld({ engine })
    const { integrationId, compliance, security, operator } = await havingBacklog(world)
    await operator.post(`/api/destinations/${security.id}/pause`)
    const madeAt = new Date(world.clock.now).toISOString()
    world.clock.now += 60_000
    const now = world.clock.now

    const { body } = await operator.get('/api/queue')

    expect(body).toMatchObject({ byState: { pending: 6, held: 3 }, waiting: 9, laneCount: 2, oldestAt: madeAt })
    expect(body.drainedAt).toBe(new Date(now + 5_000).toISOString())
    expect(body.lanes).toMatchObject([
      {
        destinationId: compliance.id,
        destinationName: '#compliance',
        integrationId,
        waiting: 6,
        byPriority: { urgent: 2, normal: 4, low: 0 },
        oldestAt: madeAt,
        nextAt: new Date(now).toISOString(),
      },
      { destinationId: security.id, waiting: 3, stopped: { code: 'destination_paused', meaning: expect.any(String) } },
    ])
    expect(body.lanes[1]).not.toHaveProperty('drainedAt')
  })

  test('tells what each paused type holds, and stops counting where it would read too much', async () => {
    await using world = await startWorld({ engine })
    const { compliance, operator } = await havingBacklog(world)
    await waiting(world, compliance.id, texts(1), { type: 'door.open' })
    for (const type of ['deploy', 'door.open']) await operator.post(`/api/notification-types/${type}/pause`)
    world.clock.now += 60_000

    const { body } = await operator.get('/api/queue')

    expect(body.pausedTypes).toEqual([
      { type: 'deploy', waiting: 3 },
      { type: 'door.open', waiting: 1 },
    ])
    expect(body).toMatchObject({ waiting: 10, byState: { pending: 6, held: 4 } })
    expect(await listHeldByType(world.db, 4, 1)).toEqual({ isAll: false, held: [{ type: 'deploy', count: 3 }] })
  })

  test('tells of a delivery how many go before it and when it should go out, unless its line is stopped', async () => {
    await using world = await startWorld({ engine })
    const { compliance, ids, operator } = await havingBacklog(world)
    await waiting(world, compliance.id, ['tomorrow'], { priority: 'urgent', dueAt: world.clock.now + 86_400_000 })
    const [last] = await listByIds(world.db, [ids[3] ?? ''])
    if (!last) throw new Error('It was just made.')

    const told = await expectedAt(world.ctx, last)
    await operator.post(`/api/destinations/${compliance.id}/pause`)

    expect(told).toEqual({ ahead: 5, expectedAt: new Date(world.clock.now + 5_000).toISOString() })
    expect(await expectedAt(world.ctx, last)).toBeUndefined()
    expect(await expectedAt(world.ctx, { ...last, state: 'delivered', rank: null })).toBeUndefined()
  })

  test('drops a backlog that was seen: by destination, integration or type', async () => {
    await using world = await startWorld({ engine })
    const { integrationId, compliance, security, operator } = await havingBacklog(world)
    const admin = await world.as('admin')

    const previews = await Promise.all(
      [`destinationId=${security.id}`, `integrationId=${integrationId}`, 'type=deploy', 'type=other'].map((which) =>
        operator.get(`/api/queue/purge?${which}`),
      ),
    )
    const dropped = await operator.post('/api/queue/purge', { type: 'deploy', expected: 3, note: 'Old news' })
    const ended = await operator.get(`/api/deliveries?destinationId=${security.id}`)
    const rest = await operator.post('/api/queue/purge', { integrationId, expected: 6 })

    expect(previews.map(({ body }) => body.count)).toEqual([3, 9, 3, 0])
    expect(previews[1]?.body.byDestination).toEqual([
      { id: compliance.id, name: '#compliance', count: 6 },
      { id: security.id, name: '#security-alerts', count: 3 },
    ])
    expect([dropped.body, rest.body]).toEqual([{ cancelled: 3 }, { cancelled: 6 }])
    expect(ended.body.items.map(({ state, code }: { state: string; code: string }) => [state, code])).toEqual(
      Array(3).fill(['cancelled', 'purged']),
    )
    expect((await admin.get('/api/audit?action=queue')).body.items).toMatchObject([
      { action: 'queue.purged', subject: { kind: 'integration', id: integrationId }, detail: { cancelled: 6 } },
      { action: 'queue.purged', subject: { id: 'deploy' }, detail: { cancelled: 3, note: 'Old news' } },
    ])
  })

  test('drops more than one transaction’s worth, with what a summary stands for, and what a paused type holds', async () => {
    await using world = await startWorld({ engine })
    const { security, operator } = await havingBacklog(world)
    const many = await waiting(world, security.id, texts(2_100))
    await world.db
      .updateTable('deliveries')
      .set({ foldedInto: many[0] ?? '', rank: null })
      .where('id', '=', many[1] ?? '')
      .execute()
    await world.db
      .updateTable('deliveries')
      .set({ state: 'held', code: 'type_paused', rank: null })
      .where('id', '=', many[2] ?? '')
      .execute()

    const { body } = await operator.get(`/api/queue/purge?destinationId=${security.id}`)
    const dropped = await operator.post('/api/queue/purge', { destinationId: security.id, expected: body.count })
    const counts = await operator.get(`/api/deliveries/counts?destinationId=${security.id}`)

    expect(body.count).toBe(2_102)
    expect(dropped.body).toEqual({ cancelled: 2_102 })
    expect(counts.body.byState).toEqual({ cancelled: 2_103 })
  })

  test('a purge drops what somebody merely has in hand at that moment, too', async () => {
    await using world = await startWorld({ engine })
    const { security, operator } = await havingBacklog(world)

    const { asked } = await world.db.transaction().execute(async (trx) => {
      await trx.updateTable('deliveries').set({ looks: 0 }).where('destinationId', '=', security.id).execute()
      const asked = operator.post('/api/queue/purge', { destinationId: security.id, expected: 3 })
      await setTimeout(50)
      return { asked }
    })

    expect((await asked).body).toEqual({ cancelled: 3 })
  })
})

test('a purge drops nothing that was not seen: more than expected is refused with the new count', async () => {
  await using world = await startWorld()
  const { security, operator } = await havingBacklog(world)

  const refused = await operator.post('/api/queue/purge', { destinationId: security.id, expected: 2 })
  const fewer = await operator.post('/api/queue/purge', { destinationId: security.id, expected: 10 })

  expect([refused.status, refused.body.error.field]).toEqual([409, 'expected'])
  expect(refused.body.error.message).toContain('3 deliveries')
  expect(fewer.body).toEqual({ cancelled: 3 })
})

test('a purge names exactly one backlog, and is not for viewers', async () => {
  await using world = await startWorld()
  const operator = await world.as('operator')
  const viewer = await world.as('viewer')

  const asked = await Promise.all([
    operator.get('/api/queue/purge'),
    operator.get('/api/queue/purge?destinationId=dst_1&type=deploy'),
    operator.get('/api/queue/purge?destination=dst_1'),
    operator.post('/api/queue/purge', { expected: 1 }),
    operator.post('/api/queue/purge', { type: 'deploy' }),
    operator.post('/api/queue/purge', { type: 'deploy', expected: -1 }),
    viewer.post('/api/queue/purge', { type: 'deploy', expected: 1 }),
  ])

  expect(asked.map(({ status, body }) => [status, body.error.field])).toEqual([
    [422, 'destinationId'],
    [422, 'destinationId'],
    [422, 'destination'],
    [422, 'destinationId'],
    [422, 'expected'],
    [422, 'expected'],
    [403, undefined],
  ])
})

test('whoever polls the queue makes it count only once in five seconds', async () => {
  await using world = await startWorld()
  const { security, operator } = await havingBacklog(world)
  const first = (await operator.get('/api/queue')).body
  await waiting(world, security.id, ['one more'])

  world.clock.now += 4_999
  const soon = (await operator.get('/api/queue')).body
  world.clock.now += 1
  const later = (await operator.get('/api/queue')).body

  expect([first.waiting, soon.waiting, later.waiting]).toEqual([9, 9, 10])
  expect(await queueFigures(world.ctx)).toBe(await queueFigures(world.ctx))
})

test('Prometheus is told what waits, what is stopped, how long it takes and which incidents are open', async () => {
  await using world = await startWorld()
  const { compliance, security, integrationId, operator } = await havingBacklog(world)
  await operator.post(`/api/destinations/${security.id}/pause`)
  await world.db
    .insertInto('incidents')
    .values({
      ...{
        id: 'inc_1',
        subjectKind: 'destination',
        subjectId: compliance.id,
        subjectName: '#compliance',
        integrationId,
      },
      ...{ code: 'is_archived', detail: null, deliveryId: null, openedAt: 1, closedAt: null, closedBy: null },
    })
    .execute()
  world.clock.now += 30_000
  const key = await world.withKey(['metrics:read'])

  const { text } = await key.get('/metrics')

  for (const line of [
    'switchboard_deliveries_waiting{state="pending",priority="urgent"} 2',
    'switchboard_deliveries_waiting{state="pending",priority="normal"} 4',
    'switchboard_deliveries_waiting{state="held",priority="low"} 3',
    'switchboard_deliveries_waiting{state="sending",priority="low"} 0',
    'switchboard_delivery_oldest_waiting_seconds 30',
    'switchboard_lanes_stopped 1',
    'switchboard_queue_drain_seconds 5',
    'switchboard_incidents_open 1',
  ]) {
    expect(text).toContain(`${line}\n`)
  }
})

test('taking a summary back takes back what it would have said', async () => {
  await using world = await startWorld()
  const { ids, operator } = await havingBacklog(world)
  const [page = '', folded = ''] = ids
  await world.db.updateTable('deliveries').set({ foldedInto: page, rank: null }).where('id', '=', folded).execute()

  await operator.post(`/api/deliveries/${page}/cancel`)

  expect((await operator.get(`/api/deliveries/${folded}`)).body).toMatchObject({
    state: 'cancelled',
    code: 'cancelled_by_request',
  })
})
