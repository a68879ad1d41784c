import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import type { CheckSubject } from '../../../../server/providers/provider.ts'
import { STEP_MS } from '../../../../server/providers/slack/check/check.ts'
import { makeSlackReach } from '../../../../server/providers/slack/reach.ts'
import { type StepName, stepNames, type TestStep } from '../../../../shared/connection-tests.ts'
import { authority, expired, selfSigned, trusted } from './certificates.ts'
import { contextOver, examine, type Outside, startOutside, subjectOf } from './outside.ts'
import { closedPort, proxyServer, tlsServer, webServer } from './servers.ts'

beforeAll(() => setDefaultCACertificates([...getCACertificates('default'), authority]))

const DOCTOR_STEPS = stepNames.filter((name) => name !== 'signing_secret')
const SHORT_MS = 1500

describe('with everything right', () => {
  test('all steps pass, each told as it starts and as it ends, in order', async () => {
    await using outside = await startOutside()
    await outside.sandbox.changeToken(outside.app.appId, 'bot', { scopes: outside.app.scopes })
    const webhooks = [{ label: 'Alerts', url: outside.webhookUrl }]

    const { reports, ended, findings } = await examine(outside.ctx, outside.subject({ webhooks }))

    expect(ended.map(({ name, state }) => `${name} ${state}`)).toEqual(DOCTOR_STEPS.map((name) => `${name} pass`))
    expect(reports.map(({ name, state }) => `${name} ${state}`)).toEqual(
      DOCTOR_STEPS.flatMap((name) => [`${name} running`, `${name} pass`]),
    )
    expect(ended.map(({ title }) => title)).toEqual([
      'Fields look right',
      'Slack answers',
      'Bot token is @switchboard in Acme',
      'Bot token belongs to app A0SWITCHBRD',
      '18 scopes granted, none missing',
      'Client ID and client secret match',
      'App-level token opens a socket',
      '#compliance exists, and the bot is in it',
      'Posted to #compliance',
      '1 webhook posted',
    ])
    expect(findings).toEqual({
      workspaceId: 'T0ACMEDEMO1',
      workspaceName: 'Acme',
      workspaceUrl: 'https://acme.slack.com/',
      botUserId: 'U0SWITCHBOT',
      botId: 'B0SWITCHBOT',
      botName: 'switchboard',
      scopes: outside.app.scopes,
    })
  })

  test('the message carries a button that names the test', async () => {
    await using outside = await startOutside()

    await examine(outside.ctx, outside.subject({ testId: 'tst_77' }))

    const [message] = await outside.sandbox.messages('C0COMPLIANC')
    expect(message).toMatchObject({
      metadata: { event_payload: { delivery_id: 'tst_77' } },
      blocks: [{ type: 'section' }, { elements: [{ action_id: 'switchboard_test', value: 'tst_77' }] }],
    })
  })

  test('nothing entered but the app’s own credentials is no failure of the rest', async () => {
    await using outside = await startOutside()
    const { clientSecret, signingSecret } = outside.app
    const subject = outside.subject({ secrets: { clientSecret, signingSecret }, testChannel: '' })

    const { ended } = await examine(outside.ctx, subject)

    const states = Object.fromEntries(ended.map(({ name, state }) => [name, state]))
    expect(states).toMatchObject({ fields: 'pass', reach: 'pass', client_secret: 'pass' })
    for (const name of ['bot_token', 'app_match', 'scopes', 'app_token', 'channel', 'message', 'webhooks']) {
      expect(states).toMatchObject({ [name]: 'skipped' })
    }
    for (const step of ended.filter(({ state }) => state === 'skipped')) expect(step.detail).toMatch(/\.$/)
  })
})

type Setting = {
  says: string
  set?: (outside: Outside) => Promise<unknown> | unknown
  subject?: (outside: Outside) => Partial<CheckSubject>
  step: StepName
  gives: Partial<TestStep>
  /** Steps after it that still do their work. */
  still?: StepName[]
}

