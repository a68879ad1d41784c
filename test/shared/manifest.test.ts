import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildManifest, Manifest, type ManifestWish, manifestLink, publicUrlProblem } from '../../shared/manifest.ts'
import { defaultFeatures, neededScopes, slackFeatures } from '../../shared/slack-scopes.ts'

const wish = (change: Partial<ManifestWish> = {}): ManifestWish => ({
  name: 'Acme Alerts',
  publicUrl: 'https://switchboard.acme.test',
  integrationId: 'int_1',
  features: defaultFeatures,
  socketMode: false,
  commands: [{ command: '/switchboard', description: 'Ask Switchboard', usageHint: '[help]' }],
  ...change,
})

describe('the manifest', () => {
  test('names this deployment’s addresses and the scopes of the features', () => {
    const manifest = buildManifest(wish())

    expect(manifest.display_information.name).toBe('Acme Alerts')
    expect(manifest.features.slash_commands).toEqual([
      {
        command: '/switchboard',
        description: 'Ask Switchboard',
        usage_hint: '[help]',
        url: 'https://switchboard.acme.test/slack/int_1/commands',
        should_escape: true,
      },
    ])
    expect(manifest.settings.interactivity).toEqual({
      is_enabled: true,
      request_url: 'https://switchboard.acme.test/slack/int_1/interactions',
    })
    expect(manifest.oauth_config.scopes.bot).toEqual(neededScopes(defaultFeatures))
  })

  test('keeps a path in the public address and drops its last slash', () => {
    const manifest = buildManifest(wish({ publicUrl: 'https://acme.test/switchboard/' }))

    expect(manifest.settings.interactivity.request_url).toBe('https://acme.test/switchboard/slack/int_1/interactions')
  })

  test('in Socket Mode names no address', () => {
    const manifest = buildManifest(wish({ socketMode: true }))

    expect(JSON.stringify(manifest)).not.toContain('acme.test')
    expect(manifest.settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } })
  })

  test('leaves out what is switched off', () => {
    const manifest = buildManifest(wish({ features: ['channel_messages'] }))

    expect(manifest.oauth_config.scopes.bot).toEqual(['chat:write'])
    expect(manifest.features).not.toHaveProperty('slash_commands')
    expect(manifest.features.app_home.messages_tab_enabled).toBe(false)
    expect(manifest.settings.incoming_webhooks.incoming_webhooks_enabled).toBe(false)
  })

  test('switches on what the features need beside scopes', () => {
    const manifest = buildManifest(wish({ features: ['direct_messages', 'webhooks'] }))

    expect(manifest.features.app_home.messages_tab_enabled).toBe(true)
    expect(manifest.settings.incoming_webhooks.incoming_webhooks_enabled).toBe(true)
  })

  test('cuts a long name between characters, and has a name where none was given', () => {
    expect(buildManifest(wish({ name: `${'a'.repeat(34)}🚀` })).display_information.name).toBe('a'.repeat(34))
    expect(buildManifest(wish({ name: '  ' })).display_information.name).toBe('Switchboard')
  })

  test('has each command once, in the form Slack takes', () => {
    const commands = ['Deploy Now', '/deploynow', '/', '', `/${'x'.repeat(60)}`]
    const manifest = buildManifest(
      wish({ commands: commands.map((command) => ({ command, description: '', usageHint: ' ' })) }),
    )

    expect(manifest.features.slash_commands?.map(({ command }) => command)).toEqual([
      '/deploynow',
      `/${'x'.repeat(31)}`,
    ])
  })

  test('stays within Slack’s limits, whatever is wished for', () => {
    const commands = fc.array(
      fc.record({ command: fc.string({ maxLength: 60 }), description: fc.string(), usageHint: fc.string() }),
      { maxLength: 60 },
    )
    const wishes = fc.record({
      name: fc.string({ unit: 'binary', maxLength: 100 }),
      features: fc.subarray(slackFeatures.map((feature) => feature.key)),
      socketMode: fc.boolean(),
      commands,
    })

    fc.assert(
      fc.property(wishes, (change) => {
        expect(Manifest.safeParse(buildManifest(wish(change))).error).toBeUndefined()
      }),
    )
  })

  test('opens Slack’s page for a new app, filled in', () => {
    const manifest = buildManifest(wish({ name: 'A & B?' }))

    const link = new URL(manifestLink(manifest))

    expect(link.origin + link.pathname).toBe('https://api.slack.com/apps')
    expect(link.searchParams.get('new_app')).toBe('1')
    expect(JSON.parse(link.searchParams.get('manifest_json') ?? '')).toEqual(manifest)
    expect(link.href.length).toBeLessThan(8_000)
  })
})

describe('the public address', () => {
  test.each([
    'https://switchboard.acme.com',
    'https://acme.com:8443/switchboard',
    'https://203.0.113.7',
    'https://8.8.8.8',
  ])('may be %s', (url) => {
    expect(publicUrlProblem(url)).toBeUndefined()
  })

  test.each<[string, RegExp]>([
    ['', /not a URL/],
    ['acme.com', /not a URL/],
    ['http://acme.com', /over https/],
    ['http://127.0.0.1:3000', /each machine itself/],
    ['https://localhost', /each machine itself/],
    ['https://[::1]:3000', /each machine itself/],
    ['https://10.1.2.3', /private network/],
    ['https://172.20.0.1', /private network/],
    ['https://192.168.1.10', /private network/],
    ['https://169.254.1.1', /private network/],
    ['https://100.64.0.1', /private network/],
    ['https://[fd00::1]', /private network/],
    ['https://[fe80::1]', /private network/],
    ['https://switchboard', /private network/],
    ['https://switchboard.internal', /private network/],
    ['https://printer.local', /private network/],
  ])('is out of reach for Slack at %s', (url, reason) => {
    expect(publicUrlProblem(url)).toMatch(/^Slack must be able to reach .*\.$/)
    expect(publicUrlProblem(url)).toMatch(reason)
  })
})
