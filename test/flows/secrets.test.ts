import { describe, expect, test } from 'vitest'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { accessTable } from '../../server/users/access.ts'
import { storedText, textOf } from '../support/seen.ts'
import { type Answer, PASSWORD, SETUP_TOKEN, startWorld, type World } from '../support/world.ts'

/*
 * Plants secrets in every field that takes one, drives every route well, badly and while Slack fails in every way, and
 * then looks for the secrets in each answer, log line, metric and stored byte.
 */

const FAULTS = [
  { kind: 'error', code: 'invalid_auth' },
  { kind: 'error', code: 'token_revoked' },
  { kind: 'error', code: 'is_archived' },
  { kind: 'error', code: 'something_new_from_slack' },
  { kind: 'rate_limited', retryAfterSeconds: 1 },
  { kind: 'http_500' },
  { kind: 'http_503_html' },
  { kind: 'truncated_json' },
  { kind: 'redirect' },
  { kind: 'reset' },
  { kind: 'lost_answer' },
]
const WEBHOOK_FAULTS = [
  { kind: 'webhook_error', body: 'no_service', status: 404 },
  { kind: 'http_503_html' },
  { kind: 'redirect' },
  { kind: 'reset' },
]

describe.each(['sqlite', 'postgres'] as const)('secrets, on %s', (engine) => {
  test.each([
    ['however Slack fails', driveFailures, 40],
    ['whatever is asked', driveRoutes, 2_000],
  ] as const)(
    'are in no answer, log line, metric or stored byte, %s',
    async (_, drive, least) => {
      const seen: Seen[] = []
      await using world = await startWorld({ engine, onLogLine: (text) => seen.push({ where: 'log', text }) })
      const planted = await plant(world, seen)

      await drive(world, planted, seen)
      seen.push(...(await storedText(world)))

      for (const [name, secret] of Object.entries(planted.secrets)) {
        const leaks = seen.filter(({ text }) => text.includes(secret)).map(({ where }) => where)
        expect(leaks, `${name} was found`).toEqual([])
      }
      expect(seen.length).toBeGreaterThan(least)
    },
    180_000,
  )
})

type Seen = { where: string; text: string }

type Planted = {
  secrets: Record<string, string>
  integrationId: string
  destinations: { channel: string; webhook: string }
  /** Bodies that carry secrets, good and bad. */
  bodies: unknown[]
}

async function plant(world: World, seen: Seen[]): Promise<Planted> {
  const admin = await world.as('admin')
  const app = await world.slack.app()
  const integration = await world.havingIntegration()
  const [hook] = app.webhooks
  if (!hook) throw new Error('The sandbox has no webhook.')
  const made = { integrationId: integration.id }
  const channel = await admin.post('/api/destinations', { ...made, kind: 'channel', channel: '#compliance' })
  const webhook = await admin.post('/api/destinations', { ...made, kind: 'webhook', url: hook.url, name: 'Kim' })
  const key = await admin.post('/api/api-keys', { name: 'reader', scopes: ['metrics:read'] })
  seen.push(...[channel, webhook].map((answer) => ({ where: 'POST /api/destinations', text: answer.text })))
  const typed = {
    clientSecret: 'typed0client0secret0typed0client',
    signingSecret: 'typed0signing0secret0typed0signi',
    botToken: 'xoxb-9876543210-9876543210987-TypedBotTokenTypedBotTok',
    appToken: `xapp-1-A0TYPEDAPP-9876543210987-${'7e'.repeat(32)}`,
    userToken: `xoxp-9876543210-9876543210-9876543210-${'5d'.repeat(16)}`,
  }
  const webhookUrl = `${new URL(hook.url).origin}/services/T0TYPED01/B0TYPED01/TypedWebhookSecretTyped0`
  const secrets = {
    'client secret': app.clientSecret,
    'signing secret': app.signingSecret,
    'bot token': app.botToken,
    'app-level token': app.appToken,
    'webhook secret': hook.url.split('/').at(-1) ?? '',
    'typed client secret': typed.clientSecret,
    'typed signing secret': typed.signingSecret,
    'typed bot token': typed.botToken,
    'typed app-level token': typed.appToken,
    'typed user token': typed.userToken,
    'typed webhook secret': 'TypedWebhookSecretTyped0',
    password: PASSWORD,
    'setup token': SETUP_TOKEN,
    'API key': key.body.key,
    'master key': Buffer.alloc(32, 7).toString('base64'),
  }
  const { clientSecret, signingSecret, botToken, appToken } = typed
  const whole = { provider: 'slack', name: 'Typed', appId: 'A0TYPEDAPP', clientId: '1.2' }
  const bodies = [
    { ...whole, clientSecret, signingSecret, botToken, appToken },
    { ...whole, clientSecret: signingSecret, signingSecret, botToken: typed.userToken, appToken: botToken },
    { clientSecret, signingSecret, botToken, appToken, webhooks: [webhookUrl, botToken] },
    { clientSecret, signingSecret, botToken, appToken },
    { botToken, [botToken]: 'a secret as a field name' },
    { ...made, kind: 'webhook', url: webhookUrl },
    { ...made, kind: 'webhook', url: webhookUrl.replace('127.0.0.1', 'hooks.slack.com.evil.example') },
    { ...made, kind: 'channel', channel: botToken },
    { ...made, kind: 'person', person: botToken },
    { message: { text: 'Hello', [botToken]: true } },
    { token: SETUP_TOKEN, name: 'Eve', email: 'eve@acme.example', password: PASSWORD },
    { email: 'ada@acme.example', password: `${PASSWORD}!` },
    { name: botToken, scopes: ['metrics:read'] },
    `{"botToken": "${botToken}", `,
    [botToken],
    botToken,
  ]
  return {
    secrets,
    integrationId: integration.id,
    destinations: { channel: channel.body.id, webhook: webhook.body.id },
    bodies,
  }
}

