import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DecidedDestination, Explanation } from '../../../shared/routing-rules.ts'
import { ENGINES } from '../../support/each-store.ts'
import { type EventsWorld, startEventsWorld } from './world.ts'

const EVENT = { type: 'door.open', category: 'security', title: 'Door 3 open', data: { days: 2, owner: 'Ada' } }

const explain = async (world: EventsWorld, id: string): Promise<Explanation> => {
  const answer = await world.admin.get(`/api/events/${id}/explanation`)
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.body
}
const setType = async (world: EventsWorld, change: object, type = 'door.open') => {
  const answer = await world.admin.put(`/api/notification-types/${type}`, change)
  if (answer.status !== 200) throw new Error(answer.text)
}
const addRule = async (world: EventsWorld, name: string, condition: string, rule: object = {}) => {
  const answer = await world.admin.post('/api/routing-rules', { name, condition, ...rule })
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body.id as string
}
const outcomes = ({ destinations }: Explanation) =>
  destinations.map(({ destination, outcome, code }) => [destination.name, outcome, ...(code ? [code] : [])])

describe.each(ENGINES)('the explanation of an event on %s', (engine) => {
  test('tells each rule that was tried, each part with what it saw, and what each added', async () => {
    await using world = await startEventsWorld({ engine })
    const general = await world.destinationAt('#general')
    await setType(world, { destinations: [world.destination], mentions: ['@here'] })
    await addRule(world, 'billing', "category == 'billing'", { destinations: [general] })
    await addRule(world, 'soon', "category == 'security' AND days <= 3", {
      destinations: [general, world.destination],
      priority: 'urgent',
      stop: true,
    })
    await addRule(world, 'late', 'true', { destinations: [general] })

    const { body } = await world.send('/api/events', EVENT)
    const explanation = await explain(world, body.id)

    expect(explanation).toMatchObject({ eventId: body.id, type: { name: 'door.open', outcome: 'applied' } })
    expect(explanation.nothing).toBeUndefined()
    expect(explanation.rules.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['billing', 'not_matched'],
      ['soon', 'matched'],
      ['late', 'after_stop'],
    ])
    expect(explanation.rules[1]?.parts).toEqual([
      { start: 0, end: 22, outcome: 'true', saw: 'security' },
      { start: 27, end: 36, outcome: 'true', saw: 2 },
    ])
    expect(explanation.destinations).toMatchObject([
      {
        destination: { id: world.destination, name: '#compliance' },
        because: [{ kind: 'type' }, { kind: 'rule', name: 'soon' }],
        priority: 'urgent',
        mentions: [{ asked: '@here', became: '<!here>' }],
        outcome: 'send',
        delivery: { id: body.deliveries[0].id, state: 'pending' },
      },
      { destination: { id: general }, because: [{ kind: 'rule', name: 'soon' }], outcome: 'send' },
    ])
  })

  test('stays what it was when the rules change later', async () => {
    await using world = await startEventsWorld({ engine })
    const rule = await addRule(world, 'all', 'true', { destinations: [world.destination] })
    const { body } = await world.send('/api/events', EVENT)
    const before = await explain(world, body.id)

    await world.admin.delete(`/api/routing-rules/${rule}`)
    await setType(world, { enabled: false })
    await world.send('/api/events', EVENT)

    expect(await explain(world, body.id)).toEqual(before)
  })

  test('says that it can’t tell any more when what held then is no longer kept', async () => {
    await using world = await startEventsWorld({ engine })
    await setType(world, { destinations: [world.destination], mentions: ['@here'] })
    const went = await world.send('/api/events', EVENT)
    const named = await world.send('/api/events', { ...EVENT, destinations: [world.destination] })
    await setType(world, { destinations: [], mentions: [] })
    const nowhere = await world.send('/api/events', EVENT)
    await setType(world, { destinations: [world.destination] })
    await world.send('/api/events', EVENT)

    await world.db.deleteFrom('routingSnapshots').execute()
    const [of, ofNamed, ofNone] = [
      await explain(world, went.body.id),
      await explain(world, named.body.id),
      await explain(world, nowhere.body.id),
    ]

    expect([of, ofNamed, ofNone].map(({ type }) => type.outcome)).toEqual(['not_known', 'not_known', 'not_known'])
    expect(of.destinations).toMatchObject([{ because: [{ kind: 'not_known' }], outcome: 'send' }])
    expect(ofNamed.destinations).toMatchObject([{ because: [{ kind: 'event' }], outcome: 'send' }])
    expect(ofNone).toMatchObject({ destinations: [], nothing: expect.stringContaining('no longer kept') })
    const { timeline } = (await world.admin.get(`/api/deliveries/${went.body.deliveries[0].id}`)).body
    expect(timeline[1]).toMatchObject({ title: 'Sent here', note: expect.stringContaining('no longer kept') })
  })

  test('names one cause for each place that gets nothing, and why all is nothing', async () => {
    await using world = await startEventsWorld({ engine })
    const integrationId = world.integration.id
    const gone = await world.destinationAt('#general')

    const unknown = await world.send('/api/events', EVENT)
    await setType(world, {
      destinations: [gone, { integrationId, recipient: true }, world.destination],
      dedupeWindow: 60,
    })
    await world.admin.delete(`/api/destinations/${gone}`)
    const first = await world.send('/api/events', { ...EVENT, dedupeKey: 'one' })
    const twice = await world.send('/api/events', { ...EVENT, dedupeKey: 'one' })
    await setType(world, { destinations: [world.destination], enabled: false })
    const off = await world.send('/api/events', EVENT)
    const offNamed = await world.send('/api/events', { ...EVENT, destinations: [world.destination] })

    expect(await explain(world, unknown.body.id)).toMatchObject({
      type: { outcome: 'unknown' },
      destinations: [],
      nothing: expect.stringContaining('No notification type is called door.open'),
    })
    expect(outcomes(await explain(world, first.body.id))).toEqual([
      [`${gone} (deleted)`, 'suppress', 'destination_deleted'],
      ['The recipient', 'suppress', 'no_recipient'],
      ['#compliance', 'send'],
    ])
    const repeated = await explain(world, twice.body.id)
    expect(outcomes(repeated).at(-1)).toEqual(['#compliance', 'suppress', 'duplicate'])
    expect(repeated.nothing).toContain('each says why')
    for (const answer of [off, offNamed]) {
      const explanation = await explain(world, answer.body.id)
      expect(outcomes(explanation)).toEqual([['#compliance', 'suppress', 'type_off']])
      expect(explanation).toMatchObject({ type: { outcome: 'off' }, nothing: expect.stringContaining('is off') })
    }
  })

  test('tells what is held and until when, and where the fallback stepped in', async () => {
    await using world = await startEventsWorld({ engine })
    const general = await world.destinationAt('#general')
    await setType(world, { destinations: [world.destination] })
    await world.admin.put('/api/routing-fallback', { destinations: [general] })
    const until = new Date(world.clock.now + 3_600_000).toISOString()
    const mute = { scope: { kind: 'type', type: 'door.open' }, until, reason: 'Works on the door' }
    const muted = await world.admin.post('/api/mutes', mute)
    expect(muted.status).toBe(201)

    const held = await world.send('/api/events', EVENT)
    await world.db
      .updateTable('destinations')
      .set({ pausedAt: world.clock.now, pausedBy: 'Switchboard', pauseCode: 'is_archived' })
      .where('id', '=', world.destination)
      .execute()
    const rerouted = await world.send('/api/events', { ...EVENT, type: 'door.shut', destinations: undefined })
    await setType(world, { destinations: [world.destination] }, 'door.shut')
    const dead = await world.send('/api/events', { ...EVENT, type: 'door.shut' })

    expect((await explain(world, held.body.id)).destinations).toMatchObject([
      { outcome: 'hold', code: 'muted', until, delivery: { state: 'held' } },
    ])
    expect(outcomes(await explain(world, rerouted.body.id))).toEqual([['#general', 'send']])
    const explanation = await explain(world, dead.body.id)
    expect(outcomes(explanation)).toEqual([
      ['#compliance', 'reroute', 'dead_destination'],
      ['#general', 'send'],
    ])
    expect(explanation.destinations[1]?.because).toEqual([{ kind: 'fallback', name: '' }])
  })

  test('is the same as what was really delivered, whatever the types, rules and events', async () => {
    await using world = await startEventsWorld({ engine })
    const places = [
      world.destination,
      await world.destinationAt('#general'),
      await world.destinationAt('#security-alerts'),
    ]
    const somewhere = fc.subarray(places)
    const condition = fc.constantFrom(
      'true',
      "category == 'security'",
      'days <= 3',
      'NOT days > 1',
      "title contains 'Door' OR severity exists",
      "data.owner in ['Ada', 'Kim']",
    )
    const rule = fc.record({ condition, destinations: somewhere, stop: fc.boolean(), enabled: fc.boolean() })
    const event = fc.record(
      {
        category: fc.constantFrom('security', 'billing'),
        severity: fc.constantFrom('high', 'low'),
        title: fc.constantFrom('Door 3', 'Gate'),
        data: fc.record({ days: fc.integer({ min: 0, max: 5 }), owner: fc.constantFrom('Ada', 'Bo') }),
        dedupeKey: fc.constantFrom('a', 'b'),
        destinations: fc.subarray(places, { minLength: 1 }),
        recipient: fc.constantFrom('nobody@acme.example'),
      },
      { requiredKeys: [] },
    )
    const type = fc.record({ destinations: somewhere, enabled: fc.boolean(), dedupeWindow: fc.constantFrom(0, 60) })

    await fc.assert(
      fc.asyncProperty(
        type,
        fc.array(rule, { maxLength: 4 }),
        somewhere,
        fc.array(event, { minLength: 1, maxLength: 4 }),
        async (type, rules, fallback, events) => {
          await world.db.deleteFrom('routingRules').execute()
          await setType(world, type)
          await world.admin.put('/api/routing-fallback', { destinations: fallback })
          for (const [place, each] of rules.entries()) await addRule(world, `rule ${place}`, each.condition, each)

          const { body } = await world.send(
            '/api/events',
            events.map((each) => ({ type: 'door.open', ...each })),
          )

          for (const { id, deliveries } of body.items) {
            const { destinations, nothing } = await explain(world, id)
            const told = destinations.flatMap(({ delivery }) => delivery ?? [])
            expect(told.map((each) => each.id).sort()).toEqual(deliveries.map((each: { id: string }) => each.id).sort())
            expect(new Set(destinations.map(({ destination }) => destination.id)).size).toBe(destinations.length)
            for (const each of destinations) expect(hasOneCause(each)).toBe(true)
            const isSuppressed = deliveries.every((each: { state: string }) => each.state === 'suppressed')
            expect(nothing !== undefined).toBe(isSuppressed)
          }
        },
      ),
      { numRuns: 12 },
    )
  })
})

