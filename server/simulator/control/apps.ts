import { Hono } from 'hono'
import { z } from 'zod'
import { alphanumeric, digits, hex, slackId } from '../ids.ts'
import { newToken, newWebhook } from '../methods/oauth.ts'
import type { Sandbox } from '../sandbox.ts'
import { addApp, addToken, DEMO_APP_SCOPES } from '../seed.ts'
import { tell } from '../stream.ts'
import { type App, findChannel, findToken, type Token, type Webhook } from '../workspace.ts'
import { ControlError, notFound, readInput } from './input.ts'

const Command = z.strictObject({ command: z.string().regex(/^\/\S+$/, 'must start with /'), description: z.string() })

const AppChange = z
  .strictObject({
    name: z.string().min(1),
    commandsUrl: z.url().nullable(),
    interactivityUrl: z.url().nullable(),
    signingSecret: z.string().min(1),
    clientSecret: z.string().min(1),
    scopes: z.array(z.string().min(1)),
    redirectUrls: z.array(z.url()),
    commands: z.array(Command),
    tokenRotation: z.boolean(),
    webhooksEnabled: z.boolean(),
    messagesTabEnabled: z.boolean(),
  })
  .partial()

const TokenKind = z.enum(['bot', 'user', 'app'])

const TokenChange = z
  .strictObject({
    state: z.enum(['live', 'expired', 'revoked', 'inactive']),
    scopes: z.array(z.string().min(1)),
  })
  .partial()

const NewApp = AppChange.extend({ name: z.string().min(1).default('Another app') })
const NewHook = z.strictObject({ channel: z.string().min(1), appId: z.string().optional() })
const HookChange = z.strictObject({ removed: z.boolean() })

/** Apps, their credentials and their webhooks: what an admin would copy from Slack's settings pages. */
export function appsControl(sandbox: Sandbox) {
  return new Hono()
    .get('/apps', (c) => c.json([...sandbox.workspace.apps.values()].map((app) => shownApp(sandbox, app))))
    .post('/apps', async (c) => {
      const app = newApp(sandbox, await readInput(c, NewApp))
      return c.json(shownApp(sandbox, app), 201)
    })
    .patch('/apps/:appId', async (c) => {
      const app = getApp(sandbox, c.req.param('appId'))
      changeApp(sandbox, app, await readInput(c, AppChange))
      tell(sandbox.feed, { kind: 'state' })
      return c.json(shownApp(sandbox, app))
    })
    .patch('/apps/:appId/tokens/:kind', async (c) => {
      const app = getApp(sandbox, c.req.param('appId'))
      const change = await readInput(c, TokenChange)
      const kind = TokenKind.safeParse(c.req.param('kind')).data
      const token = kind && findToken(sandbox.workspace, app.id, kind)
      if (!token) throw notFound('token of kind', c.req.param('kind'))
      if (change.state) token.state = change.state
      if (change.scopes) token.scopes = change.scopes
      tell(sandbox.feed, { kind: 'state' })
      return c.json(shownToken(token))
    })
    .post('/webhooks', async (c) => {
      const input = await readInput(c, NewHook)
      const app = getApp(sandbox, input.appId)
      const channel = findChannel(sandbox.workspace, input.channel)
      if (!channel) throw notFound('channel', input.channel, 'channel')
      const webhook = newWebhook(sandbox, app, channel.id, anyPerson(sandbox))
      tell(sandbox.feed, { kind: 'state' })
      return c.json(shownWebhook(sandbox, webhook), 201)
    })
    .patch('/webhooks/:id', async (c) => {
      const webhook = getWebhook(sandbox, c.req.param('id'))
      webhook.removed = (await readInput(c, HookChange)).removed
      tell(sandbox.feed, { kind: 'state' })
      return c.json(shownWebhook(sandbox, webhook))
    })
    .delete('/webhooks/:id', (c) => {
      getWebhook(sandbox, c.req.param('id')).removed = true
      tell(sandbox.feed, { kind: 'state' })
      return c.body(null, 204)
    })
}

/** The app with this id; without one, the first app of the workspace. */
export function getApp(sandbox: Sandbox, appId: string | undefined): App {
  const [first] = sandbox.workspace.apps.values()
  const app = appId === undefined ? first : sandbox.workspace.apps.get(appId)
  if (!app) throw notFound('app', appId ?? '', 'appId')
  return app
}

