import type { SlackPage } from './slack-links.ts'

export const credentialFields = [
  'appId',
  'clientId',
  'clientSecret',
  'signingSecret',
  'botToken',
  'appToken',
  'webhookUrl',
] as const

/** What an admin may enter about a Slack app. */
export type CredentialField = (typeof credentialFields)[number]

export type CredentialInfo = {
  label: string
  /** What Switchboard does with it, in one sentence. */
  use: string
  /** How to find it in Slack, one step each. */
  steps: readonly string[]
  page: SlackPage
  /** Sealed at rest and never shown again. */
  secret: boolean
  optional: boolean
  /** What it usually looks like. Slack promises no length and no alphabet. */
  example: string
}

/** What each field is for and where Slack shows its value. */
export const credentialInfo: Readonly<Record<CredentialField, CredentialInfo>> = {
  appId: {
    label: 'App ID',
    use: 'Names the Slack app and makes the links to its settings.',
    steps: ['Open the app in Slack’s app settings.', 'Basic Information, App Credentials, App ID.'],
    page: 'general',
    secret: false,
    optional: false,
    example: 'A0123456789',
  },
  clientId: {
    label: 'Client ID',
    use: 'Identifies the app when it is installed to a workspace.',
    steps: ['Open the app in Slack’s app settings.', 'Basic Information, App Credentials, Client ID.'],
    page: 'general',
    secret: false,
    optional: false,
    example: '1234567890.1234567890123',
  },
  clientSecret: {
    label: 'Client secret',
    use: 'Proves to Slack that an installation was asked for by this app.',
    steps: ['Basic Information, App Credentials, Client Secret.', 'Press Show, then copy all of it.'],
    page: 'general',
    secret: true,
    optional: false,
    example: '32 digits and letters from a to f',
  },
  signingSecret: {
    label: 'Signing secret',
    use: 'Proves that commands and button clicks really come from Slack.',
    steps: ['Basic Information, App Credentials, Signing Secret.', 'Press Show, then copy all of it.'],
    page: 'general',
    secret: true,
    optional: false,
    example: '32 digits and letters from a to f',
  },
  botToken: {
    label: 'Bot token',
    use: 'Lets Switchboard post messages and read the list of channels.',
    steps: ['Install the app to the workspace.', 'OAuth & Permissions, Bot User OAuth Token, Copy.'],
    page: 'oauth',
    secret: true,
    optional: true,
    example: 'xoxb-…',
  },
  appToken: {
    label: 'App-level token',
    use: 'Lets Slack reach this server through Socket Mode, without a public address.',
    steps: [
      'Basic Information, App-Level Tokens, Generate Token and Scopes.',
      'Add the scope connections:write, generate, then copy.',
    ],
    page: 'app_tokens',
    secret: true,
    optional: true,
    example: 'xapp-1-…',
  },
  webhookUrl: {
    label: 'Webhook URL',
    use: 'Posts to the one channel it was made for.',
    steps: ['Incoming Webhooks, switch on.', 'Add New Webhook to Workspace, choose the channel, then copy the URL.'],
    page: 'webhooks',
    secret: true,
    optional: true,
    example: 'https://hooks.slack.com/services/T…/B…/…',
  },
}

/** The kinds of token Slack makes, told apart by how they begin. */
export type TokenKind =
  | 'bot'
  | 'user'
  | 'app'
  | 'rotating_bot'
  | 'rotating_user'
  | 'refresh'
  | 'workflow'
  | 'browser'
  | 'legacy'

/** What kind of token a text begins like; undefined when it begins like none. */
export function tokenKind(value: string): TokenKind | undefined {
  return kinds.find(([prefix]) => value.startsWith(prefix))?.[1]
}

/** A token, or what has the form of Slack's client and signing secrets. */
export const isSecretLike = (value: string): boolean => tokenKind(value) !== undefined || SECRET.test(value)

/** The form of Slack's client and signing secrets. Slack documents none: it may warn of a mix-up, never prove a secret right. */
export const SECRET = /^[0-9a-f]{32}$/

/** What a person calls a token of this kind, with its article. */
export const tokenKindNames: Readonly<Record<TokenKind, string>> = {
  bot: 'a bot token (xoxb)',
  user: 'a user token (xoxp)',
  app: 'an app-level token (xapp)',
  rotating_bot: 'a bot token that runs out after 12 hours (xoxe.xoxb)',
  rotating_user: 'a configuration or user token that runs out after 12 hours (xoxe.xoxp)',
  refresh: 'a refresh token (xoxe)',
  workflow: 'a workflow token (xwfp)',
  browser: 'a token of somebody’s own browser session (xoxc, xoxd or xoxs)',
  legacy: 'a token of an old kind that Slack has retired',
}

const kinds: readonly (readonly [prefix: string, TokenKind])[] = [
  ['xoxe.xoxb-', 'rotating_bot'],
  ['xoxe.xoxp-', 'rotating_user'],
  ['xoxe-', 'refresh'],
  ['xoxb-', 'bot'],
  ['xoxp-', 'user'],
  ['xapp-', 'app'],
  ['xwfp-', 'workflow'],
  ['xoxc-', 'browser'],
  ['xoxd-', 'browser'],
  ['xoxs-', 'browser'],
  ['xoxa-', 'legacy'],
  ['xoxr-', 'legacy'],
  ['xoxo-', 'legacy'],
]

/** How a secret is shown once it is stored: what it is, and its last four characters when it has enough of them. */
export function fingerprint(field: CredentialField, value: string): string {
  const what = field === 'webhookUrl' ? webhookOwner(value) : tokenKind(value) && value.slice(0, value.indexOf('-'))
  const hidden = value.length >= LONG_ENOUGH ? `•••• ${value.slice(-4)}` : '••••'
  return what ? `${what} ${hidden}` : hidden
}

/** The workspace and the hook are no secret, and tell one webhook from another. */
function webhookOwner(url: string): string {
  const [, team, hook] = /\/services\/(T\w{1,20})\/(B\w{1,20})\//.exec(url) ?? []
  return team && hook ? `${team}/${hook}` : 'webhook'
}

/** Of anything shorter, four characters would be too much to show. */
const LONG_ENOUGH = 16

/** The app ID written inside an app-level token. */
export function appIdInToken(appToken: string): string | undefined {
  return /^xapp-\d{1,3}-(A[A-Z0-9]{5,20})-/.exec(appToken)?.[1]
}
