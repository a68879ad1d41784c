import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { Db } from '../../../server/db/schema.ts'
import { deliver } from '../../../server/deliveries/deliver.ts'
import { lineUp } from '../../../server/deliveries/lanes/places-store.ts'
import { getDelivery } from '../../../server/deliveries/list-store.ts'
import { sweepOn } from '../../../server/deliveries/sweeps/sweep.ts'
import { takeTurn } from '../../../server/deliveries/turn.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { findPausedTypes, findTypeSettings } from '../../../server/routing/store.ts'
import { ENGINES } from '../../support/each-store.ts'
import { deliveryRow, NOW } from '../../support/factories.ts'
import { startEventsWorld } from '../events/world.ts'

const DEFAULTS = {
  description: null,
  enabled: true,
  destinations: [],
  priority: null,
  mentions: [],
  emoji: null,
  template: null,
  threading: null,
  updateBy: null,
  allowedFields: null,
  retentionDays: null,
  type: 'door.open',
  isSetUp: false,
  policy: 'at_least_once',
  maxAttempts: null,
  nextAttemptDelay: null,
  foldAfter: null,
  dedupeWindow: 3_600,
  updateTrail: false,
}

describe.each(ENGINES)('/api/notification-types on %s', (engine) => {
  test('a type nobody spoke of has the defaults and stands in no list', async () => {
    await using world = await startEventsWorld({ engine })

    expect((await world.admin.get('/api/notification-types/door.open')).body).toEqual(DEFAULTS)
    expect((await world.admin.get('/api/notification-types')).body).toEqual({ items: [] })
  })

  test('a change keeps what it does not name; setting all puts that back to its default', async () => {
    await using world = await startEventsWorld({ engine })
    const path = '/api/notification-types/door.open'

    const changed = await world.admin.patch(path, { policy: 'at_most_once', nextAttemptDelay: 1.5 })
    const again = await world.admin.patch(path, { foldAfter: 10, dedupeWindow: 0 })
    const set = await put(world.url, path, world.admin.headers, { maxAttempts: 5 })

    expect(changed.body).toEqual({ ...DEFAULTS, isSetUp: true, policy: 'at_most_once', nextAttemptDelay: 1.5 })
    expect(again.body).toEqual({ ...changed.body, foldAfter: 10, dedupeWindow: 0 })
    expect(set).toEqual({ ...DEFAULTS, isSetUp: true, maxAttempts: 5 })
    expect((await world.admin.get('/api/notification-types')).body).toEqual({ items: [set] })
    const trail = await world.admin.get('/api/audit?action=notification_type.changed')
    expect(trail.body.items).toHaveLength(3)
  })

  test('types are listed page by page in the order of their names', async () => {
    await using world = await startEventsWorld({ engine })
    for (const type of ['c', 'a', 'b']) await world.admin.patch(`/api/notification-types/${type}`, {})

    const first = await world.admin.get('/api/notification-types?limit=2')
    const second = await world.admin.get(`/api/notification-types?limit=2&cursor=${first.body.next}`)

    const names = [first, second].map(({ body }) => body.items.map(({ type }: { type: string }) => type))
    expect(names).toEqual([['a', 'b'], ['c']])
    expect(second.body.next).toBeUndefined()
  })

  test('a pause holds what waits, and going on sends it in its old order', async () => {
    await using world = await startEventsWorld({ engine })
    const event = (title: string, type = 'door.open') => ({
      type,
      title,
      text: title,
      destinations: [world.destination],
    })
    await world.send('/api/events', [event('one'), event('two', 'other'), event('three')])

    const paused = await world.admin.post('/api/notification-types/door.open/pause')
    await world.admin.post('/api/notification-types/door.open/pause')
    await world.send('/api/events', event('four'))
    for (let round = 0; round < 5; round += 1) await deliverDue(world.ctx)
    const sentMeanwhile = (await world.slack.allMessages()).length
    const resumed = await world.admin.post('/api/notification-types/door.open/resume')
    for (let round = 0; round < 5; round += 1) await deliverDue(world.ctx)

    expect(paused.body.paused).toEqual({ at: expect.any(String), by: 'Ada Ferrer' })
    expect(sentMeanwhile).toBe(1)
    expect(resumed.body.paused).toBeUndefined()
    const texts = (await world.slack.allMessages()).map(({ text }) => text)
    expect(texts.map((text) => text.split('\n')[0]?.replaceAll('*', ''))).toEqual(['two', 'one', 'three', 'four'])
    for (const action of ['notification_type.resumed', 'notification_type.paused']) {
      expect((await world.admin.get(`/api/audit?action=${action}`)).body.items).toHaveLength(1)
    }
  })

  test.each(['http_503_html', 'reset'] as const)(
    'what was on its way at the pause (%s) is not tried again',
    async (kind) => {
      await using world = await startEventsWorld({ engine })
      const event = { type: 'door.open', title: 'one', destinations: [world.destination] }
      const { id } = (await world.send('/api/events', event)).body.deliveries[0]
      const { taken } = await takeTurn(world.ctx, [], { limit: 10 })
      await world.admin.post('/api/notification-types/door.open/pause')
      await world.slack.fault({ method: 'chat.postMessage', kind })
      const finished = await Promise.all(taken.map((each) => deliver(world.ctx, each)))
      await takeTurn(world.ctx, finished, { limit: 10 })

      for (let round = 0; round < 5; round += 1) {
        world.clock.now += 60_000
        await deliverDue(world.ctx, findPausedTypes)
      }
      const meanwhile = await getDelivery(world.db, id)
      const sentMeanwhile = (await world.slack.allMessages()).length
      await world.admin.post('/api/notification-types/door.open/resume')
      await deliverDue(world.ctx, findPausedTypes)

      expect(meanwhile).toMatchObject({ state: 'held', code: 'type_paused' })
      expect(sentMeanwhile).toBe(0)
      expect(await getDelivery(world.db, id)).toMatchObject({ state: 'delivered' })
    },
  )
})

