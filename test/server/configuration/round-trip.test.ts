import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { resolveMentions } from '../../../server/mentions/resolve-mentions.ts'
import { ENGINES } from '../../support/each-store.ts'
import { startWorld, type World } from '../../support/world.ts'
import { acceptance, asking, told } from './ask.ts'

const TEMPLATE =
  '{\n  "text": "{{ title }}",\n  "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "{{ title }}"}}]\n}'

/** Something of everything, set in the console. */
async function havingAll(world: World): Promise<void> {
  const { id, ...integration } = await world.havingIntegration({ maxAttempts: 7 })
  const admin = await world.as('admin')
  const { webhooks } = await world.slack.app()
  const ok = async (asked: ReturnType<typeof admin.post>) => {
    const answer = await asked
    if (answer.status >= 400) throw new Error(answer.text)
    return answer.body
  }
  const alerts = { integrationId: id, kind: 'channel', channel: '#compliance-alerts' }
  const channel = await ok(admin.post('/api/destinations', { ...alerts, name: 'Alarms', owner: 'Kim' }))
  const person = await ok(
    admin.post('/api/destinations', { integrationId: id, kind: 'person', person: 'kim@acme.example' }),
  )
  const hook = { integrationId: id, kind: 'webhook', url: webhooks[0]?.url, name: 'Reports' }
  const webhook = await ok(admin.post('/api/destinations', hook))
  await ok(
    admin.put('/api/templates/weekly', {
      ...{ source: TEMPLATE, sample: { title: 'Hello' }, description: 'Weekly' },
      cases: [{ name: 'A greeting', event: { title: 'Hello' } }],
    }),
  )
  await ok(
    admin.put('/api/notification-types/report.weekly', {
      ...{ description: 'Each week', enabled: false, priority: 'low', emoji: ':bar_chart:', template: 'weekly' },
      ...{ mentions: ['@here', 'kim@acme.example'], updateBy: 'data.id', allowedFields: ['title', 'url'] },
      ...{ threading: { enabled: true, by: 'data.week' }, retentionDays: 30, policy: 'at_most_once', maxAttempts: 3 },
      ...{ nextAttemptDelay: 1.5, foldAfter: 20, dedupeWindow: 60, updateTrail: true },
      destinations: [channel.id, person.id, webhook.id, { integrationId: id, recipient: true }],
    }),
  )
  await ok(admin.put('/api/notification-types/constructor', { priority: 'low' }))
  for (const [name, stop] of [
    ['b comes first', false],
    ['a comes second', true],
  ] as const) {
    const condition = `title contains "${name}" AND severity in ['high', 'low']`
    await ok(
      admin.post('/api/routing-rules', { name, condition, stop, destinations: [channel.id], mentions: ['@channel'] }),
    )
  }
  await ok(admin.put('/api/routing-fallback', { destinations: [channel.id] }))
  await ok(
    admin.post('/api/quiet-hours', {
      scope: { kind: 'destination', id: channel.id },
      ...{ days: [5, 1], from: '22:00', to: '07:00', timeZone: 'Europe/Berlin', atEnd: 'drop', enabled: false },
    }),
  )
  await ok(
    admin.post('/api/schedules', {
      ...{ name: 'Weekly', cron: '0 9 * * 1', timeZone: 'Europe/Berlin', type: 'report.weekly', overlap: 'wait' },
      source: { kind: 'stored_events', types: ['finding'], condition: "severity == 'high'" },
    }),
  )
  await ok(
    admin.post('/api/schedules', {
      name: 'Daily',
      cron: '0 9 * * *',
      type: 'day',
      source: { kind: 'platform', integrationId: id },
    }),
  )
  expect(integration.maxAttempts).toBe(7)
}

