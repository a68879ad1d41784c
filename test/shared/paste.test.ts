import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LONGEST_PASTE, sortPaste } from '../../shared/paste.ts'

const secret = '8f742231b10e8888abcd99eee555aaa5'
const otherSecret = '0123456789abcdef0123456789abcdef'
const bot = 'xoxb-1234567890-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx'
const user = `xoxp-1234567890-1234567890-1234567890-${secret}`
const app = `xapp-1-A0123456789-1234567890123-${secret}${otherSecret}`
const hook = 'https://hooks.slack.com/services/T01234567/B01234567/AbCdEfGhIjKlMnOpQrStUvWx'
const clientId = '1234567890.1234567890123'

const acceptance = (name: string) => readFileSync(new URL(`../acceptance/${name}`, import.meta.url), 'utf8')

type Case = [name: string, text: string, values: Record<string, string>]

const cases: Case[] = [
  ['a bot token', bot, { botToken: bot }],
  ['a bot token with spaces and a line end', `  ${bot}\r\n`, { botToken: bot }],
  ['a bot token in quotes', `"${bot}"`, { botToken: bot }],
  ['a bot token at the end of a sentence', `The token is ${bot}.`, { botToken: bot }],
  [
    'a bot token that renews itself',
    'xoxe.xoxb-1-Mi0yLTEyMzQ1Njc4OTA',
    { botToken: 'xoxe.xoxb-1-Mi0yLTEyMzQ1Njc4OTA' },
  ],
  ['an app-level token, which names its app', app, { appToken: app, appId: 'A0123456789' }],
  ['a webhook URL', hook, { webhookUrl: hook }],
  ['a webhook URL as Slack shows it in a message', `<${hook}>`, { webhookUrl: hook }],
  ['an app ID', 'A0123456789', { appId: 'A0123456789' }],
  ['a client ID', clientId, { clientId }],
  ['a channel ID', 'C0123456789', { testChannel: 'C0123456789' }],
  ['a link to a channel', 'https://acme.slack.com/archives/C0123456789/p15', { testChannel: 'C0123456789' }],
  ['a link to the app settings', 'https://api.slack.com/apps/A0123456789/oauth?', { appId: 'A0123456789' }],
  [
    'several lines',
    `${bot}\n${app}\n\n${hook}\n`,
    { botToken: bot, appToken: app, appId: 'A0123456789', webhookUrl: hook },
  ],
  [
    'an env file',
    `# Slack\nSLACK_BOT_TOKEN=${bot}\nexport SLACK_SIGNING_SECRET="${secret}"\nSLACK_CLIENT_ID='${clientId}'\n` +
      `SLACK_CLIENT_SECRET = ${otherSecret}\nAPP_ID=A0123456789\nSLACK_APP_TOKEN=${app}\nSLACK_CHANNEL="#ops"\n`,
    {
      botToken: bot,
      signingSecret: secret,
      clientId,
      clientSecret: otherSecret,
      appId: 'A0123456789',
      appToken: app,
      testChannel: '#ops',
    },
  ],
  ['an empty value before another', `SLACK_CLIENT_SECRET=\nSLACK_SIGNING_SECRET=${secret}`, { signingSecret: secret }],
  [
    'keys in camel case',
    `slackBotToken: '${bot}',\nslackSigningSecret: '${secret}',`,
    { botToken: bot, signingSecret: secret },
  ],
  [
    'a compose file',
    `environment:\n  - SLACK_BOT_TOKEN=${bot}\n  - SLACK_SIGNING_SECRET=${secret}\n`,
    { botToken: bot, signingSecret: secret },
  ],
  [
    'the settings of another console',
    acceptance('codestream.json'),
    { appId: 'A0123456789', clientId, clientSecret: otherSecret, signingSecret: secret },
  ],
  [
    'the settings of a connector',
    acceptance('onevizion-settings.json'),
    { botToken: 'xoxb-0000000000-0000000000000-sandboxsandboxsandbox' },
  ],
  [
    'a slack_config in JSON',
    JSON.stringify({
      slack_config: { bot_token: bot, app_token: app, signing_secret: secret, default_channel: '#ops' },
    }),
    { botToken: bot, appToken: app, signingSecret: secret, testChannel: '#ops', appId: 'A0123456789' },
  ],
  [
    'a slack_config in YAML',
    `slack_config:\n  bot_token: "${bot}"\n  signing_secret: ${secret}\n  default_channel: "#ops"\n`,
    { botToken: bot, signingSecret: secret, testChannel: '#ops' },
  ],
  [
    'the answer that creates an app',
    JSON.stringify({
      ok: true,
      app_id: 'A0123456789',
      credentials: {
        client_id: clientId,
        client_secret: otherSecret,
        verification_token: 'abcdefghijklmnopqrstuvwx',
        signing_secret: secret,
      },
      oauth_authorize_url: `https://slack.com/oauth/v2/authorize?client_id=${clientId}&scope=chat:write`,
    }),
    { appId: 'A0123456789', clientId, clientSecret: otherSecret, signingSecret: secret },
  ],
  [
    'the answer of an installation',
    JSON.stringify({
      ok: true,
      access_token: bot,
      token_type: 'bot',
      scope: 'chat:write,commands',
      bot_user_id: 'U0123456789',
      app_id: 'A0123456789',
      team: { id: 'T01234567', name: 'Acme' },
      authed_user: { id: 'U1', access_token: user },
      incoming_webhook: { channel: '#ops', channel_id: 'C0123456789', url: hook },
    }).replaceAll('/', '\\/'),
    { botToken: bot, appId: 'A0123456789', testChannel: 'C0123456789', webhookUrl: hook },
  ],
  [
    'a piece of JSON that does not parse',
    `"client_id": "${clientId}", "client_secret": "${otherSecret}",`,
    { clientId, clientSecret: otherSecret },
  ],
  [
    'a link that begins an installation',
    `https://slack.com/oauth/v2/authorize?client_id=${clientId}&scope=chat:write`,
    { clientId },
  ],
  [
    'a curl line to the Web API',
    `curl -X POST https://slack.com/api/chat.postMessage -H "Authorization: Bearer ${bot}" ` +
      `--data '{"channel":"C0123456789","text":"hello"}'`,
    { botToken: bot, testChannel: 'C0123456789' },
  ],
  [
    'a curl line with form fields',
    `curl -F token=${bot} -d channel=C0123456789 https://slack.com/api/chat.postMessage`,
    { botToken: bot, testChannel: 'C0123456789' },
  ],
  ['a curl line to a webhook', `curl -d '{"text":"hi"}' ${hook}`, { webhookUrl: hook }],
  [
    'the Basic Information page',
    `App Credentials\nThese credentials allow your app to access the Slack API.\n\nApp ID\nA0123456789\n\n` +
      `Date of App Creation\nJanuary 5, 2026\n\nClient ID\n${clientId}\n\nClient Secret\n${otherSecret}\nHide\nRegenerate\n` +
      `You'll need to send this secret along with your client ID.\n\nSigning Secret\n${secret}\nHide\nRegenerate\n` +
      `Slack signs the requests we send you using this secret.\n\nVerification Token\nabcdefghijklmnopqrstuvwx\n`,
    { appId: 'A0123456789', clientId, clientSecret: otherSecret, signingSecret: secret },
  ],
  [
    'a table with tabs',
    `App ID\tA0123456789\nClient ID\t${clientId}\nSigning Secret\t${secret}`,
    { appId: 'A0123456789', clientId, signingSecret: secret },
  ],
  ['a label with a colon', `Signing Secret: ${secret}`, { signingSecret: secret }],
  [
    'a manifest in JSON',
    JSON.stringify({ display_information: { name: 'Acme Alerts' }, oauth_config: { scopes: { bot: ['chat:write'] } } }),
    { name: 'Acme Alerts' },
  ],
  [
    'a manifest in YAML',
    `_metadata:\n  major_version: 1\ndisplay_information:\n  description: Alerts\n  name: "Acme Alerts"\nfeatures:\n` +
      `  bot_user:\n    display_name: Other\n`,
    { name: 'Acme Alerts' },
  ],
]

