import { describe, expect, test } from 'vitest'
import { startWorld } from '../../support/world.ts'
import { acceptance, asking } from './ask.ts'

const SECRETS = {
  clientSecret: 'c0ffee00c0ffee00c0ffee00c0ffee00',
  signingSecret: 'facade00facade00facade00facade00',
  botToken: 'xoxb-1111111111-2222222222222-abcdefghijklmnopqrstuvwx',
  hook: 'https://hooks.slack.com/services/T0AAAAAAA/B0BBBBBBB/abcdefghijklmnopqrstuvwx',
}

describe('a secret in a file', () => {
  test('is in no answer, no error, no history, no log and no table', async () => {
    const lines: string[] = []
    await using world = await startWorld({ onLogLine: (line) => lines.push(line) })
    const admin = await asking(world)
    const codeStream = acceptance('codestream.json')
    const own = [
      'switchboard: 1',
      'integrations:',
      '  Acme:',
      '    appId: A0000000001',
      '    clientId: "1.2"',
      `    clientSecret: ${SECRETS.clientSecret}`,
      `    signingSecret: ${SECRETS.signingSecret}`,
      `    botToken: ${SECRETS.botToken}`,
      'types:',
      '  audited: {priority: low}',
    ].join('\n')

    const heard = [
      await admin.plan(own),
      await admin.apply(own, { name: 'secrets.yaml' }),
      await admin.plan(own.replaceAll('facade00', 'decade00')),
      await admin.plan(`${own}\n  ${SECRETS.botToken}: {}`),
      await admin.plan(`${own}\n  leak: {description: "see ${SECRETS.botToken}"}`),
      await admin.plan(own.replace('clientId: "1.2"', `${SECRETS.botToken}: x`)),
      await admin.plan(own.replace('    botToken', '  botToken')),
      await admin.plan(own.replace('"1.2"', `"1.2\n    x: ${SECRETS.botToken}`)),
      (await admin.tryApply(own.replace('appId', 'botTokn'))).text,
      await admin.plan(codeStream),
      await admin.apply(codeStream),
      await admin.export('yaml'),
      await admin.export('json'),
      await admin.changes(),
      await admin.get('/api/audit'),
      lines,
    ]

    const said = JSON.stringify(heard)
    const secrets = [SECRETS.clientSecret, SECRETS.signingSecret, SECRETS.botToken]
    for (const secret of [...secrets, '8f742231b10e8888abcd99eee555aaa5', '0123456789abcdef0123456789abcdef']) {
      expect(said).not.toContain(secret)
    }
    const kept = JSON.stringify(await world.db.selectFrom('appliedObjects').selectAll().execute())
    for (const secret of secrets) expect(kept).not.toContain(secret)
  })

  test('that a webhook is made of is refused without being told again', async () => {
    await using world = await startWorld()
    await world.havingIntegration()
    const admin = await asking(world)

    const plan = await admin.plan(`switchboard: 1\ndestinations:\n  - {webhook: "${SECRETS.hook}", name: Hook}`)

    expect(plan.canApply).toBe(false)
    expect(JSON.stringify(plan)).not.toContain('abcdefghijklmnopqrstuvwx')
  })

  test('is not read from anywhere by the server', async () => {
    await using world = await startWorld()
    await world.havingIntegration()
    const admin = await asking(world)

    const plan = await admin.plan(
      'switchboard: 1\nintegrations:\n  Acme production:\n    botToken: {file: /etc/passwd}\n    appToken: {env: PATH}\n',
    )

    expect(plan.canApply).toBe(false)
    expect(plan.problems.filter(({ severity }) => severity === 'error').map(({ line }) => line)).toEqual([4, 5])
    expect(JSON.stringify(plan)).not.toContain('root:')
  })
})

describe('who may', () => {
  const body = { text: 'switchboard: 1', name: 'x' }

  test.each(['viewer', 'operator'] as const)(
    'a %s neither plans, applies, exports nor reads what was applied',
    async (role) => {
      await using world = await startWorld()
      const caller = await world.as(role)

      const answers = [
        await caller.post('/api/configuration/plan', body),
        await caller.post('/api/configuration/apply', body),
        await caller.get('/api/configuration/export'),
        await caller.get('/api/configuration/changes'),
      ]

      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403])
    },
  )

  test('a key that may only read exports, and does not plan, for a plan tells whether a secret is the stored one', async () => {
    await using world = await startWorld()
    const caller = await world.withKey(['config:read'])

    const answers = [
      await caller.get('/api/configuration/export'),
      await caller.get('/api/configuration/changes'),
      await caller.post('/api/configuration/plan', body),
      await caller.post('/api/configuration/apply', body),
    ]

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 403, 403])
  })

  test('nobody has to sign in for the schema, which says nothing of this server', async () => {
    await using world = await startWorld()

    const { status, body: schema } = await world.anonymous.get('/api/configuration/schema.json')

    expect(status).toBe(200)
    expect(schema).toMatchObject({ title: 'Switchboard configuration', type: 'object', required: ['switchboard'] })
    expect(Object.keys(schema.properties)).toContain('quietHours')
  })
})