describe.each(ENGINES)('on %s', (engine) => {
  test('what was exported changes nothing when it is applied, pruning or not', async () => {
    await using world = await startWorld({ engine })
    await havingAll(world)
    const admin = await asking(world)

    const [yaml, json] = [await admin.export('yaml'), await admin.export('json')]
    const plans = [await admin.plan(yaml), await admin.plan(json), await admin.plan(yaml, { prune: true })]
    const applied = await admin.apply(yaml, { prune: true })

    for (const plan of plans) {
      expect(plan.problems.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(told(plan)).toEqual([])
    }
    expect(parse(yaml)).toEqual(JSON.parse(json))
    expect(applied.changeSet).toBeUndefined()
  })

  test('what was exported brings back what was changed and deleted since, all in one transaction', async () => {
    await using world = await startWorld({ engine })
    await havingAll(world)
    const admin = await asking(world)
    const file = await admin.export()
    const rules = (await admin.get('/api/routing-rules')).items
    await admin.caller.patch('/api/notification-types/report.weekly', { dedupeWindow: 3_600, mentions: ['@everyone'] })
    await admin.caller.delete(`/api/routing-rules/${rules[0].id}`)
    await admin.caller.patch(`/api/routing-rules/${rules[1].id}`, { stop: false })
    await admin.caller.post('/api/routing-rules', { name: 'new', condition: "type == 'x'", position: 0 })
    await admin.caller.put('/api/routing-fallback', { destinations: [] })

    const { changeSet } = await admin.apply(file, { prune: true })
    const names = (await admin.get('/api/routing-rules')).items.map(({ name }: { name: string }) => name)

    expect(told(changeSet ?? { changes: [] }).sort()).toEqual([
      'change fallback Fallback',
      'change rule Order of the rules',
      'change rule a comes second',
      'change type report.weekly',
      'create rule b comes first',
      'delete rule new',
    ])
    expect(names).toEqual(['b comes first', 'a comes second'])
    expect(await admin.export()).toBe(file)
  })
})

test('a file sets up another server, with secrets by reference', async () => {
  await using one = await startWorld()
  await havingAll(one)
  const file = await (await asking(one)).export()
  await using other = await startWorld()
  const { appId, clientSecret, signingSecret, botToken, webhooks } = await other.slack.app()
  const admin = await asking(other)
  const references = file
    .replace('clientSecret:\n      keep: true', 'clientSecret: {env: CLIENT_SECRET}')
    .replace('signingSecret:\n      keep: true', 'signingSecret: {env: SIGNING_SECRET}')
    .replace('botToken:\n      keep: true', 'botToken: {file: token}')
    .replace('webhook:\n      keep: true', 'webhook: {env: HOOK}')
    .replace('appToken:\n      keep: true', '')
  const secrets = {
    ...{ 'env:CLIENT_SECRET': clientSecret, 'env:SIGNING_SECRET': signingSecret },
    ...{ 'file:token': botToken, 'env:HOOK': webhooks[0]?.url ?? '' },
  }

  const unread = await admin.plan(references)
  const { changeSet } = await admin.apply(references, { secrets })
  const again = await admin.plan(references, { secrets })
  const kept = await admin.export()

  expect(unread.canApply).toBe(false)
  expect(unread.problems.map(({ message }) => message).join()).toContain('only the command line can do')
  expect(changeSet?.counts.create).toBeGreaterThan(10)
  expect(told(again)).toEqual([])
  expect((await admin.get('/api/integrations')).items).toMatchObject([{ name: 'Acme production', appId }])
  expect(kept.replace(/\n {4}appToken:\n {6}keep: true/, '')).toBe(file.replace(/\n {4}appToken:\n {6}keep: true/, ''))
})

describe('drift', () => {
  test('tells what somebody changed in the console from what is new in the file', async () => {
    await using world = await startWorld()
    await world.havingIntegration()
    const admin = await asking(world)
    const text = acceptance('studio-platform.yaml')
    await admin.apply(text)
    await admin.caller.patch('/api/notification-types/critical_alerts', { priority: 'low', emoji: ':fire:' })

    const changed = text.replace('emoji: ":rotating_light:"', 'emoji: ":boom:"').replace(':bar_chart:', ':chart:')
    const plan = await admin.plan(changed)
    const fields = plan.changes.filter(({ action }) => action === 'change').map(({ name, fields }) => [name, fields])

    expect(fields).toEqual([
      [
        'critical_alerts',
        expect.arrayContaining([
          { field: 'priority', before: 'low', after: 'urgent', drift: 'console' },
          { field: 'emoji', before: ':fire:', after: ':boom:', drift: 'both' },
        ]),
      ],
      ['report_notifications', [{ field: 'emoji', before: ':bar_chart:', after: ':chart:', drift: 'file' }]],
    ])
    expect(plan.changes.find(({ name }) => name === 'critical_alerts')?.drift).toMatch(/Changed in the console/)
  })

  test('refuses a plan that is an old one by now, and changes nothing', async () => {
    await using world = await startWorld()
    await world.havingIntegration()
    const admin = await asking(world)
    const text = acceptance('studio-platform.yaml')
    const { revision } = await admin.plan(text)
    await admin.caller.put('/api/notification-types/critical_alerts', { priority: 'low' })

    const refused = await admin.tryApply(text, { revision })

    expect(refused.status).toBe(409)
    expect(refused.body.error.message).toContain('the configuration is another one since the plan was made')
    expect((await admin.get('/api/notification-types')).items).toHaveLength(1)
    expect(await admin.changes()).toEqual([])
  })
})

test('whom a file calls by an e-mail address is known from the moment that it is applied', async () => {
  await using world = await startWorld()
  const { id } = await world.havingIntegration()
  const admin = await asking(world)
  for (const name of ['typist', 'ruler']) {
    await world.slack.ask('POST', '/users', { name, realName: name, email: `${name}@acme.example` })
  }

  await admin.apply(`switchboard: 1
types:
  door.open: {destinations: ['#compliance'], mentions: [typist@acme.example]}
rules:
  - {name: All, condition: severity exists, destinations: ['#compliance'], mentions: [ruler@acme.example]}
`)

  const called = await resolveMentions(world.db, id, ['typist@acme.example', 'ruler@acme.example'])
  expect([...called.values()].map(({ kind }) => kind)).toEqual(['user', 'user'])
  expect(await world.slack.calls('users.lookupByEmail')).toHaveLength(2)
})

test('nothing is changed when one part can not be written', async () => {
  await using world = await startWorld()
  const { id } = await world.havingIntegration()
  const admin = await asking(world)
  await admin.apply('switchboard: 1\ntypes:\n  a: {template: critical_alert}\n')

  const refused = await admin.tryApply(
    'switchboard: 1\nintegrations:\n  Acme production: {appId: A1, maxAttempts: 9}\ntemplates: {}\n',
    { prune: true },
  )

  expect(refused.status).toBe(409)
  expect(refused.body.error.message).toContain('critical_alert is used by a')
  expect((await admin.get(`/api/integrations/${id}`)).maxAttempts).toBeNull()
  expect(await admin.changes()).toHaveLength(1)
})

test('a template that shows fields says that it needs a sample, where it has none', async () => {
  await using world = await startWorld()
  const admin = await asking(world)
  const template = (more: string) =>
    `switchboard: 1\ntemplates:\n  door:\n    source: '{"text": "{{ title }}"}'\n${more}`

  const bare = await admin.plan(template(''))
  const shown = await admin.plan(template('    sample: {title: Door 3 open}\n'))

  expect(bare.canApply).toBe(false)
  expect(bare.problems[0]).toMatchObject({ severity: 'error', fix: expect.stringContaining('`sample`') })
  expect(shown.canApply).toBe(true)
})

test('a plan warns of cases that a template of the file does not pass, and refuses an event that could not come', async () => {
  await using world = await startWorld()
  const admin = await asking(world)
  const file = (source: string, event: string) =>
    `switchboard: 1
templates:
  door:
    source: '${source}'
    cases:
      - name: Open
        event: ${event}
        expected: {text: Open T}
`

  const passed = await admin.plan(file('{"text": "Open {{ title | default: 1 }}"}', '{title: T}'))
  const changed = await admin.plan(file('{"text": "Shut {{ title | default: 1 }}"}', '{title: T}'))
  const wrong = await admin.plan(file('{"text": "Open {{ title | default: 1 }}"}', '{url: "javascript:x"}'))

  expect(passed.problems).toEqual([])
  expect(changed).toMatchObject({
    canApply: true,
    problems: [
      { severity: 'warning', message: 'The case "Open" fails: text is Shut T, and should be Open T.', line: 6 },
    ],
  })
  expect(wrong).toMatchObject({ canApply: false, problems: [{ severity: 'error', line: 7 }] })
})

test('a plan that deletes a destination says who loses it and what is cancelled', async () => {
  await using world = await startWorld()
  await world.havingIntegration()
  const admin = await asking(world)
  const type = 'switchboard: 1\ntypes:\n  alerts: {destinations: ["#compliance"]}\n'
  await admin.apply(type)
  const { items } = await admin.get('/api/destinations')
  const sendAt = new Date(world.clock.now + 3_600_000).toISOString()
  await admin.caller.post('/api/messages', { destination: items[0].id, text: 'Later', sendAt })

  const plan = await admin.plan('switchboard: 1\ndestinations: []\n', { prune: true })
  const kept = await admin.plan('switchboard: 1\ndestinations: []\n')

  const message = 'Deleting #compliance also takes it out of type alerts and cancels one delivery that waits.'
  expect(plan).toMatchObject({ canApply: true, problems: [{ severity: 'warning', message, line: 2 }] })
  expect(kept.problems).toEqual([])
})

test('a file that says nothing of cases leaves them, and its plan tries them', async () => {
  await using world = await startWorld()
  const admin = await asking(world)
  const cases = [{ name: 'Open', event: { title: 'T' } }]
  await admin.caller.put('/api/templates/door', { source: '{"text": "Open {{ title }}"}', sample: {}, cases })

  const file = `switchboard: 1\ntemplates:\n  door:\n    source: '{"text": "Shut {{ title }}"}'\n`
  const plan = await admin.plan(file)
  await admin.apply(file)
  const { body } = await admin.caller.get('/api/templates/door')

  const message = 'The case "Open" fails: text is Shut T, and should be Open T.'
  expect(plan.problems).toMatchObject([{ severity: 'warning', about: 'case', message, line: 4 }])
  expect(body).toMatchObject({ version: 2, cases: [{ name: 'Open', expected: { text: 'Open T' } }] })
  expect(body.failing).toMatchObject([{ name: 'Open', state: 'changed' }])
})
