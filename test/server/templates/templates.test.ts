import { describe, expect, test } from 'vitest'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import type { TemplateChange } from '../../../shared/templates.ts'
import { ENGINES } from '../../support/each-store.ts'
import type { Caller } from '../../support/world.ts'
import { startEventsWorld } from '../events/world.ts'

const PATH = '/api/templates/alert'
const source = (words: string) => `{"text": "${words}: {{ title | default: type.name | truncate: 200 }}"}`
const change = (words: string, more: Partial<TemplateChange> = {}): TemplateChange => ({
  source: source(words),
  sample: { type: 'door.open', title: 'Door 3' },
  ...more,
})

describe.each(ENGINES)('/api/templates on %s', (engine) => {
  test('every change is a version that says who and when; the same again is none', async () => {
    await using world = await startEventsWorld({ engine })

    const made = await world.admin.put(PATH, change('Alert', { description: 'For doors', basedOn: 0 }))
    await world.admin.put(PATH, change('Alarm', { note: 'A stronger word', basedOn: 1 }))
    const again = await world.admin.put(PATH, change('Alarm', { basedOn: 2 }))

    const by = { updatedAt: expect.any(String), updatedBy: 'Ada Ferrer' }
    expect(made.body).toEqual({
      name: 'alert',
      description: 'For doors',
      version: 1,
      ...by,
      usedBy: [],
      source: source('Alert'),
      sample: { type: 'door.open', title: 'Door 3' },
      cases: [],
      warnings: [],
      failing: [],
    })
    expect(again.body).toMatchObject({ version: 2, description: 'For doors' })
    const versions = await world.admin.get(`${PATH}/versions`)
    expect(versions.body.items).toMatchObject([
      { number: 2, note: 'A stronger word', by: 'Ada Ferrer' },
      { number: 1, source: source('Alert') },
    ])
    expect((await world.admin.get(`${PATH}/versions/1`)).body).toEqual(versions.body.items[1])
    expect((await world.admin.get('/api/templates')).body.items).toMatchObject([{ name: 'alert', version: 2 }])
    expect((await world.admin.get('/api/audit?action=template')).body.items).toHaveLength(2)
  })

  test('of two who edit the same version, the second is told who was first', async () => {
    await using world = await startEventsWorld({ engine })
    await world.admin.put(PATH, change('One'))

    const answers = await Promise.all([
      world.admin.put(PATH, change('Two', { basedOn: 1 })),
      world.admin.put(PATH, change('Three', { basedOn: 1 })),
    ])

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const { error } = answers.find(({ status }) => status === 409)?.body ?? {}
    expect(error).toMatchObject({ code: 'conflict', field: 'basedOn' })
    expect(error.message).toContain('Ada Ferrer has changed alert meanwhile: it is at version 2')
    expect((await world.admin.get(`${PATH}/versions`)).body.items).toHaveLength(2)
  })

  test('a roll-back is a new version that says what the old one said', async () => {
    await using world = await startEventsWorld({ engine })
    await world.admin.put(PATH, change('One'))
    await world.admin.put(PATH, change('Two'))

    const back = await world.admin.post(`${PATH}/rollback`, { to: 1, basedOn: 2 })
    const toItself = await world.admin.post(`${PATH}/rollback`, { to: 3 })
    const toNone = await world.admin.post(`${PATH}/rollback`, { to: 9 })

    expect(back.body).toMatchObject({ version: 3, source: source('One') })
    expect((await world.admin.get(`${PATH}/versions/3`)).body.note).toBe('Back to version 1')
    expect([toItself.status, toNone.status]).toEqual([409, 404])
  })

  test('what a type uses is not deleted; the refusal says which', async () => {
    await using world = await startEventsWorld({ engine })
    await world.admin.put(PATH, change('One'))
    for (const type of ['b', 'a']) await world.admin.patch(`/api/notification-types/${type}`, { template: 'alert' })

    const refused = await world.admin.delete(PATH)
    const shown = await world.admin.get(PATH)
    for (const type of ['b', 'a']) await world.admin.patch(`/api/notification-types/${type}`, { template: null })
    const deleted = await world.admin.delete(PATH)

    expect(refused).toMatchObject({ status: 409, body: { error: { message: 'alert is used by a, b.' } } })
    expect(shown.body.usedBy).toEqual(['a', 'b'])
    expect(deleted.status).toBe(204)
    expect((await world.admin.get(PATH)).status).toBe(404)
  })

  test('each change counts the revision by which events are decided', async () => {
    await using world = await startEventsWorld({ engine })
    const revision = async () =>
      Number((await world.db.selectFrom('routingState').select('revision').executeTakeFirstOrThrow()).revision)

    const before = await revision()
    await world.admin.put(PATH, change('One'))
    await world.admin.put(PATH, change('Two'))
    await world.admin.post(`${PATH}/rollback`, { to: 1 })
    await world.admin.delete(PATH)

    expect((await revision()) - before).toBe(4)
  })

  test('presets are offered, and added once', async () => {
    await using world = await startEventsWorld({ engine })
    await world.admin.put('/api/templates/report_ready', change('Mine'))

    const added = await world.admin.post('/api/templates/presets', { names: ['critical_alert', 'report_ready'] })
    const offered = await world.admin.get('/api/templates/presets')
    const all = await world.admin.post('/api/templates/presets', {})
    const none = await world.admin.post('/api/templates/presets', { names: ['no_such_preset'] })

    expect(added.body).toEqual({ added: ['critical_alert'] })
    expect(offered.body.items.filter(({ added }: { added: boolean }) => added)).toMatchObject([
      { name: 'critical_alert' },
      { name: 'report_ready' },
    ])
    expect(all.body.added).toContain('daily_summary')
    expect(none).toMatchObject({ status: 422, body: { error: { field: 'names' } } })
    expect((await world.admin.get('/api/templates/report_ready')).body.source).toBe(source('Mine'))
  })

  test('a real event shows what its type allows, and nothing else', async () => {
    await using world = await startEventsWorld({ engine })
    await world.admin.patch('/api/notification-types/door.open', { allowedFields: ['title'], emoji: ':door:' })
    const event = { type: 'door.open', title: 'Door 3', text: 'hidden', data: { who: 'hidden' } }
    const sent = await world.send('/api/events', { ...event, destinations: [world.destination] })
    const data = { kind: 'event', eventId: sent.body.id }
    const draft = '{"text": "{{ type.emoji }} {{ title }} [{{ text }}{{ data.who }}{{ data | json }}]"}'.replace(
      ' | json',
      '',
    )

    const shown = await world.admin.post('/api/templates/preview', { source: draft, data })
    const asOther = await world.admin.post('/api/templates/preview', { source: draft, data, type: 'other' })
    const unknown = await world.admin.post('/api/templates/preview', {
      source: draft,
      data: { ...data, eventId: 'evt_x' },
    })

    expect(shown.body.message).toEqual({ text: ':door: Door 3 [{}]' })
    expect(asOther.text).not.toContain('hidden')
    expect(unknown.status).toBe(404)
  })
})