test.each(ENGINES)(
  'a backlog that is too large to wait for says that it is under way, and events are taken in between, on %s',
  { timeout: 120_000 },
  async (engine) => {
    await using world = await startEventsWorld({ engine })
    const path = '/api/notification-types/door.open'
    await insertBacklog(world.db, world.destination, world.integration.id, 20_000)
    const event = { type: 'door.open', title: 'Late', text: 'Late', destinations: [world.destination] }

    const paused = await world.admin.post(`${path}/pause`)
    const answers: unknown[] = []
    for (let round = 0; round < 5; round += 1) {
      const sweeping = sweepOn(world.ctx, { windows: 5 })
      const { status, body } = await world.send('/api/events', event)
      answers.push([status, body.deliveries[0].state])
      await sweeping
    }
    const meanwhile = await world.admin.get(path)
    while ((await sweepOn(world.ctx, { windows: 50 })).isMore);
    const afterwards = await world.admin.get(path)
    const held = await world.db
      .selectFrom('deliveries')
      .select((row) => row.fn.countAll().as('count'))
      .where('state', '=', 'held')
      .where('code', '=', 'type_paused')
      .executeTakeFirstOrThrow()

    expect(paused.body).toMatchObject({ paused: {}, underWay: 'holding' })
    expect(answers).toEqual(Array(5).fill([202, 'held']))
    expect(meanwhile.body).toMatchObject({ paused: {}, underWay: 'holding' })
    expect(afterwards.body.underWay).toBeUndefined()
    expect(Number(held.count)).toBe(20_005)
  },
)

async function insertBacklog(db: Db, destinationId: string, integrationId: string, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1_000) {
    const rows = Array.from({ length: 1_000 }, () => deliveryRow({ type: 'door.open', destinationId, integrationId }))
    await db.transaction().execute((trx) => lineUp(trx, rows))
  }
}

test.each([
  ['pause', null, { state: 'held', code: 'type_paused', rank: null }],
  ['resume', NOW, { state: 'pending', code: null, rank: 1 }],
] as const)(
  '%s reaches what a replica is just taking in by the settings before',
  async (turned, pausedAt, expected) => {
    await using world = await startEventsWorld({ engine: 'postgres' })
    const path = '/api/notification-types/door.open'
    await world.admin.patch(path, { maxAttempts: 5 })
    await world.db.updateTable('notificationTypes').set({ pausedAt }).execute()
    const held = { state: 'held', code: 'type_paused', rank: null } as const
    const row = deliveryRow({ type: 'door.open', destinationId: world.destination, ...(pausedAt !== null && held) })
    let turning: Promise<unknown> = Promise.resolve()

    await world.db.transaction().execute(async (trx) => {
      await findTypeSettings(trx, ['door.open'])
      turning = world.admin.post(`${path}/${turned}`)
      await untilOneWaits(world.db)
      await lineUp(trx, [{ ...row, rank: 1 }])
      await trx.updateTable('deliveries').set({ rank: row.rank }).where('id', '=', row.id).execute()
    })
    await turning

    expect(await getDelivery(world.db, row.id)).toMatchObject(expected)
  },
)

/** Until some transaction waits for another one's lock. */
async function untilOneWaits(db: Db): Promise<void> {
  for (;;) {
    const { rows } = await sql`
      select 1 from pg_locks join pg_database on pg_database.oid = database
      where not granted and datname = current_database()`.execute(db)
    if (rows.length > 0) return
  }
}

test.each([
  [{ policy: 'never' }, 'policy'],
  [{ maxAttempts: 0 }, 'maxAttempts'],
  [{ nextAttemptDelay: -1 }, 'nextAttemptDelay'],
  [{ foldAfter: 1 }, 'foldAfter'],
  [{ dedupeWindow: 1.5 }, 'dedupeWindow'],
  [{ dedupe: 1 }, 'dedupe'],
])('settings that make no sense are refused with their field: %j', async (change, field) => {
  await using world = await startEventsWorld()

  const answer = await world.admin.patch('/api/notification-types/door.open', change)

  expect(answer).toMatchObject({ status: 422, body: { error: { field } } })
})

test('a viewer reads, an operator pauses, an admin sets', async () => {
  await using world = await startEventsWorld()
  const path = '/api/notification-types/door.open'
  const [viewer, operator] = [await world.as('viewer'), await world.as('operator')]

  const statuses = [
    (await viewer.get(path)).status,
    (await viewer.post(`${path}/pause`)).status,
    (await operator.post(`${path}/pause`)).status,
    (await operator.patch(path, {})).status,
    (await world.admin.patch(path, {})).status,
  ]

  expect(statuses).toEqual([200, 403, 200, 403, 200])
})

async function put(url: string, path: string, headers: Record<string, string>, body: unknown): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return response.json()
}
