import { type Args, findText } from '../args.ts'
import { PlatformError } from '../envelope.ts'
import { alphanumeric, digits, hex, slackId } from '../ids.ts'
import type { Sandbox } from '../sandbox.ts'
import { type App, findToken, type InstallCode, type Token, type TokenKind, type Webhook } from '../workspace.ts'

const ACCESS_TOKEN_LIFE_SECONDS = 43_200
const MOST_LIVE_ACCESS_TOKENS = 2

/** `oauth.v2.access`: proves the app's id and secret first, then trades a code or a refresh token. */
export function exchange(sandbox: Sandbox, args: Args): Record<string, unknown> {
  const app = provenApp(sandbox, args)
  const grant = findText(args, 'grant_type') ?? 'authorization_code'
  if (grant === 'refresh_token') return refresh(sandbox, app, findText(args, 'refresh_token') ?? '')
  if (grant !== 'authorization_code') throw new PlatformError('invalid_grant_type')
  return install(sandbox, app, takeCode(sandbox, app, args))
}

function provenApp(sandbox: Sandbox, args: Args): App {
  const clientId = findText(args, 'client_id')
  const app = [...sandbox.workspace.apps.values()].find((each) => each.clientId === clientId)
  if (!app) throw new PlatformError('invalid_client_id')
  if (findText(args, 'client_secret') !== app.clientSecret) throw new PlatformError('bad_client_secret')
  return app
}

function takeCode(sandbox: Sandbox, app: App, args: Args): InstallCode {
  const code = sandbox.workspace.codes.get(findText(args, 'code') ?? '')
  if (!code || code.appId !== app.id || code.used || code.expiresAt < sandbox.now()) {
    throw new PlatformError('invalid_code')
  }
  if (code.redirectUri !== undefined && code.redirectUri !== findText(args, 'redirect_uri')) {
    throw new PlatformError('bad_redirect_uri')
  }
  code.used = true
  return code
}

function install(sandbox: Sandbox, app: App, code: InstallCode): Record<string, unknown> {
  const { workspace } = sandbox
  // Scopes add up over reinstalls; they only shrink by revoking.
  app.scopes = [...new Set([...app.scopes, ...code.scopes])]
  const bot = code.scopes.length > 0 ? grantToken(sandbox, app, 'bot', app.botUserId, app.scopes) : undefined
  const user = code.userScopes.length > 0 ? grantToken(sandbox, app, 'user', code.userId, code.userScopes) : undefined
  if (!bot && !user) throw new PlatformError('no_scopes')
  const { id, name } = workspace.team
  return {
    app_id: app.id,
    ...(bot ? { ...bot, token_type: 'bot', scope: app.scopes.join(','), bot_user_id: app.botUserId } : {}),
    team: { id, name },
    enterprise: null,
    is_enterprise_install: false,
    authed_user: {
      id: code.userId,
      ...(user ? { ...user, token_type: 'user', scope: code.userScopes.join(',') } : {}),
    },
    ...(code.scopes.includes('incoming-webhook') ? { incoming_webhook: installWebhook(sandbox, app, code) } : {}),
  }
}

type Granted = { access_token: string; refresh_token?: string; expires_in?: number }

/** Without rotation a reinstall gives the same token back, alive again; with it, a fresh pair. */
function grantToken(sandbox: Sandbox, app: App, kind: 'bot' | 'user', userId: string, scopes: string[]): Granted {
  const { tokens } = sandbox.workspace
  if (app.tokenRotation) return grantPair(sandbox, app, kind, userId, scopes)
  const known = findToken(sandbox.workspace, app.id, kind)
  if (known && known.state === 'live' && known.userId === userId) {
    known.scopes = scopes
    return { access_token: known.value }
  }
  const token: Token = { value: newToken(kind), kind, appId: app.id, userId, scopes, state: 'live' }
  tokens.set(token.value, token)
  return { access_token: token.value }
}

function grantPair(sandbox: Sandbox, app: App, kind: 'bot' | 'user', userId: string, scopes: string[]): Granted {
  const { tokens } = sandbox.workspace
  const shared = { appId: app.id, userId, scopes, state: 'live' as const }
  const access: Token = {
    ...shared,
    value: `xoxe.xox${kind === 'bot' ? 'b' : 'p'}-1-${alphanumeric(163)}`,
    kind,
    expiresAt: sandbox.now() + ACCESS_TOKEN_LIFE_SECONDS * 1000,
  }
  const renewal: Token = { ...shared, value: `xoxe-1-${alphanumeric(146)}`, kind: 'refresh' }
  tokens.set(access.value, access)
  tokens.set(renewal.value, renewal)
  const live = [...tokens.values()].filter((each) => each.kind === kind && each.userId === userId && isLive(each, app))
  for (const old of live.slice(0, -MOST_LIVE_ACCESS_TOKENS)) old.state = 'revoked'
  return { access_token: access.value, refresh_token: renewal.value, expires_in: ACCESS_TOKEN_LIFE_SECONDS }
}

function isLive(token: Token, app: App): boolean {
  return token.appId === app.id && token.state === 'live'
}

function refresh(sandbox: Sandbox, app: App, value: string): Record<string, unknown> {
  const { workspace } = sandbox
  const used = workspace.tokens.get(value)
  if (used?.kind !== 'refresh' || used.appId !== app.id || used.state !== 'live') {
    throw new PlatformError('invalid_refresh_token')
  }
  used.state = 'revoked'
  const kind = used.userId === app.botUserId ? 'bot' : 'user'
  return {
    ...grantPair(sandbox, app, kind, used.userId, used.scopes),
    token_type: kind,
    scope: used.scopes.join(','),
    ...(kind === 'bot' ? { bot_user_id: app.botUserId } : {}),
    app_id: app.id,
    team: { id: workspace.team.id, name: workspace.team.name },
    enterprise: null,
    is_enterprise_install: false,
    authed_user: { id: used.userId },
  }
}

function installWebhook(sandbox: Sandbox, app: App, code: InstallCode): Record<string, unknown> {
  const channel =
    sandbox.workspace.channels.get(code.channelId ?? '') ??
    [...sandbox.workspace.channels.values()].find((each) => each.kind === 'public' && !each.isArchived)
  if (!channel) throw new PlatformError('channel_not_found')
  const webhook = newWebhook(sandbox, app, channel.id, code.userId)
  return {
    channel: `#${channel.name}`,
    channel_id: channel.id,
    configuration_url: `https://${sandbox.workspace.team.domain}.slack.com/services/${webhook.id}`,
    url: `${sandbox.url}/services/${webhook.path}`,
  }
}

/** One more incoming webhook of an app; its path is its secret. */
export function newWebhook(sandbox: Sandbox, app: App, channelId: string, installedBy: string): Webhook {
  const id = slackId('B')
  const path = `${sandbox.workspace.team.id}/${id}/${alphanumeric(24)}`
  const webhook: Webhook = { path, id, appId: app.id, channelId, installedBy, removed: false }
  sandbox.workspace.webhooks.set(id, webhook)
  return webhook
}

/** A token of the form Slack gives each kind. */
export function newToken(kind: Exclude<TokenKind, 'refresh'>, appId = ''): string {
  switch (kind) {
    case 'bot':
      return ['xoxb', digits(13), digits(13), alphanumeric(24)].join('-')
    case 'user':
      return ['xoxp', digits(13), digits(13), digits(13), hex(32)].join('-')
    case 'app':
      return ['xapp', '1', appId, digits(13), hex(64)].join('-')
  }
}