describe('what was pasted lands in the right fields', () => {
  test.each(cases)('%s', (_name, text, values) => {
    const pasted = sortPaste(text)

    expect(pasted.values).toEqual(values)
    expect(pasted.found).toBe(Object.keys(values).length)
    expect(pasted.webhooks).toEqual(values.webhookUrl ? [values.webhookUrl] : [])
  })

  test('several webhooks are all kept, each once', () => {
    const second = hook.replace('B01234567', 'B07654321')

    const pasted = sortPaste(`ops: ${hook}\ndev: ${second}\nagain: ${hook}`)

    expect(pasted).toMatchObject({ webhooks: [hook, second], found: 2, values: { webhookUrl: hook } })
  })

  test('a webhook of a simulator is kept, and said not to be of Slack', () => {
    const pasted = sortPaste('http://127.0.0.1:4600/services/T01234567/B01234567/secret')

    expect(pasted.webhooks).toEqual(['http://127.0.0.1:4600/services/T01234567/B01234567/secret'])
    expect(pasted.notes).toEqual(['The webhook host 127.0.0.1:4600 is not one of Slack’s own.'])
  })
})

describe('what is not taken is told about', () => {
  test.each<[string, string, RegExp]>([
    ['a user token', user, /^This is a user token \(xoxp\): Switchboard needs the bot token/],
    ['a configuration token', 'xoxe.xoxp-1-Mi0yLTEyMzQ1Njc4OTA', /configuration or user token/],
    ['a refresh token', 'xoxe-1-My0xLTEyMzQ1Njc4OTA', /refresh token/],
    ['a token of a browser', 'xoxc-1234567890-1234567890-abc', /browser session/],
    ['a token of an old kind', 'xoxa-2-1234567890-abcdef', /retired/],
    ['a workflow token', 'xwfp-1234567890-abcdef', /15 minutes/],
    ['a secret on its own', secret, /look alike/],
    ['a hidden secret', 'Client Secret\n••••••••••\nShow\nRegenerate', /Client secret: it was hidden.*Press Show/],
    ['a placeholder token', 'SLACK_BOT_TOKEN=xoxb-your-token-here', /placeholder/],
    ['a placeholder secret', 'SLACK_SIGNING_SECRET=<signing secret>', /placeholder/],
    ['a placeholder webhook', 'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXX', /placeholder/],
    ['something else in place of a token', `SLACK_BOT_TOKEN=${secret}`, /does not begin like a token/],
    ['an address that is no webhook', 'https://acme.slack.com/webhooks/T1/B1', /real ones begin with/],
    ['a verification token', 'verification_token: abcdefghijklmnopqrstuvwx', /not needed/],
  ])('%s', (_name, text, note) => {
    const pasted = sortPaste(text)

    expect(pasted.values).toEqual({})
    expect(pasted.found).toBe(0)
    expect(pasted.notes.join('\n')).toMatch(note)
    expect(pasted.notes.join('\n')).not.toContain(secret)
  })

  test('of two different bot tokens the first is taken', () => {
    const pasted = sortPaste(`${bot}\n${bot.replace('AbCd', 'ZyXw')}`)

    expect(pasted.values).toEqual({ botToken: bot })
    expect(pasted.notes).toEqual(['Bot token: the text holds more than one; the first was taken.'])
  })

  test('what stands after the first 64 kB', () => {
    const pasted = sortPaste(`${' '.repeat(LONGEST_PASTE)}${bot}`)

    expect(pasted).toMatchObject({ values: {}, found: 0 })
    expect(pasted.notes).toHaveLength(1)
  })

  test.each(['', '   ', 'hello', '{}', '[]', 'null', '{"a":', 'a: b', '1531420618.000100', 'Show\nHide'])(
    'nothing, in %j',
    (text) => {
      expect(sortPaste(text)).toEqual({ values: {}, webhooks: [], notes: [], found: 0 })
    },
  )
})

