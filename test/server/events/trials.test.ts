import { describe, expect, test } from 'vitest'
import { type EventsWorld, startEventsWorld } from './world.ts'

const EVENT = { type: 'door.open', category: 'security', title: 'Door 3 open', data: { days: 2 } }
const SECURITY = "category == 'security'"

const tryOut = (world: EventsWorld, body: object) => world.admin.post('/api/routing/try', body)
const ask = (world: EventsWorld, body: object) => world.admin.post('/api/routing/what-if', body)
const outcomes = (answer: {
  body: { explanation: { destinations: { destination: { name: string }; outcome: string; code?: string }[] } }
}) =>
  answer.body.explanation.destinations.map(({ destination, outcome, code }) =>
    [destination.name, outcome, code].filter(Boolean).join(' '),
  )

describe('trying an event', () => {
  test('tells where it would go and what each message would say, and leaves nothing behind', async () => {
    await using world = await startEventsWorld()
    const integrationId = world.integration.id
    await world.admin.patch('/api/notification-types/door.open', {
      destinations: [world.destination, { integrationId, recipient: true }],
      emoji: ':door:',
    })
    const calls = (await world.slack.calls('users.lookupByEmail')).length

    const known = await tryOut(world, { event: { ...EVENT, recipient: 'someone@acme.example' } })
    const nobody = await tryOut(world, { event: EVENT })
    const named = await tryOut(world, { event: { ...EVENT, destinations: [{ integrationId, channel: '#new-one' }] } })

    expect(outcomes(known)).toEqual(['#compliance send', 'The recipient send'])
    expect(outcomes(nobody)).toEqual(['#compliance send', 'The recipient suppress no_recipient'])
    expect(outcomes(named)).toEqual(['#new-one send'])
    expect(known.body.messages).toMatchObject([
      {
        destination: { id: world.destination },
        integrationName: 'Acme production',
        message: { text: ':door: Door 3 open\ndays: 2' },
      },
      { destination: { kind: 'recipient' } },
    ])
    expect([await world.count('events'), await world.count('deliveries')]).toEqual([0, 0])
    expect(await world.slack.calls('users.lookupByEmail')).toHaveLength(calls)
    expect((await world.admin.get('/api/destinations')).body.items).toHaveLength(1)
  })

  test('foresees what holds it, what is dead, and what is gone', async () => {
    await using world = await startEventsWorld()
    const general = await world.destinationAt('#general')
    await world.admin.patch('/api/notification-types/door.open', { destinations: [world.destination] })
    await world.admin.put('/api/routing-fallback', { destinations: [general] })

    await world.admin.post('/api/notification-types/door.open/pause')
    const paused = await tryOut(world, { event: EVENT })
    await world.admin.post('/api/notification-types/door.open/resume')
    await world.db
      .updateTable('destinations')
      .set({ pausedAt: world.clock.now, pausedBy: 'Switchboard', pauseCode: 'is_archived' })
      .where('id', '=', world.destination)
      .execute()
    const dead = await tryOut(world, { event: EVENT })
    await world.admin.delete(`/api/destinations/${world.destination}`)
    const gone = await tryOut(world, { event: EVENT })
    await world.admin.patch('/api/notification-types/door.open', { enabled: false })
    const off = await tryOut(world, { event: EVENT })

    expect(outcomes(paused)).toEqual(['#compliance hold type_paused'])
    expect(outcomes(dead)).toEqual(['#compliance reroute dead_destination', '#general send'])
    expect(outcomes(gone)).toEqual([`${world.destination} (deleted) suppress destination_deleted`, '#general send'])
    expect(off.body).toMatchObject({ messages: [], explanation: { nothing: expect.stringContaining('is off') } })
  })

  test('goes by drafts of a rule, a type and a template, of whoever may save them', async () => {
    await using world = await startEventsWorld()
    const drafts = {
      rule: { name: 'Draft', condition: SECURITY, destinations: [world.destination], priority: 'urgent' },
      type: { emoji: ':door:' },
      template: { source: '{"text": "{{ type.emoji }} {{ title }}"}' },
    }

    const tried = await tryOut(world, { event: EVENT, drafts })
    const broken = await tryOut(world, {
      event: EVENT,
      drafts: { ...drafts, template: { source: '{"text": "{{ title"}' } },
    })
    const unsound = await tryOut(world, { event: EVENT, drafts: { rule: { name: 'x', condition: 'a =' } } })

    expect(tried.body.messages).toMatchObject([{ message: { text: ':door: Door 3 open' } }])
    expect(tried.body.explanation.destinations).toMatchObject([{ priority: 'urgent', because: [{ name: 'Draft' }] }])
    expect(broken.body.messages).toMatchObject([{ note: expect.stringContaining('standard message') }])
    expect(unsound).toMatchObject({ status: 422, body: { error: { field: 'condition' } } })
    for (const who of [await world.as('viewer'), await world.as('operator'), await world.withKey(['config:read'])]) {
      expect((await who.post('/api/routing/try', { event: EVENT })).status).toBe(200)
      expect((await who.post('/api/routing/try', { event: EVENT, drafts })).status).toBe(403)
    }
    expect((await world.sender.post('/api/routing/try', { event: EVENT })).status).toBe(403)
  })

  test('shows no more of an event that came than its type allows, whatever a draft says', async () => {
    await using world = await startEventsWorld()
    await world.admin.patch('/api/notification-types/door.open', {
      destinations: [world.destination],
      allowedFields: ['title'],
    })
    await world.admin.post('/api/routing-rules', { name: 'Text', condition: "text contains 'SECRET' AND days == 7" })
    const secret = { ...EVENT, text: 'SECRET-1', category: 'SECRET-2', data: { days: 7, more: 'SECRET-3' } }
    const { body } = await world.send('/api/events', secret)
    const drafts = {
      type: { allowedFields: null },
      template: { source: '{"text": "{{ title }} {{ text }} {{ data.more }}"}' },
    }

    const plain = await tryOut(world, { eventId: body.id })
    const drafted = await tryOut(world, { eventId: body.id, drafts })
    const keyed = await (await world.withKey(['config:read'])).post('/api/routing/try', { eventId: body.id })

    expect([plain.status, drafted.status, keyed.status]).toEqual([200, 200, 403])
    for (const { text } of [plain, drafted]) expect(text).not.toMatch(/SECRET-\d/)
    expect(drafted.body.messages[0].message.text.trim()).toBe('Door 3 open')
  })

  test.each([
    [{}, 'event'],
    [{ event: EVENT, eventId: 'evt_1' }, 'event'],
    [{ event: { ...EVENT, extra: 1 } }, 'event.extra'],
    [{ event: EVENT, drafts: { rules: [] } }, 'drafts.rules'],
  ])('needs one event: %j', async (body, field) => {
    await using world = await startEventsWorld()

    expect(await tryOut(world, body)).toMatchObject({ status: 422, body: { error: { field } } })
  })
})

