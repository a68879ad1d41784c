import { expect, test } from 'vitest'
import { startWorld } from '../../support/world.ts'
import { acceptance, asking, told, warnings } from './ask.ts'

test('the configuration of Studio Platform is taken as it is, and a second time there is nothing to do', async () => {
  await using world = await startWorld()
  const { id } = await world.havingIntegration()
  const admin = await asking(world)
  const text = acceptance('studio-platform.yaml')

  const { changeSet } = await admin.apply(text, { name: 'studio-platform.yaml' })
  const again = await admin.plan(text)
  const types = await admin.get('/api/notification-types')
  const rules = await admin.get('/api/routing-rules')
  const templates = await admin.get('/api/templates')
  const commands = await admin.get('/api/commands')
  const integration = await admin.get(`/api/integrations/${id}`)
  const schedules = await admin.get('/api/schedules')

  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
  const named = (item: any) => item.destinations.map(({ name }: { name: string }) => name)
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
  const type = ({ type: name, enabled, priority, mentions, emoji, template, threading, ...rest }: any) => [
    ...[name, enabled, priority, mentions, emoji, template, threading?.enabled ?? null, named(rest)],
  ]
  expect(types.items.map(type)).toEqual([
    ['compliance_updates', true, 'normal', [], ':white_check_mark:', 'compliance_update', false, ['#compliance']],
    [
      ...['critical_alerts', true, 'urgent', ['@compliance-team', '@manager'], ':rotating_light:', 'critical_alert'],
      ...[null, ['#compliance-alerts']],
    ],
    [
      ...['critical_issues', true, null, ['@compliance-team', '@manager'], ':rotating_light:', null, true],
      ['#compliance-alerts'],
    ],
    ['deadline_reminders', true, null, ['@compliance-team'], ':clock:', null, null, ['#compliance']],
    [
      ...['report_notifications', true, 'low', ['@compliance-team'], ':bar_chart:', 'report_ready', null],
      ['#compliance-reports'],
    ],
  ])
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
  expect(rules.items.map((rule: any) => [rule.name, rule.condition, rule.mentions, named(rule)])).toEqual([
    [
      ...['security_incidents', "category == 'security' AND severity == 'critical'"],
      ...[
        ['@security-team', '@compliance-team'],
        ['#security-alerts', '#compliance'],
      ],
    ],
    ['compliance_deadlines', "type == 'deadline' AND days_remaining <= 3", ['@compliance-team'], ['#compliance']],
    ['report_ready', "type == 'report' AND status == 'ready'", ['@management'], ['#compliance-reports']],
  ])
  expect(templates.items.map(({ name }: { name: string }) => name)).toEqual([
    'compliance_update',
    'critical_alert',
    'report_ready',
  ])
  expect(commands.items).toMatchObject([
    { command: '/switchboard' },
    { command: '/audit', usageHint: '[type]', handler: 'audit_start_command' },
    { command: '/compliance', description: 'Check current compliance status', usageHint: '[framework]' },
    { command: '/evidence', usageHint: '[type] [description]' },
    { command: '/risk' },
  ])
  expect(schedules.items).toMatchObject([
    {
      ...{ name: 'deadline_reminders', cron: '0 9 * * *', timeZone: 'UTC', type: 'deadline_reminders', enabled: true },
      source: { kind: 'platform', integrationId: id },
    },
  ])
  expect(integration).toMatchObject({ maxAttempts: 3 })
  expect(changeSet?.id).toMatch(/^chg_/)
  expect(changeSet).toMatchObject({ by: 'Ada Ferrer', file: 'studio-platform.yaml', format: 'studio' })
  expect(told(again)).toEqual([])
})

test('what Slack does not know and what is set elsewhere is told at its line, and keeps nothing back', async () => {
  await using world = await startWorld()
  await world.havingIntegration()
  const admin = await asking(world)

  const plan = await admin.plan(acceptance('studio-platform.yaml'))

  expect(plan.canApply).toBe(true)
  expect(warnings(plan)).toEqual(
    expect.arrayContaining([
      'warning 11 bot_token_scopes.6',
      'warning 86 alert_configuration.deadline_reminders.schedule',
      'warning 103 debug_config.enabled',
      'warning 104 debug_config.log_level',
      'warning 105 debug_config.api_timeout',
      'warning 106 debug_config.retry_attempts',
    ]),
  )
  const compared = plan.problems.filter(({ line, severity }) => line === 4 && severity === 'note')
  expect(compared.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^What is switched on for Acme production also needs .*users:read\.email/),
    expect.stringMatching(/^Nothing that is switched on for Acme production needs .*files:write/),
  ])
  const [scope] = plan.problems.filter(({ line }) => line === 11)
  expect(scope?.message).toMatch(
    /^interactive:write: Not a scope of Slack: .*Interactivity switched on in the app settings/,
  )
})