describe('whatever is pasted', () => {
  const bits = fc.constantFrom(
    ...[bot, user, app, hook, secret, clientId, 'A0123456789', '#ops', 'C0123456789', '••••••••', 'xoxb-', 'xapp-1-A'],
    ...['SLACK_BOT_TOKEN=', 'client_secret', 'Client Secret', 'Signing Secret', 'App ID', 'channel', 'name: Acme'],
    ...['display_information:', '\n', '\r\n', '\t', ' ', '  ', '"', "'", ':', '=', '&', '{', '}', '[', ',', '<', '>'],
    ...['https://', 'https://[', '/services/T1/B1/x', 'Bearer ', 'export ', '\\', '\\/', '%', '\u2028', '\ud800'],
  )
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc
      .array(fc.oneof({ weight: 4, arbitrary: bits }, { weight: 1, arbitrary: fc.string({ maxLength: 12 }) }), {
        maxLength: 30,
      })
      .map((parts) => parts.join('')),
  )

  test('sorting never throws, and every value it finds stands in the text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const pasted = sortPaste(text)

        const read = `${text}\n${text.replaceAll('\\/', '/')}`
        for (const value of [...Object.values(pasted.values), ...pasted.webhooks]) expect(read).toContain(value)
        expect(pasted.found === 0).toBe(Object.keys(pasted.values).length === 0)
      }),
      { numRuns: 2_000 },
    )
  })

  test('of JSON too, every value found stands in it', () => {
    const leaves = fc.oneof(bits, fc.string())
    const keys = fc.constantFrom(
      'appId',
      'client_secret',
      'signingSecret',
      'channel',
      'url',
      'display_information',
      'name',
    )
    const trees = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, leaves, fc.array(tie('tree')), fc.dictionary(keys, tie('tree'))),
    })).tree

    fc.assert(
      fc.property(trees, (tree) => {
        const pasted = sortPaste(JSON.stringify({ tree }))

        const strings: string[] = []
        JSON.stringify(tree, (_key, value) => {
          if (typeof value === 'string') strings.push(value)
          return value
        })
        for (const value of Object.values(pasted.values)) expect(strings.join('\n')).toContain(value)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    'a',
    ' ',
    '\n',
    'a ',
    'a=',
    'xoxb-',
    'xoxb-1.',
    'https://',
    'https://a.',
    '[',
    '{"a":',
    'App ID\n',
    'name:\t',
    '"\\/',
    'a.b-',
    'display_information:\n ',
  ])('64 kB of %j are sorted in well under a second', (bit) => {
    const text = bit.repeat(LONGEST_PASTE / bit.length)

    const before = performance.now()
    sortPaste(text)

    expect(performance.now() - before).toBeLessThan(1_000)
  })
})
