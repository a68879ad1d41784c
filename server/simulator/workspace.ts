import { type Numbers, newNumbers } from './ids.ts'

/** What one Slack workspace holds. Plain data in memory: a sandbox starts anew with each process. */
export type Workspace = {
  team: Team
  users: Map<string, Member>
  groups: Map<string, Group>
  channels: Map<string, Channel>
  messages: Map<string, Message[]>
  apps: Map<string, App>
  tokens: Map<string, Token>
  webhooks: Map<string, Webhook>
  responseUrls: Map<string, ResponseUrl>
  triggers: Map<string, Trigger>
  codes: Map<string, InstallCode>
  views: Map<string, View>
  files: Map<string, SlackFile>
  numbers: Numbers
}

export type Team = { id: string; name: string; domain: string; disabled: boolean }

export type Member = {
  id: string
  name: string
  realName: string
  /** What others see in Slack; `name` where the person chose none. */
  displayName?: string
  email?: string
  deleted: boolean
  isAdmin: boolean
  isBot: boolean
  appId?: string
  updated: number
}

/** A user group: a handle that calls all who are in it. */
export type Group = {
  id: string
  handle: string
  name: string
  members: Set<string>
  createdAt: number
  /** Set while it is disabled. */
  deletedAt?: number
}

export type Channel = {
  id: string
  name: string
  kind: 'public' | 'private' | 'im'
  isArchived: boolean
  isGeneral: boolean
  /** Only admins may post, as in a restricted #general. */
  readOnly: boolean
  /** The person at the other end of a direct message. */
  userId?: string
  members: Set<string>
  creator: string
  createdAt: number
  topic: string
  purpose: string
}

export type Json = Record<string, unknown>

export type Message = {
  type: 'message'
  subtype?: string
  ts: string
  user?: string
  username?: string
  bot_id?: string
  app_id?: string
  bot_profile?: Json
  team: string
  text: string
  blocks?: Json[]
  attachments?: Json[]
  files?: Json[]
  metadata?: { event_type: string; event_payload: Json }
  thread_ts?: string
  parent_user_id?: string
  reply_count?: number
  latest_reply?: string
  edited?: { user: string; ts: string }
  reactions?: { name: string; users: string[]; count: number }[]
  /** Set on what only one person sees. Such a message is never in the history. */
  ephemeral_to?: string
}

export type App = {
  id: string
  name: string
  clientId: string
  clientSecret: string
  signingSecret: string
  verificationToken: string
  botId: string
  botUserId: string
  /** Bot scopes of the newest install. */
  scopes: string[]
  commandsUrl?: string
  interactivityUrl?: string
  redirectUrls: string[]
  commands: { command: string; description: string }[]
  tokenRotation: boolean
  webhooksEnabled: boolean
  messagesTabEnabled: boolean
}

export type TokenKind = 'bot' | 'user' | 'app' | 'refresh'
export type TokenState = 'live' | 'expired' | 'revoked' | 'inactive'

export type Token = {
  value: string
  kind: TokenKind
  appId: string
  userId: string
  scopes: string[]
  state: TokenState
  expiresAt?: number
}

export type Webhook = {
  /** T…/B…/secret: the part of the URL after /services/. */
  path: string
  id: string
  appId: string
  channelId: string
  installedBy: string
  removed: boolean
}

export type ResponseUrl = {
  path: string
  appId: string
  channelId: string
  userId: string
  /** The app's own message that replace_original and delete_original act on. */
  messageTs?: string
  uses: number
  expiresAt: number
}

export type Trigger = { id: string; appId: string; userId: string; expiresAt: number; used: boolean }

export type InstallCode = {
  code: string
  appId: string
  userId: string
  scopes: string[]
  userScopes: string[]
  redirectUri?: string
  channelId?: string
  expiresAt: number
  used: boolean
}

/** A file from the moment its upload was promised. Only its size is kept of what it holds. */
export type SlackFile = {
  id: string
  /** The last part of the address it is uploaded to. */
  uploadKey: string
  appId: string
  userId: string
  name: string
  title: string
  altText?: string
  createdAt: number
  size: number
  uploadedBytes?: number
  isCompleted: boolean
  shares: { channelId: string; isPrivate: boolean; ts: string; threadTs?: string }[]
}

export type View = Json & { id: string; app_id: string; opened_by: string }

export function emptyWorkspace(team: Omit<Team, 'disabled'>): Workspace {
  return {
    team: { ...team, disabled: false },
    users: new Map(),
    groups: new Map(),
    channels: new Map(),
    messages: new Map(),
    apps: new Map(),
    tokens: new Map(),
    webhooks: new Map(),
    responseUrls: new Map(),
    triggers: new Map(),
    codes: new Map(),
    views: new Map(),
    files: new Map(),
    numbers: newNumbers(),
  }
}

/** A channel by id, or by name where Slack takes names: public channels, with or without the `#`. */
export function findChannel(workspace: Workspace, idOrName: string): Channel | undefined {
  const byId = workspace.channels.get(idOrName)
  if (byId) return byId
  const name = idOrName.replace(/^#/, '')
  for (const channel of workspace.channels.values()) {
    if (channel.kind === 'public' && channel.name === name) return channel
  }
  return undefined
}

export function listTokens(workspace: Workspace, appId: string): Token[] {
  return [...workspace.tokens.values()].filter((token) => token.appId === appId)
}

/** The newest token of a kind; older ones stay known so that using them gets the right refusal. */
export function findToken(workspace: Workspace, appId: string, kind: TokenKind): Token | undefined {
  return listTokens(workspace, appId).findLast((token) => token.kind === kind)
}
