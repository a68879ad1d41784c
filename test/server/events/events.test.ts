import { describe, expect, test } from 'vitest'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { ENGINES } from '../../support/each-store.ts'
import { startEventsWorld } from './world.ts'

describe.each(ENGINES)('POST /api/events on %s', (engine) => {
  test('an event is kept with its delivery, and Slack gets what it says', async () => {
    await using world = await startEventsWorld({ engine })
    const event = {
      type: 'compliance.violation',
      category: 'compliance',
      severity: 'high',
      title: 'Door <3> open & unlocked',
      text: 'Since *10 minutes*',
      url: 'https://example.com/doors/3',
      destinations: [world.destination],
    }

    const answer = await world.send('/api/events', event)

    expect(answer).toMatchObject({
      status: 202,
      body: {
        id: expect.stringMatching(/^evt_/),
        deliveries: [{ id: expect.stringMatching(/^dlv_/), destination: world.destination, state: 'pending' }],
      },
    })
    await deliverDue(world.ctx)
    const [message] = await world.slack.allMessages()
    expect(message).toMatchObject({ text: expect.stringContaining('Door &lt;3&gt; open &amp; unlocked') })
    const saved = await world.db.selectFrom('events').selectAll().executeTakeFirstOrThrow()
    expect(JSON.parse(saved.body)).toEqual(event)
    expect(saved).toMatchObject({
      id: answer.body.id,
      type: 'compliance.violation',
      source: expect.stringMatching(/^key_/),
    })
  })

  test('a list of events is taken as a whole, each with its own answer in its order', async () => {
    await using world = await startEventsWorld({ engine })
    const other = await world.destinationAt('#general')
    const events = Array.from({ length: 100 }, (_, place) => ({
      type: 'load.changed',
      title: `Event ${place}`,
      destinations: place % 2 ? [world.destination] : [other, world.destination],
    }))

    const answer = await world.send('/api/events', events)

    expect(answer.status).toBe(202)
    expect(answer.body.items).toHaveLength(100)
    expect(answer.body.items[0].deliveries.map((each: { destination: string }) => each.destination)).toEqual([
      other,
      world.destination,
    ])
    expect([await world.count('events'), await world.count('deliveries')]).toEqual([100, 150])
  })

  test('of a list with one wrong event nothing is kept, and its place is named', async () => {
    await using world = await startEventsWorld({ engine })
    const good = { type: 'load.changed', title: 'Fine', destinations: [world.destination] }

    const wrongField = await world.send('/api/events', [good, { ...good, priority: 'soon' }])
    const unknown = await world.send('/api/events', [good, good, good, { ...good, destinations: ['dst_none'] }])
    const empty = await world.send('/api/events', [])

    expect(wrongField).toMatchObject({ status: 422, body: { error: { code: 'invalid', field: '1.priority' } } })
    expect(unknown).toMatchObject({ status: 422, body: { error: { field: '3.destinations.0' } } })
    expect(empty.status).toBe(422)
    expect([await world.count('events'), await world.count('deliveries')]).toEqual([0, 0])
  })

  test('a request that comes again gets the first answer, and changes nothing', async () => {
    await using world = await startEventsWorld({ engine })
    const event = { type: 'door.open', title: 'Door', destinations: [world.destination] }
    const key = { 'idempotency-key': 'door 3, 10:00' }

    const first = await world.send('/api/events', event, key)
    const again = await world.send('/api/events', event, key)
    const other = await world.send('/api/events', { ...event, title: 'Another door' }, key)

    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(again).toMatchObject({ status: 202, text: first.text })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'conflict', field: 'Idempotency-Key' } } })
    expect(await world.count('events')).toBe(1)
  })

  test('twenty repeats at once make one event, and all get its id', async () => {
    await using world = await startEventsWorld({ engine })
    const event = { type: 'door.open', title: 'Door', destinations: [world.destination] }

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => world.send('/api/events', event, { 'idempotency-key': 'one' })),
    )

    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed')).length).toBe(19)
    expect([await world.count('events'), await world.count('deliveries')]).toEqual([1, 1])
  })

  test('the same key means another request when another source sends it, and none when it was refused', async () => {
    await using world = await startEventsWorld({ engine })
    const key = { 'idempotency-key': 'one' }
    const event = { type: 'door.open', title: 'Door', destinations: [world.destination] }

    const refused = await world.send('/api/events', { ...event, destinations: ['dst_none'] }, key)
    const mine = await world.send('/api/events', event, key)
    const theirs = await world.send('/api/events', event, key, await world.withKey(['events:write']))

    expect([refused.status, mine.status, theirs.status]).toEqual([422, 202, 202])
    expect(mine.body.id).not.toBe(theirs.body.id)
  })

  test('what was said to a destination a short time before is suppressed, and said again after its window', async () => {
    await using world = await startEventsWorld({ engine })
    await world.admin.patch('/api/notification-types/door.open', { dedupeWindow: 60 })
    const other = await world.destinationAt('#general')
    const event = { type: 'door.open', title: 'Door', dedupeKey: 'door 3', destinations: [world.destination] }

    const first = await world.send('/api/events', event)
    const twice = await world.send('/api/events', [event, { ...event, destinations: [world.destination, other] }])
    world.clock.now += 60_001
    const later = await world.send('/api/events', event)

    const states = (answer: typeof first) =>
      (answer.body.items ?? [answer.body]).flatMap((item: { deliveries: { state: string }[] }) =>
        item.deliveries.map(({ state }) => state),
      )
    expect(states(first)).toEqual(['pending'])
    expect(states(twice)).toEqual(['suppressed', 'suppressed', 'pending'])
    expect(states(later)).toEqual(['pending'])
    const suppressed = await world.admin.get('/api/deliveries?state=suppressed')
    expect(suppressed.body.items).toHaveLength(2)
    expect(suppressed.body.items[0]).toMatchObject({ code: 'duplicate', state: 'suppressed' })
    const row = await world.db
      .selectFrom('deliveries')
      .selectAll()
      .where('state', '=', 'suppressed')
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ duplicateOf: first.body.deliveries[0].id, rank: null, endedAt: expect.any(Number) })
  })

  test('a repeat of what a later change stands for is suppressed: it would put the older words back', async () => {
    await using world = await startEventsWorld({ engine })
    const say = async (title: string) =>
      world.send('/api/events', {
        ...{ type: 'deploy', title, updateKey: 'deploy 7', dedupeKey: title },
        destinations: [world.destination],
      })
    await say('Queued')
    await deliverDue(world.ctx)
    await say('Half done')
    await say('Done')
    while ((await deliverDue(world.ctx)) > 0) world.clock.now += 2_000

    const repeat = await say('Half done')
    while ((await deliverDue(world.ctx)) > 0) world.clock.now += 2_000

    expect(repeat.body.deliveries[0].state).toBe('suppressed')
    expect(await world.slack.allMessages()).toMatchObject([{ text: expect.stringContaining('Done') }])
  })

  test('an event about a token that leaked is taken, whatever its title begins with', async () => {
    await using world = await startEventsWorld({ engine })
    const event = { type: 'leak', title: 'xoxb-1234 was found in a log', destinations: [world.destination] }

    expect((await world.send('/api/events', event)).status).toBe(202)
  })

  test('an event of a paused type waits out of line until its type goes on', async () => {
    await using world = await startEventsWorld({ engine })
    await world.admin.post('/api/notification-types/door.open/pause')

    const answer = await world.send('/api/events', {
      type: 'door.open',
      title: 'Door',
      destinations: [world.destination],
    })
    expect(answer.body.deliveries[0].state).toBe('held')
    expect(await deliverDue(world.ctx)).toBe(0)

    await world.admin.post('/api/notification-types/door.open/resume')
    await deliverDue(world.ctx)
    const delivery = await world.admin.get(`/api/deliveries/${answer.body.deliveries[0].id}`)
    expect(delivery.body).toMatchObject({ state: 'delivered' })
  })

  test('an event for a line that is stopped is held, with the reason and its place', async () => {
    await using world = await startEventsWorld({ engine })
    const event = { type: 'door.open', title: 'Door', destinations: [world.destination] }
    await world.send('/api/events', event)
    await world.db
      .updateTable('lanes')
      .set({ stoppedCode: 'destination_paused', stoppedAt: world.clock.now })
      .where('destinationId', '=', world.destination)
      .execute()

    const answer = await world.send('/api/events', event)

    expect(answer.body.deliveries[0].state).toBe('held')
    const row = await world.db
      .selectFrom('deliveries')
      .selectAll()
      .where('id', '=', answer.body.deliveries[0].id)
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ state: 'held', code: 'destination_paused', rank: 1 })
  })

  test('what the type says goes along with each delivery', async () => {
    await using world = await startEventsWorld({ engine })
    await world.admin.patch('/api/notification-types/door.open', {
      policy: 'at_most_once',
      maxAttempts: 3,
      nextAttemptDelay: 2.5,
      foldAfter: 50,
      updateTrail: true,
    })

    await world.send('/api/events', {
      type: 'door.open',
      recipient: 'ada@acme.example',
      threadKey: 'door 3',
      updateKey: 'door 3 now',
      priority: 'urgent',
      destinations: [world.destination],
    })

    expect(await world.db.selectFrom('deliveries').selectAll().executeTakeFirstOrThrow()).toMatchObject({
      policy: 'at_most_once',
      maxAttempts: 3,
      nextAttemptDelayMs: 2_500,
      foldAfter: 50,
      updateTrail: 1,
      recipient: 'ada@acme.example',
      threadKey: 'door 3',
      updateKey: 'door 3 now',
      priority: 'urgent',
      rank: 0,
      title: 'door.open',
      origin: 'event',
    })
  })

  test('a channel or a person becomes a destination once, however many name it at the same time', async () => {
    await using world = await startEventsWorld({ engine })
    const people = await world.slack.people()
    const email = people.find((person) => person.email)?.email
    const integrationId = world.integration.id
    const events = Array.from({ length: 10 }, (_, place) => ({
      type: 'door.open',
      title: `Door ${place}`,
      destinations: [
        { integrationId, channel: '#general' },
        { integrationId, person: email },
      ],
    }))

    const answers = await Promise.all(events.map((event) => world.send('/api/events', event)))

    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202))
    const used = new Set(
      answers.flatMap(({ body }) => body.deliveries.map(({ destination }: { destination: string }) => destination)),
    )
    expect(used.size).toBe(2)
    const unknown = await world.send('/api/events', { ...events[0], destinations: [{ integrationId, channel: '#no' }] })
    expect(unknown).toMatchObject({ status: 422, body: { error: { field: 'destinations.0.channel' } } })
    const nowhere = await world.send('/api/events', {
      ...events[0],
      destinations: [{ integrationId: 'int_none', channel: '#general' }],
    })
    expect(nowhere).toMatchObject({ status: 422, body: { error: { field: 'destinations.0.integrationId' } } })
  })
})