describe('what if', () => {
  test('the latest events are decided by the draft, and what would appear and vanish is told', async () => {
    await using world = await startEventsWorld()
    const general = await world.destinationAt('#general')
    const { body: rule } = await world.admin.post('/api/routing-rules', {
      name: 'Security',
      condition: SECURITY,
      destinations: [world.destination],
    })
    await world.send('/api/events', [EVENT, { ...EVENT, category: 'billing' }, { ...EVENT, title: 'Gate' }])

    const moved = await ask(world, {
      rule: { ...EMPTY, id: rule.id, name: 'Security', condition: SECURITY, destinations: [general] },
    })
    const added = await ask(world, {
      rule: { ...EMPTY, name: 'Gate', condition: "title == 'Gate'", mentions: ['@here'], priority: 'urgent' },
    })
    const removed = await ask(world, { removedRule: rule.id })
    const off = await ask(world, { type: { name: 'door.open', change: { enabled: false } } })
    const one = await ask(world, { removedRule: rule.id, events: 1 })

    expect(moved.body).toMatchObject({
      tried: 3,
      matched: 2,
      changed: 2,
      items: Array(2).fill({ appear: [{ name: '#general' }], vanish: [{ name: '#compliance' }], stay: [] }),
    })
    expect(added.body).toMatchObject({
      matched: 1,
      changed: 1,
      items: [
        {
          event: { title: 'Gate' },
          notes: ['Priority urgent instead of normal', 'Calls @here'],
          stay: [{ name: '#compliance' }],
        },
      ],
    })
    expect(removed.body).toMatchObject({
      matched: 2,
      changed: 2,
      items: Array(2).fill({ appear: [], vanish: [{ name: '#compliance' }] }),
    })
    expect(off.body).toMatchObject({
      tried: 3,
      matched: 3,
      changed: 3,
      items: Array(3).fill({ notes: ['Its type would be off'] }),
    })
    expect(one.body).toMatchObject({ tried: 1, changed: 1 })
    expect((await world.admin.get('/api/routing-rules')).body.items).toHaveLength(1)
  })

  test('is for those who may change rules, and tells nothing that a type hides', async () => {
    await using world = await startEventsWorld()
    const { body } = await world.send('/api/events', { ...EVENT, title: 'SECRET-1', text: 'SECRET-2' })
    await world.admin.patch('/api/notification-types/door.open', { allowedFields: ['url'] })
    const draft = { rule: { name: 'x', condition: "text contains 'SECRET'", mentions: ['@here'] } }

    const asked = await ask(world, draft)

    expect(asked.body).toMatchObject({ matched: 1, items: [{ event: { id: body.id, title: 'door.open' } }] })
    expect(asked.text).not.toMatch(/SECRET-\d/)
    for (const who of [await world.as('viewer'), await world.as('operator'), await world.withKey(['config:read'])]) {
      expect((await who.post('/api/routing/what-if', draft)).status).toBe(403)
    }
    for (const wrong of [{}, { ...draft, removedRule: 'rul_1' }, { ...draft, events: 1_001 }]) {
      expect((await ask(world, wrong)).status).toBe(422)
    }
  })
})

