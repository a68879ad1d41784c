import { describe, expect, test } from 'vitest'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { followFeatures, refreshDirectories } from '../../../server/mentions/refresh-directories.ts'
import { ENGINES } from '../../support/each-store.ts'
import { type EventsWorld, startEventsWorld } from './world.ts'

const EVENT = { type: 'door.open', category: 'security', title: 'Door 3 open' }
const SECURITY = "category == 'security'"

const goesTo = (answer: { body: { deliveries: { destination: string }[] } }) =>
  answer.body.deliveries.map(({ destination }) => destination)
const setType = async (world: EventsWorld, change: object, type = 'door.open') => {
  const answer = await world.admin.patch(`/api/notification-types/${type}`, change)
  if (answer.status !== 200) throw new Error(answer.text)
}
const addRule = async (world: EventsWorld, rule: object) => {
  const answer = await world.admin.post('/api/routing-rules', { name: 'Security', condition: SECURITY, ...rule })
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body.id as string
}

describe.each(ENGINES)('an event without destinations on %s', (engine) => {
  test('is kept though nothing sends it anywhere', async () => {
    await using world = await startEventsWorld({ engine })

    const answer = await world.send('/api/events', EVENT)

    expect(answer).toMatchObject({ status: 202, body: { id: expect.stringMatching(/^evt_/), deliveries: [] } })
    expect([await world.count('events'), await world.count('deliveries')]).toEqual([1, 0])
  })

  test('goes where its type and the matching rules say, from the moment they say so', async () => {
    await using world = await startEventsWorld({ engine })
    const general = await world.destinationAt('#general')
    const { destination } = world

    const before = await world.send('/api/events', EVENT)
    await setType(world, { destinations: [destination] })
    const byType = await world.send('/api/events', EVENT)
    const rule = await addRule(world, { destinations: [general] })
    const byBoth = await world.send('/api/events', EVENT)
    await world.admin.patch(`/api/routing-rules/${rule}`, { enabled: false })
    const after = await world.send('/api/events', EVENT)
    const named = await world.send('/api/events', { ...EVENT, destinations: [general] })

    expect([before, byType, byBoth, after, named].map(goesTo)).toEqual([
      [],
      [destination],
      [destination, general],
      [destination],
      [general],
    ])
    const kept = await world.db.selectFrom('events').select('routingRevision').orderBy('id').execute()
    const snapshots = await world.db.selectFrom('routingSnapshots').select('revision').execute()
    expect(new Set(snapshots.map(({ revision }) => Number(revision)))).toEqual(
      new Set(kept.map(({ routingRevision }) => Number(routingRevision))),
    )
  })

  test('what decided is kept though the first request under it only repeats an older one', async () => {
    await using world = await startEventsWorld({ engine })
    const first = await world.send('/api/events', EVENT, { 'Idempotency-Key': 'door-3' })
    await setType(world, { destinations: [world.destination] })
    await world.admin.get(`/api/events/${first.body.id}/explanation`)

    await world.send('/api/events', EVENT, { 'Idempotency-Key': 'door-3' })
    const second = await world.send('/api/events', EVENT)

    const kept = await world.db
      .selectFrom('events')
      .innerJoin('routingSnapshots', 'routingSnapshots.revision', 'events.routingRevision')
      .select('events.id')
      .orderBy('events.id')
      .execute()
    expect(kept.map(({ id }) => id)).toEqual([first.body.id, second.body.id])
  })

  test('goes to the fallback when nothing sends it anywhere, or only to where nothing arrives', async () => {
    await using world = await startEventsWorld({ engine })
    const fallback = await world.destinationAt('#general')
    const { destination } = world
    await world.admin.put('/api/routing-fallback', { destinations: [fallback] })

    const unrouted = await world.send('/api/events', EVENT)
    await setType(world, { destinations: [destination] })
    const routed = await world.send('/api/events', EVENT)
    await world.db
      .updateTable('destinations')
      .set({ pausedAt: world.clock.now, pausedBy: 'Switchboard', pauseCode: 'is_archived' })
      .where('id', '=', destination)
      .execute()
    const dead = await world.send('/api/events', EVENT)
    const named = await world.send('/api/events', { ...EVENT, destinations: [destination] })

    expect([unrouted, routed, dead, named].map(goesTo)).toEqual([
      [fallback],
      [destination],
      [destination, fallback],
      [destination],
    ])
  })

  test('of a type that is off is kept, and nothing is sent of it, whoever else would send it', async () => {
    await using world = await startEventsWorld({ engine })
    await setType(world, { destinations: [world.destination], enabled: false })
    await addRule(world, { destinations: [world.destination] })
    await world.admin.put('/api/routing-fallback', { destinations: [world.destination] })

    const routed = await world.send('/api/events', EVENT)
    const named = await world.send('/api/events', { ...EVENT, destinations: [world.destination] })

    expect([routed.status, named.status]).toEqual([202, 202])
    expect([await world.count('events'), await world.count('deliveries')]).toEqual([2, 0])
  })

  test('reaches its recipient in their own Slack, and one who is not found keeps nothing else from going out', async () => {
    await using world = await startEventsWorld({ engine })
    const integrationId = world.integration.id
    const email = (await world.slack.people()).find((person) => person.email)?.email
    await setType(world, { destinations: [{ integrationId, recipient: true }, world.destination] })

    const found = await world.send('/api/events', { ...EVENT, recipient: email })
    const again = await world.send('/api/events', { ...EVENT, recipient: email })
    const unknown = await world.send('/api/events', { ...EVENT, recipient: 'nobody@acme.example' })
    const none = await world.send('/api/events', EVENT)

    expect(found.body.deliveries).toHaveLength(2)
    expect(goesTo(again)).toEqual(goesTo(found))
    expect([goesTo(unknown), goesTo(none)]).toEqual([[world.destination], [world.destination]])
    const notes = await world.db.selectFrom('events').select('routingNotes').orderBy('id').execute()
    const reasons = notes.map(({ routingNotes }) => JSON.parse(routingNotes ?? '{}').recipients[0].reason)
    expect(reasons).toEqual([
      undefined,
      undefined,
      expect.stringContaining('Nobody'),
      expect.stringContaining('names no'),
    ])
    expect(JSON.stringify(notes)).not.toContain('nobody@')
  })

  test('looks as its type says: emoji, mentions, priority, thread and update in place', async () => {
    await using world = await startEventsWorld({ engine })
    await setType(world, {
      destinations: [world.destination],
      emoji: ':rotating_light:',
      mentions: ['<!channel> & co'],
      priority: 'urgent',
      threading: { enabled: true, by: 'door', broadcast: true },
      updateBy: 'data.alert',
    })

    await world.send('/api/events', { ...EVENT, data: { door: 3, alert: 'a1' } })
    await deliverDue(world.ctx)

    const row = await world.db.selectFrom('deliveries').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({
      priority: 'urgent',
      threadKey: 'door.open door 3',
      updateKey: 'door.open data.alert a1',
      broadcast: 1,
      title: 'Door 3 open',
    })
    const [message] = await world.slack.allMessages()
    expect(message?.text).toContain(':rotating_light: Door 3 open')
    expect(message?.text).toContain('&lt;!channel&gt; &amp; co')
    expect(JSON.parse(row.message).blocks[0].text.text).toBe(':rotating_light: *Door 3 open*')
  })

  test('says in Slack only what its type allows', async () => {
    await using world = await startEventsWorld({ engine })
    await setType(world, { destinations: [world.destination], allowedFields: ['title', 'url'] })

    const { body } = await world.send('/api/events', {
      ...EVENT,
      category: 'SECRET-1',
      severity: 'SECRET-2',
      text: 'SECRET-3',
      recipient: 'SECRET-4',
      threadKey: 'SECRET-5',
      updateKey: 'SECRET-6',
      dedupeKey: 'SECRET-7',
      url: 'https://example.com/3',
      data: { secret: 'SECRET-8' },
    })
    await deliverDue(world.ctx)

    const [message] = await world.slack.allMessages()
    expect(message?.text).toBe('Door 3 open\n<https://example.com/3>')
    for (const table of ['deliveries', 'attempts'] as const) {
      expect(JSON.stringify(await world.db.selectFrom(table).selectAll().execute())).not.toContain('SECRET')
    }
    // A hash of it would do to guess a short secret.
    const shown = await world.admin.get(`/api/deliveries/${body.deliveries[0].id}`)
    expect(shown.status).toBe(200)
    for (const key of ['threadKey', 'updateKey', 'dedupeKey']) expect(shown.body).not.toHaveProperty(key)
  })
})

