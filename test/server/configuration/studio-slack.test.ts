import { expect, test } from 'vitest'
import { secretReferencesIn } from '../../../server/configuration/secret-references.ts'
import { startWorld } from '../../support/world.ts'
import { asking, told, warnings } from './ask.ts'

const TOKEN = ['xoxb', '123456789012', '1234567890123', 'AbCdEfGhIjKlMnOpQrStUvWx'].join('-')

const FILE = `slack_config:
  bot_token: {env: SLACK_BOT_TOKEN}
  app_token: "xapp-your-app-token"
  signing_secret: "\${SLACK_SIGNING_SECRET}"
  default_channel: "#compliance"
  notification_channels:
    critical: "#compliance-alerts"
    general: "#compliance"
debug_config:
  retry_attempts: 3
`

test('the connection of Studio Platform is taken: secrets by reference, the default channel as the fallback', async () => {
  await using world = await startWorld()
  const { id } = await world.havingIntegration()
  const admin = await asking(world)
  const secrets = { 'env:SLACK_BOT_TOKEN': TOKEN }

  const planned = await admin.plan(FILE, { secrets })
  await admin.apply(FILE, { secrets })
  const again = await admin.plan(FILE, { secrets })
  const integration = await admin.get(`/api/integrations/${id}`)
  const fallback = await admin.get('/api/routing-fallback')

  expect(secretReferencesIn(FILE)).toEqual([{ name: 'env:SLACK_BOT_TOKEN', from: { env: 'SLACK_BOT_TOKEN' } }])
  expect(told(planned).sort()).toEqual([
    'change fallback Fallback',
    'change integration Acme production',
    'create destination #compliance',
  ])
  expect(warnings(planned)).toEqual([
    'warning 3 slack_config.app_token',
    'warning 4 slack_config.signing_secret',
    'warning 5 slack_config.default_channel',
    'warning 7 slack_config.notification_channels',
    'warning 10 debug_config.retry_attempts',
  ])
  expect(planned.problems[1]?.fix).toContain('{env: SLACK_SIGNING_SECRET}')
  expect(JSON.stringify([planned, again])).not.toContain(TOKEN)
  expect(integration).toMatchObject({ maxAttempts: 3 })
  expect(JSON.stringify(integration)).toContain(TOKEN.slice(-4))
  expect(fallback.destinations).toMatchObject([{ name: '#compliance' }])
  expect(told(again)).toEqual([])
})

test('a reference that nobody has read keeps the file from being applied, at its line', async () => {
  await using world = await startWorld()
  await world.havingIntegration()
  const admin = await asking(world)

  const planned = await admin.plan('slack_config:\n  bot_token: {env: SLACK_BOT_TOKEN}\n')

  expect(planned.canApply).toBe(false)
  expect(warnings(planned)).toEqual(['error 2 slack_config.bot_token'])
})
