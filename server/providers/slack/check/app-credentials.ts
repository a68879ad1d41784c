import { appIdInToken } from '../../../../shared/credentials.ts'
import { slackCode } from '../../../../shared/slack-codes.ts'
import { callSlack } from '../call.ts'
import { type CheckStep, type Checkup, failed, link, type Outcome, skipped } from './checkup.ts'

/** What proves the app itself, without anybody installing it. */
export const appCredentialSteps: readonly CheckStep[] = [
  { name: 'client_secret', title: 'Client ID and client secret', run: provePair },
  { name: 'app_token', title: 'App-level token', run: openSocket },
]

/** Slack looks at ID and secret before it looks at the code, so a code that can't be right proves the two. */
const THROWAWAY_CODE = 'switchboard-connection-test'
const PROVING = ['invalid_code', 'code_already_used']
/** Said about an installation, which there is none of here; the pair was not blamed. */
const NOT_BLAMING = [
  'bad_redirect_uri',
  'oauth_authorization_url_mismatch',
  'no_scopes',
  'cannot_install_an_org_installed_app',
  'preview_feature_not_available',
  'invalid_team_for_non_distributed_app',
  'user_email_unverified',
  'pkce_not_allowed',
  'invalid_code_verifier',
]

async function provePair(checkup: Checkup, signal: AbortSignal): Promise<Outcome> {
  const { ctx, subject, learned } = checkup
  const title = 'Client ID and client secret'
  const { clientId } = subject
  const { clientSecret } = subject.secrets
  if (!clientId) return skipped(title, 'No client ID was entered.', { field: 'clientId' })
  if (!clientSecret) return skipped(title, 'No client secret was entered.', { field: 'clientSecret' })
  if (learned.isUnreachable) return skipped(title, 'Slack could not be reached.')
  const args = { client_id: clientId, client_secret: clientSecret, code: THROWAWAY_CODE }
  const called = await callSlack(ctx, undefined, 'oauth.v2.access', args, { signal, known: [clientSecret] })
  const requestId = called.exchange.requestId ? { requestId: called.exchange.requestId } : {}
  const code = called.kind === 'failed' ? called.failure.code : 'invalid_code'
  if (PROVING.includes(code)) return { state: 'pass', title: 'Client ID and client secret match', ...requestId }
  if (called.kind === 'failed' && NOT_BLAMING.includes(code)) {
    const { meaning } = slackCode(code)
    const more = { detail: `Slack blamed neither of the two, and says: ${lowerFirst(meaning)}`, state: 'warn' as const }
    return failed(checkup, 'Client ID and client secret were not refused', called.failure, called.exchange, more)
  }
  const blamed: Record<string, string> = {
    bad_client_secret: 'The client secret does not belong to this client ID',
    invalid_client_id: 'Slack does not know this client ID',
  }
  const failure = called.kind === 'failed' ? called.failure : { kind: 'transient' as const, code }
  return failed(checkup, blamed[code] ?? 'Could not prove client ID and secret', failure, called.exchange)
}

async function openSocket(checkup: Checkup, signal: AbortSignal): Promise<Outcome> {
  const { ctx, subject, learned } = checkup
  const { appToken } = subject.secrets
  const field = 'appToken'
  if (!appToken) return skipped('No app-level token', 'Only Socket Mode needs one, so nothing is missing without it.')
  if (learned.isUnreachable) return skipped('App-level token', 'Slack could not be reached.')
  const called = await callSlack(ctx, appToken, 'apps.connections.open', {}, { signal })
  if (called.kind === 'failed') {
    const known = appTokenFailures[called.failure.code]
    const more = { field, link: link(checkup, 'app_tokens'), ...(known && { detail: known.detail, fix: known.fix }) }
    return failed(checkup, known?.title ?? 'App-level token opens no socket', called.failure, called.exchange, more)
  }
  const requestId = called.exchange.requestId ? { requestId: called.exchange.requestId } : {}
  const appId = appIdInToken(appToken)
  if (!appId || !subject.appId || appId === subject.appId) {
    return { state: 'pass', title: 'App-level token opens a socket', ...requestId }
  }
  return {
    state: 'fail',
    title: `App-level token belongs to app ${appId}, not to ${subject.appId}`,
    detail: 'The token works, for another app: what happens in this one would not arrive.',
    fix: 'Generate an app-level token in the settings of this app.',
    link: link(checkup, 'app_tokens'),
    field,
    ...requestId,
  }
}

const appTokenFailures: Readonly<Record<string, { title: string; detail: string; fix: string }>> = {
  invalid_auth: {
    title: 'App-level token: Slack rejects it',
    detail: 'The token is wrong or was revoked, or this server is not on the list of addresses the app allows.',
    fix: 'Generate a new app-level token with the scope connections:write and paste it.',
  },
  token_revoked: {
    title: 'App-level token: it was revoked',
    detail: 'The token was revoked.',
    fix: 'Generate a new app-level token with the scope connections:write and paste it.',
  },
  not_bearer_token: {
    title: 'App-level token: it holds characters that no token has',
    detail: 'It was copied while Slack was hiding it, or something else came along, so it was not sent.',
    fix: 'Press Show in Slack, then copy the token again.',
  },
  not_allowed_token_type: {
    title: 'This is not an app-level token',
    detail: 'The token is genuine and of another kind.',
    fix: 'Paste the token that begins with xapp-, from Basic Information, App-Level Tokens.',
  },
  missing_scope: {
    title: 'App-level token lacks connections:write',
    detail: 'The token may not open a Socket Mode connection.',
    fix: 'Generate a new app-level token with the scope connections:write: scopes cannot be added to one that exists.',
  },
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
