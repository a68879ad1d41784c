import { type Args, findText, readFlag } from '../args.ts'
import { PlatformError } from '../envelope.ts'
import { type App, listTokens, type Token } from '../workspace.ts'
import { BOT_OR_USER, type Method } from './method.ts'

/** Who a token is, and what workspace it is in. */
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
}

/** `api.test` needs no token and says back what it was told. */
export function apiTest(args: Args): Record<string, unknown> {
  const error = findText(args, 'error')
  return error === undefined ? { ok: true, args } : { ok: false, error, args }
}

function expiresIn(token: Token, app: App | undefined): Record<string, unknown> {
  return app?.tokenRotation && token.expiresAt !== undefined ? { expires_in: 43_200 } : {}
}

function removeWebhooks(webhooks: Iterable<{ appId: string; removed: boolean }>, app: App): void {
  for (const webhook of webhooks) if (webhook.appId === app.id) webhook.removed = true
}