describe('a preview', () => {
  const preview = (caller: Caller, source: string, data: object = { kind: 'sample', event: { title: 'T' } }) =>
    caller.post('/api/templates/preview', { source, data })

  test('has the message, what is wrong with it, and how near it is to each limit', async () => {
    await using world = await startEventsWorld()

    const good = await preview(world.admin, source('Alert'))
    const bad = await preview(world.admin, '{"text": "{{ title | nope }}"}')
    const worst = await preview(world.admin, source('Alert'), { kind: 'worst_case' })

    expect(good.body).toEqual({
      message: { text: 'Alert: T' },
      problems: [],
      meters: [{ what: 'Notification text', used: 8, most: 4_000 }],
      unresolved: [],
    })
    expect(bad.body).toMatchObject({ problems: [{ severity: 'error', line: 1, column: 11 }], meters: [] })
    expect(bad.body.message).toBeUndefined()
    expect(worst.body.message.text).toMatch(/^Alert: title &amp; title .*…$/)
  })

  test.each([
    [{ kind: 'sample', event: { url: 'javascript:alert(1)' } }, 'data.event.url'],
    [{ kind: 'sample', event: { nope: 1 } }, 'data.event.nope'],
    [{ kind: 'other' }, 'data.kind'],
  ])('of %j is refused by its field', async (data, field) => {
    await using world = await startEventsWorld()

    expect(await preview(world.admin, source('x'), data)).toMatchObject({ status: 422, body: { error: { field } } })
  })

  test('of a real event is not for a key that may not read deliveries', async () => {
    await using world = await startEventsWorld()
    const sent = await world.send('/api/events', { type: 'a', title: 'secret', destinations: [world.destination] })
    const data = { kind: 'event', eventId: sent.body.id }

    const reader = await preview(await world.withKey(['config:read']), source('x'), data)
    const both = await preview(await world.withKey(['config:read', 'deliveries:read']), source('x'), data)

    expect(reader).toMatchObject({ status: 403, body: { error: { field: 'data.eventId' } } })
    expect(reader.text).not.toContain('secret')
    expect(both.body.message.text).toBe('x: secret')
  })
})

test('is shown as a notification type: with its emoji and mentions, and only the fields that it lets be seen', async () => {
  await using world = await startEventsWorld()
  const look = { emoji: ':door:', mentions: ['@here'], allowedFields: ['title', 'data.floor'] }
  await world.admin.patch('/api/notification-types/door.open', { ...look, destinations: [world.destination] })
  await world.admin.patch('/api/notification-types/door.shut', { allowedFields: ['text'] })
  const draft =
    '{"text": "{{ type.emoji }} {{ mentions }} {{ type.name }} {{ title }}{{ text }}{{ data.floor }}{{ data.who }}"}'
  const event = { type: 'door.shut', title: 'T', text: 'X', data: { floor: 3, who: 'Kim' } }
  const shownAs = async (more: object) => {
    const answer = await world.admin.post('/api/templates/preview', {
      source: draft,
      data: { kind: 'sample', event },
      ...more,
    })
    return answer.body.message.text
  }

  expect(await shownAs({})).toBe('  door.shut X')
  expect(await shownAs({ type: 'door.open' })).toBe(':door: <!here> door.open T3')
  expect(await shownAs({ type: 'nobody.set' })).toBe('  nobody.set TX3Kim')
  const trial = { to: world.destination, source: draft, data: { kind: 'sample', event }, type: 'door.open' }
  const sent = await delivered(world, world.admin.post(`${PATH}/send`, trial))
  expect(sent.body.message).toMatchObject({ text: ':door: @\u2060here door.open T3' })
})