const secrets = (outside: Outside, change: Record<string, string>) => ({
  secrets: { ...outside.connection.secrets, ...change },
})
const fault = (method: string, more: Record<string, unknown>) => (outside: Outside) =>
  outside.sandbox.fault({ method, times: null, ...more })
const botScopes = (scopes: string[]) => (outside: Outside) =>
  outside.sandbox.changeToken(outside.app.appId, 'bot', { scopes })
const bot = (state: string) => (outside: Outside) => outside.sandbox.changeToken(outside.app.appId, 'bot', { state })
const withoutScope =
  (...gone: string[]) =>
  (outside: Outside) =>
    outside.sandbox.changeToken(outside.app.appId, 'bot', {
      scopes: outside.app.scopes.filter((scope) => !gone.includes(scope)),
    })

const settings: Setting[] = [
  {
    says: 'a user token in the bot field',
    subject: (outside) => secrets(outside, { botToken: outside.app.userToken }),
    step: 'fields',
    gives: { state: 'fail', field: 'botToken' },
  },
  {
    says: 'a user token in the bot field, as Slack sees it',
    subject: (outside) => secrets(outside, { botToken: outside.app.userToken }),
    step: 'bot_token',
    gives: {
      state: 'fail',
      title: 'This is a user token, of @ada in Acme',
      code: 'not_allowed_token_type',
      field: 'botToken',
    },
    still: ['client_secret', 'app_token'],
  },
  {
    says: 'a signing secret that is the client secret',
    subject: (outside) => secrets(outside, { signingSecret: outside.app.clientSecret }),
    step: 'fields',
    gives: { state: 'fail', field: 'signingSecret' },
  },
  {
    says: 'a client ID that was not entered',
    subject: () => ({ clientId: '' }),
    step: 'fields',
    gives: { state: 'fail', field: 'clientId', detail: 'Client ID: Not entered yet.' },
  },
  {
    says: 'a webhook of another host',
    subject: () => ({ webhooks: [{ label: 'Mine', url: 'https://example.com/services/T0A/B0A/abc' }] }),
    step: 'webhooks',
    gives: { state: 'fail', code: 'webhook_not_allowed', field: 'webhookUrl', title: '1 of 1 webhook failed' },
  },
  {
    says: 'a clock 2 minutes off',
    set: (outside) => outside.sandbox.ask('PATCH', '/settings', { dateSkewSeconds: -120 }),
    step: 'reach',
    gives: { state: 'warn', title: 'Slack answers, and our clock is 2 min ahead of Slack' },
  },
  {
    says: 'a clock 10 minutes off',
    set: (outside) => outside.sandbox.ask('PATCH', '/settings', { dateSkewSeconds: 600 }),
    step: 'reach',
    gives: { state: 'fail', title: 'Slack answers, and our clock is 10 min behind Slack' },
    still: ['bot_token', 'message'],
  },
  {
    says: 'a page of somebody else where Slack should answer',
    set: fault('api.test', { kind: 'http_503_html', status: 200, body: '<html><title>Guest Wi-Fi</title>' }),
    step: 'reach',
    gives: { state: 'fail', code: 'not_json', detail: expect.stringContaining('The page is titled "Guest Wi-Fi".') },
  },
  {
    says: 'a redirect where Slack should answer',
    set: fault('api.test', { kind: 'redirect' }),
    step: 'reach',
    gives: {
      state: 'fail',
      code: 'redirected',
      detail: expect.stringMatching(/It was sent on to 127\.0\.0\.1:\d+\.$/),
    },
  },
  {
    says: 'Slack under maintenance',
    set: fault('api.test', { kind: 'http_503_html' }),
    step: 'reach',
    gives: { state: 'fail', code: 'http_503', requestId: expect.stringMatching(/^[0-9a-f]{32}$/) },
    still: ['bot_token', 'message'],
  },
  {
    says: 'a revoked bot token',
    set: bot('revoked'),
    step: 'bot_token',
    gives: {
      state: 'fail',
      title: 'Bot token: it was revoked',
      code: 'token_revoked',
      field: 'botToken',
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
      link: { label: 'Install App', url: 'https://api.slack.com/apps/A0SWITCHBRD/install-on-team' },
    },
    still: ['client_secret', 'app_token'],
  },
  {
    says: 'a removed app',
    set: bot('inactive'),
    step: 'bot_token',
    gives: { state: 'fail', code: 'account_inactive', field: 'botToken' },
    still: ['client_secret', 'app_token'],
  },
  {
    says: 'an expired bot token',
    set: bot('expired'),
    step: 'bot_token',
    gives: { state: 'fail', code: 'token_expired', field: 'botToken' },
  },
  {
    says: 'a bot token of nobody',
    subject: (outside) => secrets(outside, { botToken: 'xoxb-1042973561840-1042973561901-abcdefghijklmnopqrstuvwx' }),
    step: 'bot_token',
    gives: { state: 'fail', title: 'Bot token: Slack rejects it', code: 'invalid_auth', field: 'botToken' },
    still: ['client_secret', 'app_token'],
  },
  {
    says: 'an app-level token in the bot field',
    subject: (outside) => secrets(outside, { botToken: outside.app.appToken }),
    step: 'bot_token',
    gives: { state: 'fail', title: 'This is no bot token', code: 'not_allowed_token_type', field: 'botToken' },
  },
  {
    says: 'a bot token copied while it was hidden',
    subject: (outside) => secrets(outside, { botToken: 'xoxb-••••••••' }),
    step: 'bot_token',
    gives: { state: 'fail', code: 'not_bearer_token', title: 'Bot token: it holds characters that no token has' },
    still: ['client_secret', 'app_token'],
  },
  {
    says: 'an app-level token with a line break inside',
    subject: (outside) => secrets(outside, { appToken: 'xapp-1-A0\nB' }),
    step: 'app_token',
    gives: { state: 'fail', code: 'not_bearer_token', field: 'appToken' },
  },
  {
    says: 'a limit while asking about the token',
    set: fault('auth.test', { kind: 'rate_limited', retryAfterSeconds: 30 }),
    step: 'bot_token',
    gives: { state: 'warn', code: 'ratelimited', fix: 'Wait 30.0 s, then run the connection test again.' },
    still: ['client_secret', 'channel', 'message'],
  },
  {
    says: 'an answer about the token that was lost',
    set: fault('auth.test', { kind: 'reset' }),
    step: 'bot_token',
    gives: { state: 'fail', detail: expect.not.stringContaining('message'), fix: expect.stringContaining('again') },
    still: ['client_secret', 'app_token'],
  },
  {
    says: 'another workspace than last time',
    subject: () => ({ lastWorkspaceId: 'T0OTHER0001' }),
    step: 'bot_token',
    gives: { state: 'warn', title: 'Bot token is @switchboard in Acme, which is another workspace than last time' },
    still: ['message'],
  },
  {
    says: 'an app ID of another app',
    subject: () => ({ appId: 'A0OTHERAPP1' }),
    step: 'app_match',
    gives: { state: 'fail', field: 'appId', title: 'Bot token belongs to app A0SWITCHBRD, not to A0OTHERAPP1' },
    still: ['channel'],
  },
  {
    says: 'an app ID of another app when Slack tells it only with the message',
    set: withoutScope('users:read'),
    subject: () => ({ appId: 'A0OTHERAPP1' }),
    step: 'message',
    gives: { state: 'fail', field: 'appId', title: 'Posted to #compliance, by another app' },
  },
  {
    says: 'no scope to ask which app the bot belongs to',
    set: withoutScope('users:read'),
    step: 'app_match',
    gives: { state: 'skipped', detail: expect.stringContaining('users:read') },
    still: ['message'],
  },
  {
    says: 'scopes that are missing',
    set: withoutScope('im:write', 'users:read.email'),
    step: 'scopes',
    gives: {
      state: 'warn',
      title: '2 scopes missing',
      code: 'missing_scope',
      fix: 'Add im:write and users:read.email under OAuth & Permissions, then install the app again so that it takes effect.',
      link: { label: expect.stringContaining('OAuth'), url: 'https://api.slack.com/apps/A0SWITCHBRD/oauth' },
      items: expect.arrayContaining([
        { label: 'im:write', state: 'warn', code: 'missing_scope', note: 'needed to send direct messages' },
        { label: 'users:read.email', state: 'warn', code: 'missing_scope', note: 'needed to find people by e-mail' },
        { label: 'files:write', state: 'pass', note: 'granted, and used by no feature that is on' },
      ]),
    },
    still: ['channel', 'message'],
  },
  {
    says: 'a policy against chat:write.public while the bot is in its channel',
    set: withoutScope('chat:write.public'),
    step: 'message',
    gives: { state: 'pass' },
  },
  {
    says: 'a client secret of another app',
    subject: (outside) => secrets(outside, { clientSecret: '0'.repeat(32) }),
    step: 'client_secret',
    gives: { state: 'fail', code: 'bad_client_secret', field: 'clientSecret' },
    still: ['app_token', 'message'],
  },
  {
    says: 'a client ID that Slack does not know',
    subject: () => ({ clientId: '1111111111.2222222222222' }),
    step: 'client_secret',
    gives: { state: 'fail', code: 'invalid_client_id', field: 'clientId' },
  },
  {
    says: 'an installation that would fail for another reason',
    set: fault('oauth.v2.access', { kind: 'error', code: 'bad_redirect_uri' }),
    step: 'client_secret',
    gives: { state: 'warn', code: 'bad_redirect_uri', title: 'Client ID and client secret were not refused' },
  },
  {
    says: 'a bot token in the app-level field',
    subject: (outside) => secrets(outside, { appToken: outside.app.botToken }),
    step: 'app_token',
    gives: {
      state: 'fail',
      code: 'not_allowed_token_type',
      field: 'appToken',
      title: 'This is not an app-level token',
    },
    still: ['message'],
  },
  {
    says: 'an app-level token without its scope',
    set: (outside) => outside.sandbox.changeToken(outside.app.appId, 'app', { scopes: ['authorizations:read'] }),
    step: 'app_token',
    gives: {
      state: 'fail',
      code: 'missing_scope',
      field: 'appToken',
      title: 'App-level token lacks connections:write',
    },
  },
  {
    says: 'a revoked app-level token',
    set: (outside) => outside.sandbox.changeToken(outside.app.appId, 'app', { state: 'revoked' }),
    step: 'app_token',
    gives: { state: 'fail', code: 'token_revoked', field: 'appToken' },
    still: ['channel', 'message'],
  },
  {
    says: 'a channel by its permalink',
    subject: () => ({ testChannel: 'https://acme.slack.com/archives/C0COMPALERT/p1700000000000000' }),
    step: 'message',
    gives: { state: 'pass', title: 'Posted to #compliance-alerts' },
  },
  {
    says: 'a channel by its id, without the bot in it',
    subject: () => ({ testChannel: 'C0AUDITROOM' }),
    step: 'channel',
    gives: { state: 'pass', title: '#audit-room exists, and the bot may post without being in it' },
    still: ['message'],
  },
  {
    says: 'an archived channel',
    subject: () => ({ testChannel: '#old-alerts' }),
    step: 'channel',
    gives: {
      state: 'fail',
      code: 'is_archived',
      field: 'testChannel',
      title: '#old-alerts is archived',
      link: { label: '#old-alerts in Slack', url: 'https://acme.slack.com/archives/C0OLDALERTS' },
    },
  },
  {
    says: 'a misspelt channel',
    subject: () => ({ testChannel: '#complaince' }),
    step: 'channel',
    gives: {
      state: 'fail',
      code: 'channel_not_found',
      title: 'The bot sees no channel #complaince',
      fix: 'If you mean #compliance, choose that one; if #complaince is private, type /invite @switchboard in it.',
    },
  },
  {
    says: 'a private channel without the bot',
    subject: () => ({ testChannel: 'C0BOARD0001' }),
    step: 'channel',
    gives: {
      state: 'fail',
      code: 'channel_not_found',
      fix: expect.stringContaining('/invite @switchboard'),
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
    },
  },
  {
    says: 'a public channel that the bot would have to be in',
    set: withoutScope('chat:write.public', 'channels:join'),
    subject: () => ({ testChannel: '#audit-room' }),
    step: 'channel',
    gives: {
      state: 'fail',
      code: 'not_in_channel',
      fix: 'Type /invite @switchboard in #audit-room, or add the scope chat:write.public or channels:join.',
    },
  },
  {
    says: 'a public channel that the bot enters by itself',
    set: withoutScope('chat:write.public'),
    subject: () => ({ testChannel: '#audit-room' }),
    step: 'channel',
    gives: { state: 'pass', title: '#audit-room exists, and the bot enters it with the first message' },
  },
  {
    says: 'no scope to look at channels',
    set: botScopes(['chat:write', 'chat:write.public']),
    step: 'channel',
    gives: { state: 'warn', code: 'missing_scope', title: '#compliance could not be checked first' },
    still: ['message'],
  },
  {
    says: 'a channel where only admins may post',
    set: (outside) => outside.sandbox.changeChannel('C0COMPLIANC', { readOnly: true }),
    step: 'message',
    gives: { state: 'fail', code: 'restricted_action', title: 'Could not post to #compliance' },
  },
  {
    says: 'a message whose answer is lost',
    set: fault('chat.postMessage', { kind: 'lost_answer' }),
    step: 'message',
    gives: { state: 'fail', detail: expect.stringContaining('may or may not have arrived') },
  },
  {
    says: 'a message that has to wait',
    set: fault('chat.postMessage', { kind: 'rate_limited', retryAfterSeconds: 2 }),
    step: 'message',
    gives: { state: 'warn', code: 'ratelimited', fix: 'Wait 2.0 s, then run the connection test again.' },
  },
]

