import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CredentialValues, checkCredentials } from '../../shared/credential-checks.ts'
import {
  appIdInToken,
  type CredentialField,
  credentialFields,
  credentialInfo,
  fingerprint,
  tokenKind,
} from '../../shared/credentials.ts'

const secret = '8f742231b10e8888abcd99eee555aaa5'
const otherSecret = '0123456789abcdef0123456789abcdef'
const bot = 'xoxb-1234567890-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx'
const user = `xoxp-1234567890-1234567890-1234567890-${secret}`
const app = `xapp-1-A0123456789-1234567890123-${secret}${otherSecret}`
const hook = 'https://hooks.slack.com/services/T01234567/B01234567/AbCdEfGhIjKlMnOpQrStUvWx'
const clientId = '1234567890.1234567890123'
const appId = 'A0123456789'

const all = {
  appId,
  clientId,
  clientSecret: otherSecret,
  signingSecret: secret,
  botToken: bot,
  appToken: app,
  webhookUrl: hook,
}

type Case = [name: string, values: CredentialValues, field: CredentialField, level: 'warn' | 'error', message: RegExp]

const cases: Case[] = [
  ['a user token in the bot field', { botToken: user }, 'botToken', 'error', /a user token \(xoxp\).*begins with xoxb/],
  ['an app-level token in the bot field', { botToken: app }, 'botToken', 'error', /an app-level token \(xapp\)/],
  [
    'a bot token in the app-level field',
    { appToken: bot },
    'appToken',
    'error',
    /a bot token \(xoxb\).*begins with xapp/,
  ],
  ['a webhook URL in the bot field', { botToken: hook }, 'botToken', 'error', /a webhook URL, not the bot token/],
  ['a webhook URL in the app-level field', { appToken: hook }, 'appToken', 'error', /a webhook URL/],
  ['a webhook URL as a signing secret', { signingSecret: hook }, 'signingSecret', 'error', /a webhook URL/],
  [
    'a web address in the app ID field',
    { appId: 'https://x.test/' },
    'appId',
    'error',
    /a web address, not the app ID/,
  ],
  ['a token as a webhook URL', { webhookUrl: bot }, 'webhookUrl', 'error', /a bot token \(xoxb\), not a webhook URL/],
  ['a token of a browser session', { botToken: 'xoxc-123-456' }, 'botToken', 'error', /browser session/],
  ['a cookie of a browser session', { botToken: 'xoxd-abc' }, 'botToken', 'error', /browser session/],
  ['a session token', { botToken: 'xoxs-123-456' }, 'botToken', 'error', /browser session/],
  ['a token of a retired kind', { botToken: 'xoxa-2-123' }, 'botToken', 'error', /retired/],
  ['a retired refresh token', { botToken: 'xoxr-123' }, 'botToken', 'error', /retired/],
  ['a token that rotates', { botToken: 'xoxe.xoxb-1-abcdefghijklmnopqrstuvwx' }, 'botToken', 'warn', /12 hours/],
  ['a refresh token', { botToken: 'xoxe-1-abcdefghijklmnopqrstuvwx' }, 'botToken', 'error', /a refresh token \(xoxe\)/],
  ['a configuration token', { botToken: 'xoxe.xoxp-1-abc' }, 'botToken', 'error', /configuration or user token/],
  ['a workflow token', { botToken: 'xwfp-123' }, 'botToken', 'error', /workflow token/],
  ['a secret in the bot field', { botToken: secret }, 'botToken', 'error', /looks like a secret/],
  ['a secret in the app-level field', { appToken: secret }, 'appToken', 'error', /looks like a secret/],
  [
    'the client secret twice',
    { clientSecret: secret, signingSecret: secret },
    'signingSecret',
    'error',
    /the same as the/,
  ],
  ['the client ID as a signing secret', { signingSecret: clientId }, 'signingSecret', 'error', /a client ID/],
  ['the client ID as a client secret', { clientSecret: clientId }, 'clientSecret', 'error', /a client ID/],
  ['the app ID as a client secret', { appId, clientSecret: appId }, 'clientSecret', 'error', /the app ID/],
  ['the client ID as an app ID', { appId: clientId }, 'appId', 'error', /a client ID.*begins with A/],
  ['the app ID as a client ID', { clientId: appId }, 'clientId', 'error', /an app ID/],
  ['a secret as a client ID', { clientId: secret }, 'clientId', 'error', /looks like a secret/],
  ['a token as a client secret', { clientSecret: bot }, 'clientSecret', 'error', /a bot token.*Basic Information/],
  ['a workspace ID as an app ID', { appId: 'T0123456789' }, 'appId', 'warn', /ID of a workspace/],
  ['an app ID in small letters', { appId: 'a0123456789' }, 'appId', 'warn', /not the usual form of an app ID/],
  ['a client ID of one number', { clientId: '1234567890' }, 'clientId', 'warn', /not the usual form of a client ID/],
  [
    'a verification token',
    { signingSecret: 'abcdefghijklmnopqrstuvWX' },
    'signingSecret',
    'warn',
    /verification token/,
  ],
  [
    'a secret without its end',
    { clientSecret: secret.slice(0, 31) },
    'clientSecret',
    'warn',
    /^31 of 32 characters: the/,
  ],
  ['a secret with too much', { signingSecret: `${secret}a` }, 'signingSecret', 'warn', /^33 characters where/],
  ['a bot token without its end', { botToken: bot.slice(0, -10) }, 'botToken', 'warn', /looks cut/],
  ['an app-level token without its end', { appToken: app.slice(0, -30) }, 'appToken', 'warn', /looks cut/],
  ['a token that begins like none', { botToken: 'hello' }, 'botToken', 'warn', /usually begins with xoxb-/],
  [
    'an app-level token of another app',
    { appId: 'A9999999999', appToken: app },
    'appToken',
    'warn',
    /the app A0123456789/,
  ],
  [
    'a client ID of another workspace',
    { clientId: '99999999.1234567890', botToken: bot },
    'botToken',
    'warn',
    /workspaces/,
  ],
  ['spaces around a value', { botToken: ` ${bot}\n` }, 'botToken', 'warn', /spaces around/],
  [
    'a line break inside',
    { signingSecret: `${secret.slice(0, 9)}\n${secret.slice(9)}` },
    'signingSecret',
    'warn',
    /line break/,
  ],
  ['quotes around a value', { botToken: `"${bot}"` }, 'botToken', 'error', /quotation marks/],
  ['the word Bearer', { botToken: `Bearer ${bot}` }, 'botToken', 'error', /the word Bearer/],
  [
    'the name in front',
    { signingSecret: `SLACK_SIGNING_SECRET=${secret}` },
    'signingSecret',
    'error',
    /the equals sign/,
  ],
  ['dots in place of a secret', { clientSecret: '••••••••••••' }, 'clientSecret', 'error', /Press Show/],
  ['stars in place of a secret', { signingSecret: '********' }, 'signingSecret', 'error', /Press Show/],
  ['a token cut by dots', { botToken: 'xoxb-1234…' }, 'botToken', 'error', /Press Show/],
  [
    'a webhook on another host',
    { webhookUrl: 'https://x.test/services/T1/B1/x' },
    'webhookUrl',
    'error',
    /host x\.test/,
  ],
  ['a webhook without its end', { webhookUrl: hook.slice(0, 55) }, 'webhookUrl', 'warn', /looks cut/],
  [
    'a webhook of a workflow',
    { webhookUrl: 'https://hooks.slack.com/triggers/T1/2/3' },
    'webhookUrl',
    'warn',
    /workflow/,
  ],
]

