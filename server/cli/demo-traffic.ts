import { randomBytes, randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'

/** What the demo drives: the console's API as a signed-in admin, and the simulator's control API as people in Slack. */
export type Demo = {
  email: string
  password: string
  api: Ask
  slack: Ask
  integrationId: string
  appId: string
  webhooks: string[]
  people: string[]
  channels: string[]
}

type Ask = <Answer>(method: string, path: string, schema: z.ZodType<Answer>, body?: unknown) => Promise<Answer>

const Anything = z.unknown()
const WithId = z.object({ id: z.string() })
const SlackApp = z.object({
  appId: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  signingSecret: z.string(),
  botToken: z.string(),
  appToken: z.string(),
  webhooks: z.array(z.object({ url: z.string(), channel: z.string().nullable() })),
})
const Named = z.array(z.object({ id: z.string(), name: z.string() }))
const Person = z.object({
  id: z.string(),
  name: z.string(),
  isBot: z.boolean().optional(),
  deleted: z.boolean().optional(),
})

const Incidents = z.object({
  items: z.array(z.object({ subject: z.object({ kind: z.string(), id: z.string() }), openedAt: z.string() })),
})

const CHANNELS = [
  'compliance',
  'compliance-alerts',
  'compliance-reports',
  'security-alerts',
  'risk-watch',
  'audit-room',
]
const MESSAGES = [
  ['Signing key leaked in ci-runner', 'A private key was printed in build #4512 of `payments-api`. Please rotate it.'],
  ['Control CC6.1 failed its check', 'Two laptops have no disk encryption. Owner: *Noor Haddad*.'],
  ['Evidence pack Q4 is ready', '42 documents, 3 of them new since Friday.'],
  ['Risk R-118 raised to high', 'The vendor *Northwind* lost its SOC 2 report.'],
  ['Policy 4.2 needs a new owner', 'Jonas Weber left the team; the review is due in 5 days.'],
  ['Access review overdue', '3 reviewers have not answered. The deadline was yesterday.'],
] as const
const COMMANDS = [
  '/switchboard help',
  '/switchboard status',
  '/switchboard deliveries',
  '/compliance',
  '/compliance soc2',
  '/evidence screenshot Login page of CC6.7',
  '/risk high',
  '/audit internal',
]
/** After one message in this many Slack has trouble with the next. */
const TROUBLE_EVERY = 10
const SLACK_TROUBLES = [
  { kind: 'rate_limited', retryAfterSeconds: 2 },
  { kind: 'http_503_html' },
  { kind: 'slow', delayMs: 900 },
  { kind: 'error', code: 'is_archived' },
] as const

/** Makes the first admin, connects the sandbox's app, adds its webhooks, and passes the connection test. */
export async function connectDemo(at: { consoleUrl: string; slackUrl: string; setupToken: string }): Promise<Demo> {
  const slack = asker(`${at.slackUrl}/_sim`, {})
  const email = 'demo@acme.example'
  const password = randomBytes(9).toString('base64url')
  const open = asker(at.consoleUrl, {})
  await open('POST', '/api/setup', Anything, { token: at.setupToken, name: 'Demo admin', email, password })
  const api = asker(at.consoleUrl, { cookie: await signIn(at.consoleUrl, email, password), 'x-switchboard-csrf': '1' })

  const [app] = await slack('GET', '/apps', z.array(SlackApp).min(1))
  if (!app) throw new Error('The simulator has no app.')
  const { appId, clientId, clientSecret, signingSecret, botToken, appToken } = app
  const integration = await api('POST', '/api/integrations', WithId, {
    provider: 'slack',
    name: 'Acme (demo)',
    testChannel: '#compliance',
    ...{ appId, clientId, clientSecret, signingSecret, botToken, appToken },
  })
  const address = `${at.consoleUrl}/slack/${integration.id}`
  await slack('PATCH', `/apps/${appId}`, Anything, {
    commandsUrl: `${address}/commands`,
    interactivityUrl: `${address}/interactions`,
  })
  const webhooks = []
  for (const { url, channel } of app.webhooks) {
    const body = {
      integrationId: integration.id,
      kind: 'webhook',
      url,
      name: `Webhook of ${channel ?? 'demo'}`,
      owner: 'Kim Park',
    }
    webhooks.push((await api('POST', '/api/destinations', WithId, body)).id)
  }
  await api('POST', `/api/integrations/${integration.id}/test`, Anything, {})
  const people = await slack('GET', '/users', z.array(Person))
  const channels = await slack('GET', '/channels', Named)
  return {
    ...{ email, password, api, slack, appId, webhooks },
    integrationId: integration.id,
    people: people.filter((person) => !person.isBot && !person.deleted).map((person) => person.id),
    channels: channels.filter(({ name }) => CHANNELS.includes(name)).map(({ id }) => id),
  }
}

/**
 * Messages and commands at an uneven pace until told to stop; a refusal is part of the show, so it goes on. Channels that
 * stop are resumed after a while: else all of them would stand still in the end.
 */
export async function runDemoTraffic(demo: Demo, signal: AbortSignal): Promise<void> {
  await Promise.all([
    again(signal, 2_000, 8_000, () => sendThroughWebhook(demo)),
    again(signal, 900, 4_000, () => useCommand(demo)),
    again(signal, 10_000, 20_000, () => mendOldest(demo)),
  ])
}

async function sendThroughWebhook(demo: Demo): Promise<void> {
  if (randomInt(TROUBLE_EVERY) === 0) {
    await demo.slack('POST', '/faults', Anything, { method: 'chat.postMessage', ...pick(SLACK_TROUBLES), times: 1 })
  }
  const [title, text] = pick(MESSAGES)
  await demo.api('POST', `/api/destinations/${pick(demo.webhooks)}/test`, Anything, {
    message: {
      text: `[Demo] ${title}`,
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: title } },
        { type: 'section', text: { type: 'mrkdwn', text } },
        { type: 'context', elements: [{ type: 'mrkdwn', text: 'Demo traffic from Switchboard' }] },
      ],
    },
  })
}