describe('one thing wrong', () => {
  test.each(settings)('$says shows in $step', async ({ set, subject, step, gives, still }) => {
    await using outside = await startOutside()
    await withoutScope()(outside)
    await set?.(outside)

    const examined = await examine(outside.ctx, outside.subject(subject?.(outside)))

    expect(examined.step(step)).toMatchObject(gives)
    for (const name of still ?? []) expect(examined.step(name).state).toMatch(/^(pass|warn)$/)
    expect(examined.ended.map(({ name }) => name)).toEqual(DOCTOR_STEPS)
    for (const { state, detail, fix } of examined.ended) {
      if (state === 'fail') expect([detail, fix]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)])
    }
  })
})

test('a channel beyond the first thousands is tried by its name', async () => {
  await using outside = await startOutside({ seed: 'large' })

  const { step } = await examine(outside.ctx, outside.subject({ testChannel: '#team-19999' }))

  expect(step('channel')).toMatchObject({ state: 'warn', title: '#team-19999 is not among the first 5000 channels' })
  expect(step('message')).toMatchObject({ state: 'pass', title: 'Posted to #team-19999' })
})

describe('webhooks', () => {
  test('are tried side by side, each with its own word', async () => {
    await using outside = await startOutside()
    const [good, removed] = outside.app.webhooks
    await outside.sandbox.ask('PATCH', `/webhooks/${removed?.id}`, { removed: true })
    const webhooks = [
      { label: 'Alerts', url: good?.url ?? '' },
      { label: 'Reports', url: removed?.url ?? '' },
      { label: 'Cut', url: (good?.url ?? '').slice(0, -3) },
    ]

    const { step } = await examine(outside.ctx, outside.subject({ webhooks }))

    expect(step('webhooks')).toMatchObject({
      state: 'fail',
      title: '2 of 3 webhooks failed',
      code: 'no_service',
      field: 'webhookUrl',
      detail: expect.stringMatching(/^Reports: /),
      items: [
        { label: 'Alerts', state: 'pass' },
        { label: 'Reports', state: 'fail', code: 'no_service', fix: expect.any(String) },
        { label: 'Cut', state: 'fail', code: 'invalid_token' },
      ],
    })
  })

  test('are tried although the bot token is dead', async () => {
    await using outside = await startOutside()
    await bot('revoked')(outside)

    const { step } = await examine(
      outside.ctx,
      outside.subject({ webhooks: [{ label: 'Alerts', url: outside.webhookUrl }] }),
    )

    expect(step('webhooks')).toMatchObject({ state: 'pass' })
  })

  test('that never answer do not hide the ones that do', async () => {
    await using outside = await startOutside()
    await outside.sandbox.fault({ method: 'webhook', channel: '#compliance-alerts', kind: 'never_answers' })
    const webhooks = outside.app.webhooks.map(({ channel, url }) => ({ label: channel, url }))

    const { step } = await examine(outside.ctx, outside.subject({ webhooks }), { stepMs: SHORT_MS })

    expect(step('webhooks')).toMatchObject({
      state: 'fail',
      code: 'timeout',
      items: [
        { label: '#compliance-alerts', state: 'fail', code: 'timeout' },
        { label: '#compliance-reports', state: 'pass' },
      ],
    })
  })
})