test('a change of the rules while events come in: each is decided by what held when it was written', async () => {
  await using world = await startEventsWorld()
  const general = await world.destinationAt('#general')
  await setType(world, { destinations: [world.destination] })
  const send = () => world.send('/api/events', EVENT)

  const answers = await Promise.all([
    ...Array.from({ length: 20 }, send),
    setType(world, { destinations: [general] }),
    ...Array.from({ length: 20 }, send),
  ])
  const after = await send()

  const sent = answers.flatMap((answer) => (answer ? [answer] : []))
  expect(sent.map(({ status }) => status)).toEqual(Array(40).fill(202))
  const events = await world.db
    .selectFrom('events')
    .innerJoin('deliveries', 'deliveries.eventId', 'events.id')
    .innerJoin('routingSnapshots', 'routingSnapshots.revision', 'events.routingRevision')
    .select(['deliveries.destinationId', 'routingSnapshots.body'])
    .execute()
  expect(events).toHaveLength(41)
  for (const { destinationId, body } of events) {
    expect(JSON.parse(body).types[0].destinations).toEqual([{ id: destinationId }])
  }
  expect(goesTo(after)).toEqual([general])
})

test('repeats that come while the rules change get the first answer', async () => {
  await using world = await startEventsWorld()
  const send = () => world.send('/api/events', EVENT, { 'idempotency-key': 'one' })

  const answers = await Promise.all([
    send(),
    setType(world, { destinations: [world.destination] }),
    ...Array.from({ length: 20 }, send),
  ])

  const sent = answers.flatMap((answer) => (answer ? [answer] : []))
  expect(new Set(sent.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(await world.count('events')).toBe(1)
})

async function readPeople({ ctx, clock }: EventsWorld): Promise<void> {
  await followFeatures(ctx)
  while ((await refreshDirectories(ctx)) > 0) clock.now += 3_000
}

describe('what a message says by its type', () => {
  test('people and groups are called as their workspace knows them; who is not known stands there as text', async () => {
    await using world = await startEventsWorld()
    await readPeople(world)
    const mentions = ['@compliance-team', '@kim', '@nobody-here', '@here', 'kim@acme.example']
    await setType(world, { destinations: [world.destination], mentions })

    const { body } = await world.send('/api/events', EVENT)

    const row = await world.db.selectFrom('deliveries').select('message').executeTakeFirstOrThrow()
    expect(JSON.parse(row.message).blocks[1].text.text).toBe(
      '<!subteam^S0COMPLTEAM> <@U0KIMPARK01> @nobody-here <!here>',
    )
    const { body: explanation } = await world.admin.get(`/api/events/${body.id}/explanation`)
    expect(explanation.destinations[0].mentions).toEqual([
      { asked: '@compliance-team', became: '<!subteam^S0COMPLTEAM>' },
      { asked: '@kim', became: '<@U0KIMPARK01>' },
      { asked: '@nobody-here' },
      { asked: '@here', became: '<!here>' },
      { asked: 'kim@acme.example', became: '<@U0KIMPARK01>' },
    ])
  })

  test('an e-mail address among mentions is known from the moment that it is saved', async () => {
    await using world = await startEventsWorld()
    await followFeatures(world.ctx)
    await world.slack.ask('POST', '/users', { name: 'newcomer', realName: 'New Comer', email: 'new@acme.example' })
    await addRule(world, { destinations: [world.destination], mentions: ['new@acme.example'] })
    const lookups = (await world.slack.calls('users.lookupByEmail')).length

    await world.send('/api/events', EVENT)

    const row = await world.db.selectFrom('deliveries').select('message').executeTakeFirstOrThrow()
    expect(JSON.parse(row.message).blocks[1].text.text).toMatch(/^<@U\w+>$/)
    expect(lookups).toBe(1)
    expect(await world.slack.calls('users.lookupByEmail')).toHaveLength(1)
  })

  test('a template writes it, with the people it calls itself; a new version holds for the next event', async () => {
    await using world = await startEventsWorld()
    await readPeople(world)
    const put = (text: string) =>
      world.admin.put('/api/templates/door', { source: JSON.stringify({ text }), sample: EVENT })
    expect((await put('{{ type.emoji }} {{ title }} {{ data.owner | mention }} {{ mentions | mention }}')).status).toBe(
      200,
    )
    await setType(world, { destinations: [world.destination], emoji: ':door:', mentions: ['@here'], template: 'door' })

    await world.send('/api/events', { ...EVENT, data: { owner: '@kim' } })
    await put('Now: {{ title }}')
    await world.send('/api/events', EVENT)

    const rows = await world.db.selectFrom('deliveries').select(['message', 'title']).orderBy('id').execute()
    expect(rows.map(({ message }) => JSON.parse(message).text)).toEqual([
      ':door: Door 3 open <@U0KIMPARK01> <!here>',
      'Now: Door 3 open',
    ])
    expect(rows[0]?.title).toBe('Door 3 open')
  })

  test('a template that fails, or is not there, costs the look and not the message, and the page says so', async () => {
    await using world = await startEventsWorld()
    const source = `{"text": "{{ title }} at {{ at | date: '%H:%M', data.zone }}"}`
    const made = await world.admin.put('/api/templates/door', { source, sample: EVENT })
    expect(made.status).toBe(200)
    await setType(world, { destinations: [world.destination], template: 'door' })

    const failed = await world.send('/api/events', { ...EVENT, data: { zone: 'Nowhere' } })
    await world.db.deleteFrom('templateVersions').execute()
    await world.db.deleteFrom('templates').execute()
    await world.admin.patch('/api/notification-types/door.open', { emoji: ':door:' })
    const missing = await world.send('/api/events', EVENT)

    for (const { body } of [failed, missing]) {
      const { body: delivery } = await world.admin.get(`/api/deliveries/${body.deliveries[0].id}`)
      expect(delivery.message.text).toContain('Door 3 open')
      expect(delivery.timeline[1]).toMatchObject({
        tone: 'warn',
        note: expect.stringContaining('not the template door'),
      })
      const { body: explanation } = await world.admin.get(`/api/events/${body.id}/explanation`)
      expect(explanation.destinations[0]).toMatchObject({ template: 'door', templateFailed: expect.any(String) })
    }
  })

  test('a slow template costs the look of the later of many events, and does not hold up all others', async () => {
    await using world = await startEventsWorld()
    const work = "{% assign y = data.x | upcase | replace: 'A', 'BB' | split: 'B' | sort | join: 'c' | truncate: 9 %}"
    const source = `{"text": "Slowly: {{ title }} {% for i in (1..400) %}${work}{% endfor %}"}`
    const made = await world.admin.put('/api/templates/door', { source, sample: EVENT })
    expect(made.status).toBe(200)
    await setType(world, { destinations: [world.destination], template: 'door' })
    const quick = { ...EVENT, data: { x: 'abc' } }
    const heavy = { ...EVENT, data: { x: 'abc '.repeat(1_000) } }

    const { body } = await world.send('/api/events', [quick, ...Array.from({ length: 60 }, () => heavy)])

    const read = async (place: number) =>
      (await world.admin.get(`/api/deliveries/${body.items.at(place).deliveries[0].id}`)).body
    expect((await read(0)).message.text).toContain('Slowly: Door 3 open')
    const last = await read(-1)
    expect(last.message.text).toContain('Door 3 open')
    expect(last.message.text).not.toContain('Slowly')
    expect(last.timeline[1].note).toContain('takes too long for so many events at once')
  })

  test('whom a template calls and nobody answers to is told on the page and in a trial', async () => {
    await using world = await startEventsWorld()
    await readPeople(world)
    const source = '{"text": "{{ title }} {{ data.who | mention }}"}'
    await world.admin.put('/api/templates/door', { source, sample: { ...EVENT, data: { who: '@kim' } } })
    await setType(world, { destinations: [world.destination], template: 'door' })
    const events = ['@ghost', '@ghost', '@kim'].map((who) => ({ ...EVENT, data: { who } }))

    const { body } = await world.send('/api/events', events)
    const notes = []
    for (const { deliveries } of body.items) {
      const { body: delivery } = await world.admin.get(`/api/deliveries/${deliveries[0].id}`)
      notes.push(delivery.timeline[1].note)
    }
    const { body: tried } = await world.admin.post('/api/routing/try', { event: events[0] })

    const told = expect.stringContaining('nobody answers to')
    expect(notes).toEqual([told, told, 'Written by the template door.'])
    expect(tried.messages[0].note).toBe('Nobody answers to @ghost, so it stands there as text.')
  })

  test('a template has no way to what its type does not allow', async () => {
    await using world = await startEventsWorld()
    const text = '{{ title }}|{{ text }}|{{ data.secret }}|{{ data.kept }}|'
    await world.admin.put('/api/templates/door', { source: JSON.stringify({ text }), sample: EVENT })
    await setType(world, { destinations: [world.destination], template: 'door', allowedFields: ['title', 'kept'] })

    await world.send('/api/events', { ...EVENT, text: 'SECRET', data: { secret: 'SECRET', kept: 'kept' } })

    const row = await world.db.selectFrom('deliveries').select('message').executeTakeFirstOrThrow()
    expect(row.message).not.toContain('SECRET')
    expect(JSON.parse(row.message).text).toBe('Door 3 open|||kept|')
  })
})