const EMPTY = { stop: false, enabled: true }

test('500 events under many rules are taken in one request, and meanwhile others are answered', async () => {
  await using world = await startEventsWorld()
  const now = world.clock.now
  const rules = Array.from({ length: 2_000 }, (_, position) => ({
    id: `rul_${position}`,
    position,
    name: `rule ${position}`,
    condition: `category == 'c${position}' AND title contains 'Door' AND days >= ${position}`,
    disabledAt: null,
    stop: 0,
    destinations: JSON.stringify([{ id: world.destination }]),
    mentions: '[]',
    priority: null,
    updatedAt: now,
    updatedBy: 'a test',
  }))
  for (let from = 0; from < rules.length; from += 500) {
    await world.db
      .insertInto('routingRules')
      .values(rules.slice(from, from + 500))
      .execute()
  }
  await world.db.updateTable('routingState').set({ revision: 1_000 }).execute()
  const events = Array.from({ length: 500 }, (_, place) => ({ ...EVENT, category: `c${place}`, data: { days: place } }))

  const [answer, health] = await Promise.all([world.send('/api/events', events), world.anonymous.get('/healthz')])

  expect(health.status).toBe(200)
  expect(answer.status).toBe(202)
  expect(await world.count('deliveries')).toBe(500)
})

test('a draft decides for no API key about events that it may not read', async () => {
  await using world = await startEventsWorld()
  const draft = { type: { name: 'door.open', change: {} } }
  const statusFor = async (scopes: Parameters<typeof world.withKey>[0]) =>
    (await (await world.withKey(scopes)).post('/api/routing/what-if', draft)).status

  expect(await statusFor(['config:write'])).toBe(403)
  expect(await statusFor(['config:write', 'deliveries:read'])).toBe(200)
})