describe('time', () => {
  test('a step that gets no answer ends by itself, and the next ones go on', async () => {
    await using outside = await startOutside()
    await outside.sandbox.fault({ method: 'auth.test', kind: 'never_answers' })

    const { step } = await examine(outside.ctx, outside.subject(), { stepMs: SHORT_MS })

    expect(step('bot_token')).toMatchObject({ state: 'fail', code: 'timeout' })
    expect(step('bot_token').tookMs).toBeLessThan(STEP_MS)
    expect(step('client_secret').state).toBe('pass')
  })

  test('a cancelled test runs nothing more and says so', async () => {
    await using outside = await startOutside()
    const cancel = new AbortController()

    const { ended, reports } = await examine(outside.ctx, outside.subject(), {
      signal: cancel.signal,
      onReport: ({ name, state }) => name === 'scopes' && state === 'running' && cancel.abort(),
    })

    expect(ended.slice(4)).toEqual(
      DOCTOR_STEPS.slice(4).map((name) => expect.objectContaining({ name, state: 'skipped', detail: 'Cancelled' })),
    )
    expect(reports.filter(({ state }) => state === 'running')).toHaveLength(5)
    expect(await outside.sandbox.calls('chat.postMessage')).toEqual([])
  })

  test('cancelling breaks off a request that is under way', async () => {
    await using outside = await startOutside()
    await outside.sandbox.fault({ method: 'auth.test', kind: 'never_answers' })
    const cancel = new AbortController()

    const { step } = await examine(outside.ctx, outside.subject(), {
      signal: cancel.signal,
      onReport: ({ name, state }) => name === 'bot_token' && state === 'running' && setImmediate(() => cancel.abort()),
    })

    expect(step('bot_token')).toMatchObject({ state: 'skipped', detail: 'Cancelled' })
  })
})

