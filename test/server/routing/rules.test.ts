import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../support/each-store.ts'
import { type EventsWorld, startEventsWorld } from '../events/world.ts'

const RULE = { name: 'Security', condition: "category == 'security' AND severity == 'critical'" }

const names = async (world: EventsWorld): Promise<string[]> => {
  const { body } = await world.admin.get('/api/routing-rules?limit=200')
  return body.items.map(({ name, position }: { name: string; position: number }) => `${position} ${name}`)
}
const revision = async (world: EventsWorld): Promise<number> =>
  Number((await world.db.selectFrom('routingState').select('revision').executeTakeFirstOrThrow()).revision)

describe.each(ENGINES)('/api/routing-rules on %s', (engine) => {
  test('a rule is added, read, changed and deleted; each of these is audited and counts the revision', async () => {
    await using world = await startEventsWorld({ engine })
    const { admin, destination } = world
    const before = await revision(world)

    const made = await admin.post('/api/routing-rules', { ...RULE, destinations: [destination], mentions: ['@here'] })
    const path = `/api/routing-rules/${made.body.id}`
    const read = await admin.get(path)
    const changed = await admin.patch(path, { stop: true, enabled: false, priority: 'urgent' })
    const gone = await admin.delete(path)

    expect(made).toMatchObject({
      status: 201,
      body: { ...RULE, position: 0, enabled: true, stop: false, priority: null },
    })
    expect(made.body.destinations).toEqual([
      { id: destination, integrationId: world.integration.id, kind: 'channel', name: '#compliance' },
    ])
    expect(read.body).toEqual(made.body)
    expect(changed.body).toEqual({ ...made.body, stop: true, enabled: false, priority: 'urgent' })
    expect(gone.status).toBe(204)
    expect((await admin.get(path)).status).toBe(404)
    expect(await revision(world)).toBe(before + 3)
    for (const action of ['created', 'changed', 'deleted']) {
      expect((await admin.get(`/api/audit?action=routing_rule.${action}`)).body.items).toHaveLength(1)
    }
  })

  test('rules stand in one order without gaps, whatever is added, moved and deleted', async () => {
    await using world = await startEventsWorld({ engine })
    const ids = new Map<string, string>()
    const add = async (name: string, position?: number) => {
      const { body } = await world.admin.post('/api/routing-rules', { ...RULE, name, position })
      ids.set(name, body.id)
    }
    const move = (name: string, position: number) =>
      world.admin.patch(`/api/routing-rules/${ids.get(name)}`, { position })

    for (const name of ['b', 'c', 'd']) await add(name)
    await add('a', 0)
    await add('far', 99)
    expect(await names(world)).toEqual(['0 a', '1 b', '2 c', '3 d', '4 far'])
    await move('far', 1)
    expect(await names(world)).toEqual(['0 a', '1 far', '2 b', '3 c', '4 d'])
    await move('a', 3)
    expect(await names(world)).toEqual(['0 far', '1 b', '2 c', '3 a', '4 d'])
    await move('far', 1_000)
    await world.admin.delete(`/api/routing-rules/${ids.get('c')}`)
    expect(await names(world)).toEqual(['0 b', '1 a', '2 d', '3 far'])

    const first = await world.admin.get('/api/routing-rules?limit=3')
    const second = await world.admin.get(`/api/routing-rules?limit=3&cursor=${first.body.next}`)
    expect(second.body).toMatchObject({ items: [{ name: 'far' }] })
    expect(second.body.next).toBeUndefined()
  })

  test('many who add at once each get a place of their own', async () => {
    await using world = await startEventsWorld({ engine })

    await Promise.all(
      Array.from({ length: 12 }, (_, place) =>
        world.admin.post('/api/routing-rules', { ...RULE, name: `rule ${place}`, position: place % 3 }),
      ),
    )

    const rows = await world.db.selectFrom('routingRules').select('position').orderBy('position').execute()
    expect(rows.map(({ position }) => position)).toEqual(Array.from({ length: 12 }, (_, place) => place))
  })

  test('a name is taken once, and the fallback can be set', async () => {
    await using world = await startEventsWorld({ engine })
    const { admin, destination } = world
    await admin.post('/api/routing-rules', RULE)
    const other = await admin.post('/api/routing-rules', { ...RULE, name: 'Other' })

    const twice = await admin.post('/api/routing-rules', RULE)
    const renamed = await admin.patch(`/api/routing-rules/${other.body.id}`, { name: RULE.name })
    const same = await admin.patch(`/api/routing-rules/${other.body.id}`, { name: 'Other' })

    expect(twice).toMatchObject({ status: 409, body: { error: { field: 'name' } } })
    expect(renamed).toMatchObject({ status: 409, body: { error: { field: 'name' } } })
    expect(same.status).toBe(200)
    expect((await admin.get('/api/routing-fallback')).body).toEqual({ destinations: [] })
    const set = await admin.put('/api/routing-fallback', { destinations: [destination, destination] })
    expect(set.body.destinations).toMatchObject([{ id: destination, name: '#compliance' }])
    expect((await admin.get('/api/routing-fallback')).body).toEqual(set.body)
  })
})

test.each([
  [{ condition: "category = 'security'" }, 'condition', /At character 10/],
  [{ condition: '' }, 'condition', /./],
  [{ condition: "title matches '(a'" }, 'condition', /At character 15/],
  [{ condition: `type == '${'x'.repeat(2_000)}'` }, 'condition', /./],
  [{ name: '' }, 'name', /./],
  [{ destinations: ['dst_none'] }, 'destinations.0', /no destination/],
  [
    { destinations: [{ integrationId: 'int_none', recipient: true }] },
    'destinations.0.integrationId',
    /no integration/,
  ],
  [{ position: -1 }, 'position', /./],
  [{ priority: 'high' }, 'priority', /./],
  [{ conditions: 'x' }, 'conditions', /./],
])('a rule that makes no sense is refused with its field: %j', async (change, field, message) => {
  await using world = await startEventsWorld()

  const added = await world.admin.post('/api/routing-rules', { ...RULE, ...change })

  expect(added).toMatchObject({ status: 422, body: { error: { field, message: expect.stringMatching(message) } } })
  expect(await names(world)).toEqual([])
})

test('a viewer and a reading key read rules; only an admin and a writing key change them', async () => {
  await using world = await startEventsWorld()
  const callers = {
    viewer: await world.as('viewer'),
    operator: await world.as('operator'),
    reading: await world.withKey(['config:read']),
    sending: world.sender,
    writing: await world.withKey(['config:write']),
  }
  const statusesOf = async (who: (typeof callers)['viewer']) => [
    (await who.get('/api/routing-rules')).status,
    (await who.get('/api/routing-fallback')).status,
    (await who.post('/api/routing-rules', { ...RULE, name: `by ${Math.random()}` })).status,
    (await who.put('/api/routing-fallback', { destinations: [] })).status,
  ]

  expect(await statusesOf(callers.viewer)).toEqual([200, 200, 403, 403])
  expect(await statusesOf(callers.operator)).toEqual([200, 200, 403, 403])
  expect(await statusesOf(callers.reading)).toEqual([200, 200, 403, 403])
  expect(await statusesOf(callers.sending)).toEqual([403, 403, 403, 403])
  expect((await statusesOf(callers.writing)).slice(2)).toEqual([201, 200])
  expect((await statusesOf(world.anonymous)).slice(0, 3)).toEqual([401, 401, 401])
})