describe('the form of what was typed', () => {
  test.each(cases)('%s', (_name, values, field, level, message) => {
    const notices = checkCredentials(values)

    expect(notices[field]).toEqual({ level, message: expect.stringMatching(message) })
    expect(notices[field]?.message).toMatch(/\.$/)
    expect(Object.keys(notices)).toEqual([field])
  })

  test('a full set that fits together needs no word', () => {
    expect(checkCredentials(all)).toEqual({})
  })

  test('empty fields get no notice', () => {
    expect(checkCredentials({ appId: '', botToken: '   ' })).toEqual({})
  })

  test('the sample secret of Slack’s own documentation is taken', () => {
    const notices = checkCredentials({ signingSecret: '8f742231b10e8888abcd99yyyzzz85a5' })

    expect(notices.signingSecret?.level).not.toBe('error')
  })

  test('a webhook of a named loopback host is taken', () => {
    const webhookUrl = 'http://127.0.0.1:4600/services/T01234567/B01234567/AbCdEfGhIjKlMnOpQrStUvWx'

    expect(checkCredentials({ webhookUrl }, ['127.0.0.1:4600'])).toEqual({})
  })

  test('letters and digits alone are never refused, whatever their length', () => {
    const plain = fc.stringMatching(/^[A-Za-z0-9]{1,80}$/)
    const secrets = fc.constantFrom<CredentialField>('clientSecret', 'signingSecret')

    fc.assert(
      fc.property(secrets, plain, (field, value) => {
        expect(checkCredentials({ [field]: value })[field]?.level).not.toBe('error')
      }),
    )
  })

  test('whatever is typed, no notice quotes a secret and nothing is thrown', () => {
    const typed = fc.oneof(fc.string(), fc.constantFrom(...Object.values(all)), fc.string({ unit: 'binary' }))
    const fields = fc.record(Object.fromEntries(credentialFields.map((field) => [field, typed])), { requiredKeys: [] })

    fc.assert(
      fc.property(fields, (values: CredentialValues) => {
        const notices = checkCredentials(values)

        for (const notice of Object.values(notices)) {
          for (const planted of [secret, otherSecret, bot, app, hook]) expect(notice.message).not.toContain(planted)
        }
      }),
    )
  })
})