describe('the road to Slack', () => {
  const road = async (apiUrl: string, proxyUrl?: string) => {
    const reach = makeSlackReach({ apiUrl, webhookHosts: [], uploadHosts: [], proxyUrl })
    const secrets = {
      clientSecret: 'a'.repeat(32),
      signingSecret: 'b'.repeat(32),
      botToken: 'xoxb-1',
      appToken: 'xapp-1',
    }
    const examined = await examine(contextOver(reach), subjectOf({ appId: 'A0SWITCHBRD', clientId: '1.2', secrets }))
    await reach.close()
    return examined
  }
  const parts = (step: TestStep) =>
    (step.items ?? []).map(({ label, state, code }) => [label, state, code].join(' ').trim())

  test('to a name that does not exist ends at DNS, and what needs Slack is not tried', async () => {
    const { step } = await road('https://slack.invalid/api/')

    expect(step('reach')).toMatchObject({ state: 'fail', title: "The name slack.invalid can't be found" })
    expect(parts(step('reach'))).toEqual([
      expect.stringMatching(/^DNS fail (ENOTFOUND|EAI_AGAIN)$/),
      'TCP skipped',
      'TLS skipped',
      'HTTP skipped',
    ])
    for (const name of ['bot_token', 'client_secret', 'app_token', 'channel', 'message'] as const) {
      expect(step(name)).toMatchObject({ state: 'skipped', detail: 'Slack could not be reached.' })
    }
  })

  test('to a closed port ends at TCP', async () => {
    const { step } = await road(`https://localhost:${await closedPort()}/api/`)

    expect(step('reach')).toMatchObject({ state: 'fail', code: 'ECONNREFUSED' })
    expect(parts(step('reach'))).toEqual(['DNS pass', 'TCP fail ECONNREFUSED', 'TLS skipped', 'HTTP skipped'])
  })

  test('to somebody with a certificate of their own ends at TLS', async () => {
    await using server = await tlsServer(selfSigned, () => {})

    const { step } = await road(`${server.url}/api/`)

    expect(step('reach')).toMatchObject({
      state: 'fail',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      title: 'No trusted encryption with localhost',
      fix: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    })
    expect(parts(step('reach'))).toEqual([
      'DNS pass',
      'TCP pass',
      'TLS fail DEPTH_ZERO_SELF_SIGNED_CERT',
      'HTTP skipped',
    ])
  })

  test('to a page that is not Slack ends at HTTP, and no token goes there', async () => {
    const asked: string[] = []
    await using server = await webServer((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization ?? 'no token'}`)
      response.end('<html>Welcome to the hotel</html>')
    })

    const { step } = await road(`${server.url}/api/`)

    expect(step('reach')).toMatchObject({ state: 'fail', code: 'not_json' })
    expect(asked).toEqual(['/api/api.test no token'])
  })

  test('through a proxy names the proxy’s part', async () => {
    await using slack = await tlsServer(trusted, (_request, response) => response.end('{"ok":true}'))
    await using proxy = await proxyServer({ toPort: slack.port })

    const { step } = await road('https://slack.test/api/', `http://127.0.0.1:${proxy.port}`)

    expect(step('reach')).toMatchObject({ state: 'pass', title: 'Slack answers' })
    expect(parts(step('reach'))).toEqual([
      'DNS of the proxy pass',
      'TCP of the proxy pass',
      'Proxy pass',
      'TLS pass',
      'HTTP pass',
      'Clock pass',
    ])
  })

  test('through a proxy that refuses blames the proxy', async () => {
    await using proxy = await proxyServer({ status: 407 })

    const { step } = await road('https://slack.test/api/', `http://127.0.0.1:${proxy.port}`)

    expect(step('reach')).toMatchObject({ state: 'fail', code: 'proxy_auth_required' })
    expect(step('reach').title).toBe(`The proxy 127.0.0.1:${proxy.port} lets nothing through to slack.test`)
  })

  test('through a proxy that is not there blames the setting', async () => {
    const port = await closedPort()

    const { step } = await road('https://slack.test/api/', `http://127.0.0.1:${port}`)

    expect(step('reach')).toMatchObject({
      state: 'fail',
      code: 'ECONNREFUSED',
      title: `The proxy 127.0.0.1:${port} can't be reached`,
      fix: expect.stringContaining('HTTPS_PROXY'),
    })
  })

  test('past an expired certificate points at the clock', async () => {
    await using slack = await tlsServer(expired, () => {})
    await using proxy = await proxyServer({ toPort: slack.port })

    const { step } = await road('https://slack.test/api/', `http://127.0.0.1:${proxy.port}`)

    expect(step('reach')).toMatchObject({ code: 'CERT_HAS_EXPIRED', fix: expect.stringContaining('clock') })
  })
})

test('a step that breaks by our mistake says so, is logged, and lets the others run', async () => {
  await using outside = await startOutside()
  const lines: string[] = []
  const ctx = { ...contextOver(outside.ctx.slack, (line) => lines.push(line)) }
  ctx.now = () => {
    throw new Error('no time')
  }

  const { step } = await examine(ctx, outside.subject())

  expect(step('reach')).toMatchObject({ state: 'fail', code: 'internal' })
  expect(step('message').state).toBe('pass')
  expect(lines.join('')).toContain('connection_test.step_broke')
})