describe('what is refused', () => {
  test.each([
    [{ source: '{"text": "{{ title | raw }}"}' }, 'source', 'Line 1, column 11: There is no filter raw'],
    [{ source: '{"text": "{{ title }}",\n "blocks": [{"type": "x"}]}' }, 'source', 'Line 2, column 22: Block 1'],
    [{ source: 'x'.repeat(60_001) }, 'source', ''],
    [{ sample: { severity: 5 } }, 'sample.severity', ''],
    [{ extra: 1 }, 'extra', ''],
  ])('a change with %j', async (more, field, message) => {
    await using world = await startEventsWorld()

    const answer = await world.admin.put(PATH, { ...change('x'), ...more })

    expect(answer).toMatchObject({ status: 422, body: { error: { field } } })
    expect(answer.body.error.message).toContain(message)
    expect((await world.admin.get('/api/templates')).body.items).toEqual([])
  })

  test.each(['presets', 'preview', 'Alert', '../x', 'a b'])('the name %s', async (name) => {
    await using world = await startEventsWorld()

    const answer = await world.admin.put(`/api/templates/${encodeURIComponent(name)}`, change('x'))

    expect([404, 405, 422, 400]).toContain(answer.status)
    expect((await world.admin.get('/api/templates')).body.items).toEqual([])
  })

  test('a viewer looks, an operator sends a trial, an admin changes', async () => {
    await using world = await startEventsWorld()
    await world.admin.put(PATH, change('x'))
    const [viewer, operator] = [await world.as('viewer'), await world.as('operator')]

    const statuses = [
      (await viewer.get(PATH)).status,
      (await viewer.post('/api/templates/preview', { source: source('x'), data: { kind: 'worst_case' } })).status,
      (await viewer.post(`${PATH}/send`, { to: 'dst_none' })).status,
      (await operator.post(`${PATH}/send`, { to: 'dst_none' })).status,
      (await operator.put(PATH, change('y'))).status,
      (await operator.post(`${PATH}/rollback`, { to: 1 })).status,
      (await operator.delete(PATH)).status,
      (await operator.post('/api/templates/presets', {})).status,
    ]

    expect(statuses).toEqual([200, 200, 403, 404, 403, 403, 403, 403])
  })
})

describe('a trial', () => {
  test('goes to a destination with what is on screen, and calls nobody', async () => {
    await using world = await startEventsWorld()
    await world.admin.put(PATH, change('Alert'))
    const draft =
      '{"text": "Draft <!channel> <@U0ADA> {{ title }}", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<!here|@here>"}}]}'

    const sending = world.admin.post(`${PATH}/send`, { to: world.destination, source: draft })
    const answer = await delivered(world, sending)

    expect(answer.body).toMatchObject({
      state: 'delivered',
      origin: 'test',
      message: { blocks: [{ text: { text: '@\u2060here' } }] },
    })
    const [message] = await world.slack.allMessages()
    expect(message).toMatchObject({ text: 'Draft @\u2060channel @U0ADA Door 3' })
  })

  test('to me goes to whoever has the address of the caller; a key has none', async () => {
    await using world = await startEventsWorld()
    await world.admin.put(PATH, change('Alert'))

    const mine = await delivered(world, world.admin.post(`${PATH}/send`, { to: 'me' }))
    const key = await (await world.withKey(['deliveries:write'])).post(`${PATH}/send`, { to: 'me' })
    const elsewhere = await world.admin.post(`${PATH}/send`, { to: 'me', integrationId: 'int_none' })

    expect(mine.body).toMatchObject({
      state: 'delivered',
      destination: { kind: 'person' },
      message: { text: 'Alert: Door 3' },
    })
    expect(key).toMatchObject({ status: 422, body: { error: { field: 'to' } } })
    expect(elsewhere).toMatchObject({ status: 422, body: { error: { field: 'integrationId' } } })
  })

  test('of a draft that Slack would refuse is told its place instead', async () => {
    await using world = await startEventsWorld()

    const answer = await world.admin.post(`${PATH}/send`, {
      to: world.destination,
      source: '{"text": ""}',
      data: { kind: 'sample', event: {} },
    })

    expect(answer).toMatchObject({ status: 422, body: { error: { field: 'source' } } })
    expect(await world.count('deliveries')).toBe(0)
  })
})

type Sending = ReturnType<Caller['post']>

/** What a request answers that waits for its delivery. */
async function delivered(world: Awaited<ReturnType<typeof startEventsWorld>>, sending: Sending): Sending {
  let isDone = false
  const done = sending.finally(() => {
    isDone = true
  })
  while (!isDone) {
    await deliverDue(world.ctx)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return done
}