async function useCommand(demo: Demo): Promise<void> {
  const [command, ...words] = pick(COMMANDS).split(' ')
  await demo.slack('POST', '/commands', Anything, {
    appId: demo.appId,
    userId: pick(demo.people),
    channelId: pick(demo.channels),
    command,
    text: words.join(' '),
  })
}

/** Long enough to be looked at first. */
const MENDED_AFTER_MS = 90_000

async function mendOldest(demo: Demo): Promise<void> {
  const { items } = await demo.api('GET', '/api/incidents?open=true', Incidents)
  const isOld = ({ openedAt }: (typeof items)[number]) => Date.now() - Date.parse(openedAt) > MENDED_AFTER_MS
  const oldest = items.findLast(({ subject }) => subject.kind === 'destination')
  if (oldest && isOld(oldest)) await demo.api('POST', `/api/destinations/${oldest.subject.id}/resume`, Anything, {})
}

async function again(signal: AbortSignal, leastMs: number, mostMs: number, act: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await act().catch((error: Error) => {
      if (!signal.aborted) process.stderr.write(`demo: ${error.message}\n`)
    })
    await wait(randomInt(leastMs, mostMs), undefined, { signal }).catch(() => {})
  }
}

const pick = <Item>(items: readonly Item[]): Item => items[randomInt(items.length)] as Item

async function signIn(consoleUrl: string, email: string, password: string): Promise<string> {
  const response = await fetch(`${consoleUrl}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: consoleUrl },
    body: JSON.stringify({ email, password }),
  })
  if (!response.ok) throw new Error(`The demo could not sign in: ${response.status} ${await response.text()}`)
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

function asker(base: string, headers: Record<string, string>): Ask {
  return async (method, path, schema, body) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { 'content-type': 'application/json', origin: new URL(base).origin, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`)
    return schema.parse(text ? JSON.parse(text) : null)
  }
}