/** Everything an admin needs to connect this app, secrets included: it is a sandbox's. */
export function shownApp(sandbox: Sandbox, app: App) {
  const token = (kind: 'bot' | 'user' | 'app') => findToken(sandbox.workspace, app.id, kind)
  const webhooks = [...sandbox.workspace.webhooks.values()].filter(({ appId }) => appId === app.id)
  return {
    appId: app.id,
    name: app.name,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    signingSecret: app.signingSecret,
    botToken: token('bot')?.value ?? null,
    userToken: token('user')?.value ?? null,
    appToken: token('app')?.value ?? null,
    botUserId: app.botUserId,
    botId: app.botId,
    scopes: app.scopes,
    commandsUrl: app.commandsUrl ?? null,
    interactivityUrl: app.interactivityUrl ?? null,
    redirectUrls: app.redirectUrls,
    commands: app.commands,
    tokenRotation: app.tokenRotation,
    webhooksEnabled: app.webhooksEnabled,
    messagesTabEnabled: app.messagesTabEnabled,
    tokens: (['bot', 'user', 'app'] as const).flatMap((kind) => [token(kind) ?? []].flat()).map(shownToken),
    webhooks: webhooks.map((webhook) => shownWebhook(sandbox, webhook)),
  }
}

function shownToken({ kind, state, scopes }: Token) {
  return { kind, state, scopes }
}

function shownWebhook(sandbox: Sandbox, webhook: Webhook) {
  const channel = sandbox.workspace.channels.get(webhook.channelId)
  return {
    id: webhook.id,
    url: `${sandbox.url}/services/${webhook.path}`,
    channelId: webhook.channelId,
    channel: channel ? `#${channel.name}` : null,
    removed: webhook.removed,
  }
}

function getWebhook(sandbox: Sandbox, id: string): Webhook {
  const webhook = sandbox.workspace.webhooks.get(id)
  if (!webhook) throw notFound('webhook', id)
  return webhook
}

function newApp(sandbox: Sandbox, input: z.output<typeof NewApp>): App {
  const id = slackId('A')
  const app: App = {
    id,
    name: input.name,
    clientId: `${digits(13)}.${digits(13)}`,
    clientSecret: hex(32),
    signingSecret: hex(32),
    verificationToken: alphanumeric(24),
    botId: slackId('B'),
    botUserId: slackId('U'),
    scopes: DEMO_APP_SCOPES,
    redirectUrls: [],
    commands: [],
    tokenRotation: false,
    webhooksEnabled: true,
    messagesTabEnabled: true,
  }
  const person = anyPerson(sandbox)
  const shared = { appId: id, state: 'live' as const }
  const { workspace } = sandbox
  addApp(workspace, app)
  addToken(workspace, { ...shared, value: newToken('bot'), kind: 'bot', userId: app.botUserId, scopes: app.scopes })
  addToken(workspace, { ...shared, value: newToken('user'), kind: 'user', userId: person, scopes: [] })
  addToken(workspace, {
    ...shared,
    value: newToken('app', id),
    kind: 'app',
    userId: person,
    scopes: ['connections:write'],
  })
  const added = getApp(sandbox, id)
  changeApp(sandbox, added, input)
  return added
}

function changeApp(sandbox: Sandbox, app: App, change: z.output<typeof AppChange>): void {
  const { commandsUrl, interactivityUrl, ...rest } = change
  Object.assign(app, rest)
  if (commandsUrl !== undefined) setUrl(app, 'commandsUrl', commandsUrl)
  if (interactivityUrl !== undefined) setUrl(app, 'interactivityUrl', interactivityUrl)
  // Changed scopes count at once here, as if the app had been reinstalled.
  const bot = findToken(sandbox.workspace, app.id, 'bot')
  if (change.scopes && bot) bot.scopes = [...change.scopes]
}

function setUrl(app: App, name: 'commandsUrl' | 'interactivityUrl', url: string | null): void {
  if (url === null) delete app[name]
  else app[name] = url
}

function anyPerson(sandbox: Sandbox): string {
  const person = [...sandbox.workspace.users.values()].find((user) => !user.isBot && !user.deleted)
  if (!person) throw new ControlError(409, 'The workspace has no people.')
  return person.id
}