async function driveFailures(world: World, planted: Planted, seen: Seen[]) {
  const operator = await world.as('operator')
  const tell = (where: string, answer: Answer) => seen.push({ where, text: textOf(answer) })
  const send = async (destination: string, fault: Record<string, unknown>) => {
    await world.slack.clearFaults()
    await world.slack.fault(fault)
    const sending = operator.post(`/api/destinations/${destination}/test`, {})
    const round = setInterval(() => {
      world.clock.now += 5_000 // so that waits and retries come due
      void deliverDue(world.ctx).catch(() => {})
    }, 20)
    const answer = await sending
    clearInterval(round)
    tell(`test send, ${fault.kind} ${fault.code ?? ''}`, answer)
  }
  for (const fault of FAULTS)
    await send(planted.destinations.channel, { method: 'chat.postMessage', times: 1, ...fault })
  for (const fault of WEBHOOK_FAULTS)
    await send(planted.destinations.webhook, { method: 'webhook', times: 1, ...fault })
  for (const fault of FAULTS) {
    await world.slack.clearFaults()
    await world.slack.fault({ method: '*', times: null, ...fault })
    const path = `/api/integrations/${planted.integrationId}/test`
    tell(`connection test, ${fault.kind}`, await operator.post(path, {}))
  }
  await world.slack.clearFaults()
  for (const signWith of ['wrong-secret', 'stale', 'future', 'altered', 'unsigned', 'replay', undefined]) {
    const [person] = await world.slack.people()
    const command = { command: '/switchboard', text: 'help', userId: person?.id ?? '', ...(signWith && { signWith }) }
    const answered = await world.slack.command({ ...command, channelId: await world.slack.channel('compliance') })
    seen.push({ where: `slash command, ${signWith ?? 'signed'}`, text: JSON.stringify(answered.body) })
  }
}

async function driveRoutes(world: World, planted: Planted, seen: Seen[]) {
  const callers = { admin: await world.as('admin'), viewer: await world.as('viewer'), nobody: world.anonymous }
  const deliveries = await callers.admin.get('/api/deliveries')
  const tests = await callers.admin.get(`/api/integrations/${planted.integrationId}/tests`)
  const place = (path: string) =>
    path
      .replace('{testId}', tests.body.items[0]?.id ?? 'tst_none')
      .replace('{integrationId}', planted.integrationId)
      .replace('/integrations/{id}', `/integrations/${planted.integrationId}`)
      .replace('/destinations/{id}', `/destinations/${planted.destinations.webhook}`)
      .replace(/\/(deliveries|messages)\/\{id\}/, `/$1/${deliveries.body.items[0]?.id}`)
      .replace('{type}', 'x')
      .replace('{id}', 'none')
      // A stream has no end to wait for; refused, it answers like the rest.
      .replace('/deliveries/stream', '/deliveries/stream?state=nonsense')
      .replace('{file}', 'none')
  // What is planted must stay to be looked for, and those who look must stay signed in.
  const rows = accessTable.filter(({ method, path }) => method !== 'DELETE' && !path.endsWith('/sign-out'))
  const done: string[] = []
  for (const { method, path } of rows) {
    for (const [name, caller] of Object.entries(callers)) {
      const where = `${method} ${path} by ${name}`
      const ask = async (asked: Promise<Answer>) => {
        const answer = await asked
        if (answer.status < 300 && method !== 'GET') done.push(where)
        seen.push({ where, text: textOf(answer) })
      }
      if (method === 'GET') await ask(caller.get(place(path)))
      else {
        const call = { POST: caller.post, PATCH: caller.patch, PUT: caller.put }[method as 'POST' | 'PATCH' | 'PUT']
        // A good sign-in answers with the session it made, and that is its purpose.
        if (path.includes('api-keys') && name === 'admin') continue
        const asking = planted.bodies.map((body) => () => ask(call(place(path), body)))
        // Those who may do less are nearly always refused, so that one request changes nothing for the next.
        if (name === 'admin') for (const one of asking) await one()
        else await Promise.all(asking.map((one) => one()))
      }
    }
  }
  // The walk is worth something only where the good bodies were taken.
  expect(done).toEqual(
    expect.arrayContaining([
      'POST /api/integrations by admin',
      'PATCH /api/integrations/{id} by admin',
      'POST /api/integrations/{id}/test by admin',
      'POST /api/destinations by admin',
    ]),
  )
  const deliveryIds = deliveries.body.items.map((item: { id: string }) => item.id)
  for (const id of deliveryIds) {
    seen.push({ where: 'delivery page', text: textOf(await callers.viewer.get(`/api/deliveries/${id}`)) })
  }
}