/** What is sent has none; everything else has a code and its words. */
function hasOneCause({ outcome, code, reason }: DecidedDestination): boolean {
  return outcome === 'send' ? code === undefined && reason === undefined : Boolean(code && reason)
}

describe('what a type does not allow to be shown', () => {
  const SECRETS = {
    category: 'SECRET-1',
    severity: 'SECRET-2',
    text: 'SECRET-3',
    recipient: 'SECRET-4',
    threadKey: 'SECRET-5',
    updateKey: 'SECRET-6',
    dedupeKey: 'SECRET-7',
    data: { secret: 'SECRET-8', list: ['SECRET-9'], days: 2 },
  }

  test('is in no answer about the event and its deliveries', async () => {
    await using world = await startEventsWorld()
    const integrationId = world.integration.id
    await setType(world, {
      destinations: [world.destination, { integrationId, recipient: true }],
      allowedFields: ['title', 'data.days'],
      threading: { enabled: true, by: 'secret' },
    })
    const fields = ['category', 'severity', 'text', 'recipient', 'threadKey', 'data.secret']
    for (const [place, field] of fields.entries()) await addRule(world, `rule ${place}`, `${field} contains 'SECRET'`)
    await addRule(world, 'list', "list contains 'SECRET-9' AND days == 2")
    const { body } = await world.send('/api/events', { type: 'door.open', title: 'Door', ...SECRETS })
    const delivery = body.deliveries[0].id

    const answers = await Promise.all(
      [
        '/api/events',
        '/api/events?type=door.open',
        `/api/events/${body.id}`,
        `/api/events/${body.id}/explanation`,
        `/api/deliveries/${delivery}`,
        '/api/deliveries',
        '/api/deliveries/export?format=jsonl',
        '/api/audit',
      ].map((path) => world.admin.get(path)),
    )

    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
    // The rules themselves say SECRET, as an admin wrote them; what is looked for is what the event said.
    for (const { text } of answers) expect(text.replaceAll("'SECRET-9'", '')).not.toMatch(/SECRET-\d/)
    const explanation: Explanation = answers[3]?.body
    expect(explanation.rules.slice(0, 6).map(({ parts }) => parts[0])).toMatchObject(
      Array(6).fill({ outcome: 'true', withheld: true }),
    )
    expect(explanation.rules[6]?.parts).toMatchObject([{ withheld: true }, { saw: 2 }])
    expect(answers[2]?.body).toMatchObject({
      event: { type: 'door.open', title: 'Door', data: { days: 2 } },
      withheld: expect.arrayContaining(['category', 'text', 'recipient', 'data']),
    })
  })

  test('is shown to nobody any more once its type says so', async () => {
    await using world = await startEventsWorld()
    const { body } = await world.send('/api/events', { ...EVENT, destinations: [world.destination] })
    expect((await world.admin.get(`/api/events/${body.id}`)).body.event.data).toEqual(EVENT.data)

    await setType(world, { allowedFields: ['title'] })

    const after = await world.admin.get(`/api/events/${body.id}`)
    expect(after.body.event).toEqual({ type: 'door.open', title: 'Door 3 open' })
  })
})

