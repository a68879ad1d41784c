import { type Args, findText, readFlag, readText } from '../args.ts'
import { PlatformError } from '../envelope.ts'
import { page } from '../paging.ts'
import { type App, listTokens, type Member, type Token } from '../workspace.ts'
import { BOT_OR_USER, type Method, type MethodCall } from './method.ts'

/** Who a token is, and who else is in the workspace. */
export const identityMethods: Record<string, Method> = {
  'auth.test': {
    tier: 'special',
    json: true,
    tokens: ['bot', 'user', 'app'],
    run: ({ workspace, token, app }) => {
      if (token.kind === 'app') return { app_name: app.name, app_id: app.id }
      return {
        url: `https://${workspace.team.domain}.slack.com/`,
        team: workspace.team.name,
        user: workspace.users.get(token.userId)?.name,
        team_id: workspace.team.id,
        user_id: token.userId,
        ...(token.kind === 'bot' ? { bot_id: app.botId } : {}),
        is_enterprise_install: false,
        ...expiresIn(token, workspace.apps.get(token.appId)),
      }
    },
  },
  'auth.revoke': {
    tier: 't3',
    tokens: ['bot', 'user', 'app'],
    run: ({ workspace, token, app, args }) => {
      if (readFlag(args, 'test')) return { revoked: false }
      // Without token rotation one revoked token ends the whole installation.
      const ended = app.tokenRotation ? [token] : listTokens(workspace, app.id).filter(({ kind }) => kind !== 'app')
      for (const each of ended) each.state = 'revoked'
      if (!app.tokenRotation) removeWebhooks(workspace.webhooks.values(), app)
      return { revoked: true }
    },
  },
  'team.info': {
    tier: 't3',
    tokens: BOT_OR_USER,
    scopes: ['team:read'],
    run: ({ workspace, args }) => {
      const { id, name, domain } = workspace.team
      const asked = findText(args, 'team')
      if (asked !== undefined && asked !== id) throw new PlatformError('team_not_found')
      const icon = { image_default: true }
      return { team: { id, name, domain, email_domain: '', url: `https://${domain}.slack.com/`, icon } }
    },
  },
  'bots.info': {
    tier: 't3',
    tokens: BOT_OR_USER,
    scopes: ['users:read'],
    run: ({ workspace, args }) => {
      const asked = findText(args, 'bot')
      const app = [...workspace.apps.values()].find(({ botId }) => botId === asked)
      if (!app) throw new PlatformError('bot_not_found')
      const bot = { id: app.botId, deleted: false, name: app.name, updated: 0, app_id: app.id, user_id: app.botUserId }
      return { bot: { ...bot, icons: {} } }
    },
  },
  'users.list': {
    tier: 't2',
    tokens: BOT_OR_USER,
    scopes: ['users:read'],
    run: (call) => {
      const { items, ...rest } = page([...call.workspace.users.values()], call.args, { default: 1_000, max: 1_000 })
      return { members: items.map((user) => userObject(call, user)), cache_ts: unixSeconds(call), ...rest }
    },
  },
  'users.info': {
    tier: 't4',
    tokens: BOT_OR_USER,
    scopes: ['users:read'],
    run: (call) => {
      const user = call.workspace.users.get(readText(call.args, 'user'))
      if (!user) throw new PlatformError('user_not_found')
      return { user: userObject(call, user) }
    },
  },
  'users.lookupByEmail': {
    tier: 't3',
    tokens: BOT_OR_USER,
    scopes: ['users:read.email'],
    run: (call) => {
      const email = readText(call.args, 'email').toLowerCase()
      const user = [...call.workspace.users.values()].find((each) => each.email === email && !each.deleted)
      if (!user) throw new PlatformError('users_not_found')
      return { user: userObject(call, user) }
    },
  },
}

/** `api.test` needs no token and says back what it was told. */
export function apiTest(args: Args): Record<string, unknown> {
  const error = findText(args, 'error')
  return error === undefined ? { ok: true, args } : { ok: false, error, args }
}

function userObject({ workspace, token }: MethodCall, user: Member): Record<string, unknown> {
  const mayReadEmail = token.scopes.includes('users:read.email') && user.email !== undefined
  return {
    id: user.id,
    team_id: workspace.team.id,
    name: user.name,
    deleted: user.deleted,
    real_name: user.realName,
    tz: 'Europe/London',
    tz_label: 'Greenwich Mean Time',
    tz_offset: 0,
    profile: {
      real_name: user.realName,
      display_name: user.name,
      ...(mayReadEmail ? { email: user.email } : {}),
      status_text: '',
      status_emoji: '',
      status_expiration: 0,
      team: workspace.team.id,
    },
    is_admin: user.isAdmin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: user.isBot,
    is_app_user: false,
    updated: Math.floor(user.updated / 1000),
  }
}

function expiresIn(token: Token, app: App | undefined): Record<string, unknown> {
  return app?.tokenRotation && token.expiresAt !== undefined ? { expires_in: 43_200 } : {}
}

function removeWebhooks(webhooks: Iterable<{ appId: string; removed: boolean }>, app: App): void {
  for (const webhook of webhooks) if (webhook.appId === app.id) webhook.removed = true
}

function unixSeconds(call: MethodCall): number {
  return Math.floor(call.sandbox.now() / 1000)
}