test('one event of Studio Platform then goes where its file says', async () => {
  await using world = await startWorld()
  await world.havingIntegration()
  const admin = await asking(world)
  await admin.apply(acceptance('studio-platform.yaml'))

  const event = { type: 'critical_alerts', category: 'security', severity: 'critical', title: 'Key leaked' }
  const { body } = await admin.caller.post('/api/events', event)

  expect(body.deliveries).toHaveLength(3)
})

test('the credentials of CodeStream make an integration, and change the one of the same app', async () => {
  await using world = await startWorld()
  const admin = await asking(world)
  const text = acceptance('codestream.json')

  const made = await admin.apply(text)
  const again = await admin.plan(text)
  const changed = await admin.plan(text.replace('8f742231b10e8888abcd99eee555aaa5', 'a'.repeat(32)))
  const { items } = await admin.get('/api/integrations')

  expect(told(made.changeSet ?? { changes: [] })).toEqual(['create integration Slack'])
  expect(made.problems.map(({ severity, line }) => `${severity} ${line}`)).toEqual(['note 10'])
  expect(items).toMatchObject([
    { name: 'Slack', appId: 'A0123456789', clientId: '1234567890.1234567890123', state: 'untested' },
  ])
  expect(Object.keys(items[0].credentials).sort()).toEqual(['clientSecret', 'signingSecret'])
  expect(told(again)).toEqual([])
  expect(changed.changes.map(({ action, fields }) => [action, fields])).toEqual([
    ['change', [{ field: 'signingSecret', before: '•••• aaa5', after: '•••• aaaa (new)', drift: 'file' }]],
  ])
})

test('the settings of OneVizion set the token and the attempts of the only integration', async () => {
  await using world = await startWorld()
  const { id } = await world.havingIntegration()
  const admin = await asking(world)
  const text = acceptance('onevizion-settings.json')

  const applied = await admin.apply(text)
  const again = await admin.plan(text)
  const integration = await admin.get(`/api/integrations/${id}`)

  expect(integration).toMatchObject({ maxAttempts: 3, nextAttemptDelay: 30, state: 'untested' })
  expect(integration.credentials.botToken.shown).toBe('xoxb •••• dbox')
  expect(warnings(applied)).toEqual([
    'warning 2 ovUrl',
    'warning 3 ovAccessKey',
    'warning 4 ovSecretKey',
    'warning 5 serviceId',
    'warning 6 channelField',
  ])
  expect(told(again)).toEqual([])
})

test('without an integration nothing is applied, and the way out is told once', async () => {
  await using world = await startWorld()
  const admin = await asking(world)

  const studio = await admin.plan(acceptance('studio-platform.yaml'))
  const oneVizion = await admin.plan(acceptance('onevizion-settings.json'))

  expect([studio.canApply, oneVizion.canApply]).toEqual([false, false])
  for (const { problems } of [studio, oneVizion]) {
    const errors = problems.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ message }) => message).join()).toContain('No integration is connected yet')
    expect(errors.length).toBeLessThanOrEqual(2)
  }
})

test('where several are connected the file says nothing, so the caller has to', async () => {
  await using world = await startWorld()
  await world.havingIntegration()
  const other = await world.havingIntegration({ name: 'Acme staging' })
  const admin = await asking(world)
  const text = acceptance('studio-platform.yaml')

  const unclear = await admin.plan(text)
  await admin.apply(text, { integrationId: other.id })
  const { items } = await admin.get('/api/destinations')

  expect(unclear.canApply).toBe(false)
  expect(unclear.problems.map(({ message }) => message).join()).toContain('Several integrations are connected')
  expect(new Set(items.map(({ integrationId }: { integrationId: string }) => integrationId))).toEqual(
    new Set([other.id]),
  )
})