test('accepted events are listed by type, newest first, page by page', async () => {
  await using world = await startEventsWorld()
  for (const title of ['one', 'two', 'three']) await world.send('/api/events', { type: 'a', title })
  await world.send('/api/events', { type: 'b', text: 'first line\nsecond' })

  const all = await world.admin.get('/api/events')
  const first = await world.admin.get('/api/events?type=a&limit=2')
  const second = await world.admin.get(`/api/events?type=a&limit=2&cursor=${first.body.next}`)

  const titles = (answer: typeof all) => answer.body.items.map(({ title }: { title: string }) => title)
  expect([titles(all), titles(first), titles(second)]).toEqual([
    ['first line', 'three', 'two', 'one'],
    ['three', 'two'],
    ['one'],
  ])
  expect(second.body.next).toBeUndefined()
})

test('the time line of a delivery tells what sent it there', async () => {
  await using world = await startEventsWorld()
  await addRule(world, 'soon', 'days <= 3', { destinations: [world.destination] })
  const { body } = await world.send('/api/events', EVENT)

  const { body: delivery } = await world.admin.get(`/api/deliveries/${body.deliveries[0].id}`)

  expect(delivery.timeline[1]).toMatchObject({
    title: 'Sent here by the rule soon',
    note: 'soon: days <= 3 (was 2).',
  })
  await world.db.deleteFrom('events').execute()
  expect((await world.admin.get(`/api/deliveries/${delivery.id}`)).body.timeline).toHaveLength(
    delivery.timeline.length - 1,
  )
})

test('a viewer and a reading key see events; a sending key does not, and neither sees what is not there', async () => {
  await using world = await startEventsWorld()
  const { body } = await world.send('/api/events', EVENT)
  const paths = ['/api/events', `/api/events/${body.id}`, `/api/events/${body.id}/explanation`]
  const statusesOf = async (who: { get: (path: string) => Promise<{ status: number }> }) =>
    Promise.all(paths.map(async (path) => (await who.get(path)).status))

  expect(await statusesOf(await world.as('viewer'))).toEqual([200, 200, 200])
  expect(await statusesOf(await world.withKey(['deliveries:read']))).toEqual([200, 200, 200])
  expect(await statusesOf(world.sender)).toEqual([403, 403, 403])
  expect(await statusesOf(world.anonymous)).toEqual([401, 401, 401])
  expect((await world.admin.get('/api/events/evt_none')).status).toBe(404)
  expect((await world.admin.get('/api/events/evt_none/explanation')).status).toBe(404)
})