describe('a request made to hurt', () => {
  test.each([
    ['no text', { name: 'x' }, 422],
    ['an empty text', { text: '', name: 'x' }, 422],
    ['a text that is too long', { text: 'a'.repeat(500_001), name: 'x' }, 422],
    ['a body that is too large', { text: 'a'.repeat(1_100_000), name: 'x' }, 413],
    ['an unknown field', { text: 'a', name: 'x', file: 'y' }, 422],
    ['a name of several lines', { text: 'a', name: 'x\ny' }, 422],
    [
      'an integration that is not there',
      { text: acceptance('studio-platform.yaml'), name: 'x', integrationId: 'int_none' },
      200,
    ],
  ])('%s', async (_what, body, status) => {
    await using world = await startWorld()
    await world.havingIntegration()
    const admin = await world.as('admin')

    const answer = await admin.post('/api/configuration/plan', body)

    expect(answer.status).toBe(status)
    if (status === 200) expect(answer.body.canApply).toBe(false)
  })

  test('names that objects have by themselves do no harm', async () => {
    await using world = await startWorld()
    await world.havingIntegration()
    const admin = await asking(world)

    const refused = await admin.plan('switchboard: 1\ntypes:\n  __proto__: {priority: low}')
    await admin.apply('switchboard: 1\ntypes:\n  constructor: {priority: low}\n  hasOwnProperty: {}\n')
    const secrets = await admin.plan('slackBotToken: {env: constructor}', { secrets: {} })

    expect(refused.canApply).toBe(false)
    expect(({} as { priority?: string }).priority).toBeUndefined()
    expect((await admin.get('/api/notification-types')).items).toHaveLength(2)
    expect(secrets.canApply).toBe(false)
  })
})

describe('what is wrong is told where it stands', () => {
  test.each([
    [
      'a channel that is not there',
      'types:\n  a: {destinations: ["#complianse"]}',
      '3:22',
      'The bot sees no channel #complianse',
    ],
    ['a condition', "rules:\n  - name: a\n    condition: type = 'x'", '4:21', ''],
    ['a condition in quotes', 'rules:\n  - {name: a, condition: "type == \\"x\\" AND"}', '3:44', ''],
    [
      'a template that is not there',
      'types:\n  a: {template: critical_alrt}',
      '3:17',
      'There is no template "critical_alrt".',
    ],
    [
      'a template that can not be read',
      'templates:\n  a:\n    source: |\n      {"text": "x",\n       "blocks": [}',
      '6:19',
      '',
    ],
    [
      'an integration',
      'fallback:\n  - {integration: Acme prodction, channel: "#compliance"}',
      '3:5',
      'There is no integration "Acme prodction".',
    ],
    ['a time', 'schedules:\n  a: {cron: "99 9 * * *", type: a, source: {kind: stored_events}}', '3:13', ''],
    [
      'a time zone',
      'quietHours:\n  - {scope: {kind: everything}, days: [1], from: "22:00", to: "07:00", timeZone: Berlin}',
      '3:82',
      'There is no time zone Berlin.',
    ],
    [
      'a rule of a name that is taken',
      "rules:\n  - {name: a, condition: type == 'x'}\n  - {name: a, condition: type == 'y'}",
      '4:12',
      'There is a rule "a" already, on line 3.',
    ],
    [
      'a destination of two kinds',
      'destinations:\n  - {channel: "#compliance", person: kim@acme.example}',
      '3:5',
      'A destination is exactly one of',
    ],
    [
      'a webhook without its address',
      'destinations:\n  - {webhook: {keep: true}, name: None}',
      '3:15',
      'No webhook "None" is stored',
    ],
  ])('%s', async (_what, text, place, message) => {
    await using world = await startWorld()
    await world.havingIntegration()
    const admin = await asking(world)

    const plan = await admin.plan(`switchboard: 1\n${text}`)
    const errors = plan.problems.filter(({ severity }) => severity === 'error')

    expect(plan.canApply).toBe(false)
    expect(errors.map(({ line, column }) => `${line}:${column}`)).toContain(place)
    expect(errors.map((error) => error.message).join()).toContain(message)
  })
})