describe('what each field tells', () => {
  test.each(credentialFields)('%s says what it is for and where it stands', (field) => {
    const info = credentialInfo[field]

    expect(info.label).toMatch(/^[A-Z]/)
    expect(info.use).toMatch(/^[A-Z].*\.$/)
    for (const step of info.steps) expect(step).toMatch(/^[A-Z].*\.$/)
    expect(info.steps.length).toBeGreaterThan(0)
  })

  test('identifiers are shown, everything else is a secret', () => {
    expect(credentialFields.filter((field) => !credentialInfo[field].secret)).toEqual(['appId', 'clientId'])
  })
})

describe('fingerprints', () => {
  test.each<[CredentialField, string, string]>([
    ['botToken', bot, 'xoxb •••• UvWx'],
    ['botToken', 'xoxe.xoxb-1-abcdefghijkl', 'xoxe.xoxb •••• ijkl'],
    ['appToken', app, 'xapp •••• cdef'],
    ['clientSecret', secret, '•••• aaa5'],
    ['signingSecret', otherSecret, '•••• cdef'],
    ['webhookUrl', hook, 'T01234567/B01234567 •••• UvWx'],
    ['webhookUrl', 'https://hooks.slack.com/triggers/T1/1/abcdef', 'webhook •••• cdef'],
    ['botToken', 'no-token-at-all-here', '•••• here'],
    ['clientSecret', 'short', '••••'],
    ['botToken', 'xoxb-1', 'xoxb ••••'],
  ])('of %s %s', (field, value, shown) => {
    expect(fingerprint(field, value)).toBe(shown)
  })
})

describe('tokens', () => {
  test.each([
    [bot, 'bot'],
    [user, 'user'],
    [app, 'app'],
    ['xoxe.xoxb-1-a', 'rotating_bot'],
    ['xoxe.xoxp-1-a', 'rotating_user'],
    ['xoxe-1-a', 'refresh'],
    ['xwfp-1', 'workflow'],
    ['xoxd-1', 'browser'],
    ['xoxo-1', 'legacy'],
    ['xoxb', undefined],
    ['hello', undefined],
  ])('%s is of the kind %s', (token, kind) => {
    expect(tokenKind(token)).toBe(kind)
  })

  test('an app-level token names its app', () => {
    expect(appIdInToken(app)).toBe(appId)
    expect(appIdInToken(bot)).toBeUndefined()
  })
})
