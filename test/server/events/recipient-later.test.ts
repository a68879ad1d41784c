import { describe, expect, test } from 'vitest'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { ENGINES } from '../../support/each-store.ts'
import { type EventsWorld, startEventsWorld } from './world.ts'

const EVENT = { type: 'door.open', title: 'Door 3 stands open' }

describe.each(ENGINES)('a recipient while Slack can’t be asked, on %s', (engine) => {
  test.each([
    ['is away', { kind: 'http_503_html' }],
    ['asks to wait', { kind: 'rate_limited', retryAfterSeconds: 20 }],
    ['is out of order', { kind: 'http_500' }],
    ['hangs up', { kind: 'reset' }],
  ])('gets the message once it can: Slack %s', async (_, fault) => {
    await using world = await startRecipientWorld(engine)
    const { email, event } = world
    await world.slack.fault({ method: 'users.lookupByEmail', times: null, ...fault })

    const taken = await world.send('/api/events', event(email))
    const next = await world.send('/api/events', event(email.toUpperCase()))

    expect([taken.status, taken.body.deliveries, next.body.deliveries]).toEqual([
      202,
      [expect.objectContaining({ state: 'pending' })],
      [expect.objectContaining({ destination: taken.body.deliveries[0].destination })],
    ])
    await deliverDue(world.ctx)
    const waiting = await shown(world, taken)
    expect(waiting).toMatchObject({ state: 'retrying', attempts: [{ method: 'users.lookupByEmail' }] })
    expect(JSON.stringify(waiting.timeline)).toContain('Next try')

    await world.slack.clearFaults()
    for (let round = 0; round < 4; round += 1) {
      world.clock.now += 60_000
      await deliverDue(world.ctx)
    }
    const sent = [await shown(world, taken), await shown(world, next)]
    expect(sent.map(({ state }) => state)).toEqual(['delivered', 'delivered'])
    const places = await world.db.selectFrom('destinations').selectAll().where('kind', '=', 'person').execute()
    expect(places).toHaveLength(1)
  })

  test('is one destination with who they turn out to be', async () => {
    await using world = await startRecipientWorld(engine)
    const { email, event } = world
    await world.slack.fault({ method: 'users.lookupByEmail', kind: 'http_503_html', times: null })
    const first = await world.send('/api/events', event(email))
    await world.slack.clearFaults()
    world.clock.now += 60_000

    const second = await world.send('/api/events', event(email))

    expect(second.body.deliveries[0].destination).toBe(first.body.deliveries[0].destination)
    const place = (await world.admin.get(`/api/destinations/${first.body.deliveries[0].destination}`)).body
    expect(place).toMatchObject({
      kind: 'person',
      target: world.memberId,
      name: expect.not.stringContaining('looked up'),
    })
  })

  test('is nobody only when Slack says so, be it later', async () => {
    await using world = await startRecipientWorld(engine)
    const { event } = world

    const nobody = await world.send('/api/events', event('nobody@acme.example'))
    await world.slack.fault({ method: 'users.lookupByEmail', kind: 'http_503_html', times: null })
    const later = await world.send('/api/events', event('nobody.else@acme.example'))
    await world.slack.clearFaults()
    await deliverDue(world.ctx)

    expect([nobody.body.deliveries, later.body.deliveries.length]).toEqual([[], 1])
    expect(await shown(world, later)).toMatchObject({ state: 'failed', code: 'users_not_found' })
  })

  test('waits for a scope that is missing, as other messages do', async () => {
    await using world = await startRecipientWorld(engine)
    await world.slack.fault({ method: 'users.lookupByEmail', kind: 'error', code: 'missing_scope', times: null })

    const taken = await world.send('/api/events', world.event(world.email))
    await deliverDue(world.ctx)

    expect(await shown(world, taken)).toMatchObject({ state: 'held', code: 'missing_scope' })
  })

  test('has an address that nobody reads anywhere', async () => {
    await using world = await startRecipientWorld(engine)
    await world.admin.patch('/api/notification-types/door.open', { allowedFields: ['title'] })
    await world.slack.fault({ method: 'users.lookupByEmail', kind: 'http_503_html', times: null })

    const taken = await world.send('/api/events', world.event(world.email))
    await deliverDue(world.ctx)

    const said = [
      await world.db.selectFrom('destinations').selectAll().execute(),
      await world.db.selectFrom('attempts').selectAll().execute(),
      await world.db.selectFrom('deliveries').selectAll().execute(),
      (await world.admin.get('/api/audit')).body,
      (await world.admin.get('/api/destinations')).body,
      await shown(world, taken),
      (await world.admin.get(`/api/events/${taken.body.id}/explanation`)).body,
    ]
    expect(JSON.stringify(said)).not.toContain(world.email)
  })

  test('asks Slack no more for a while once it could not be asked', async () => {
    await using world = await startRecipientWorld(engine)
    await world.slack.fault({ method: 'users.lookupByEmail', kind: 'http_503_html', times: null })

    await world.send(
      '/api/events',
      [1, 2, 3, 4].map((number) => world.event(`person-${number}@acme.example`)),
    )

    const asked = (await world.slack.calls()).filter(({ method }) => method === 'users.lookupByEmail')
    expect(asked).toHaveLength(1)
    expect(await world.count('deliveries')).toBe(4)
  })

  test('may be named by member ID as well', async () => {
    await using world = await startRecipientWorld(engine)
    await world.slack.fault({ method: 'users.info', kind: 'http_503_html', times: null })

    const taken = await world.send('/api/events', world.event(world.memberId))
    await deliverDue(world.ctx)

    expect(await shown(world, taken)).toMatchObject({ state: 'delivered' })
  })
})

async function startRecipientWorld(engine: EventsWorld['engine']) {
  const world = await startEventsWorld({ engine })
  const person = (await world.slack.people()).find(({ email }) => email && !email.startsWith('ada@'))
  await world.admin.patch('/api/notification-types/door.open', {
    destinations: [{ integrationId: world.integration.id, recipient: true }],
  })
  return {
    ...world,
    email: person?.email ?? '',
    memberId: person?.id ?? '',
    event: (recipient: string) => ({ ...EVENT, recipient }),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the answer has and asserts on it
async function shown(world: EventsWorld, { body }: { body: any }) {
  return (await world.admin.get(`/api/deliveries/${body.deliveries[0].id}`)).body
}
