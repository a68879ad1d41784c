import type { SeedName } from './sandbox.ts'
import {
  type App,
  type Channel,
  emptyWorkspace,
  type Group,
  type Member,
  type Token,
  type Workspace,
} from './workspace.ts'

const TEAM = { id: 'T0ACMEDEMO1', name: 'Acme', domain: 'acme' }
const CREATED_AT = Date.UTC(2026, 0, 5, 9)
const LARGE_CHANNELS = 20_000

export const DEMO_APP_SCOPES = [
  'chat:write',
  'chat:write.public',
  'channels:read',
  'groups:read',
  'channels:join',
  'channels:history',
  'groups:history',
  'im:write',
  'im:history',
  'users:read',
  'users:read.email',
  'usergroups:read',
  'team:read',
  'commands',
  'incoming-webhook',
  'reactions:write',
  'files:write',
  'files:read',
]

/** A workspace to start from. Its credentials never change, so that they can be written into a demo or a test. */
export function seedWorkspace(seed: SeedName): Workspace {
  const workspace = emptyWorkspace(TEAM)
  for (const person of seed === 'empty' ? PEOPLE.slice(0, 1) : PEOPLE) addMember(workspace, person)
  addDemoApp(workspace)
  for (const channel of seed === 'empty' ? CHANNELS.slice(0, 1) : CHANNELS) addChannel(workspace, channel)
  if (seed !== 'empty') for (const group of GROUPS) workspace.groups.set(group.id, newGroup(group))
  if (seed === 'large') addManyChannels(workspace)
  if (seed !== 'empty') addDemoWebhooks(workspace)
  return workspace
}

type Person = { id: string; name: string; realName: string; displayName?: string; isAdmin?: boolean; deleted?: boolean }

const ADA = 'U0ADAFERRER'

const PEOPLE: Person[] = [
  { id: ADA, name: 'ada', realName: 'Ada Ferrer', isAdmin: true },
  { id: 'U0NOORHADDA', name: 'noor', realName: 'Noor Haddad' },
  { id: 'U0KIMPARK01', name: 'kim', realName: 'Kim Park' },
  { id: 'U0JONASWEBE', name: 'jonas', realName: 'Jonas Weber' },
  { id: 'U0GRACEHOPP', name: 'grace', realName: 'Grace Hopper', displayName: 'manager' },
  { id: 'U0LENAOLSEN', name: 'lena', realName: 'Lena Olsen', deleted: true },
]

type GroupSeed = Pick<Group, 'id' | 'handle' | 'name'> & { members: string[]; isDisabled?: boolean }

const GROUPS: GroupSeed[] = [
  { id: 'S0COMPLTEAM', handle: 'compliance-team', name: 'Compliance team', members: [ADA, 'U0NOORHADDA'] },
  { id: 'S0SECURTEAM', handle: 'security-team', name: 'Security team', members: ['U0KIMPARK01', 'U0JONASWEBE'] },
  { id: 'S0MANAGEMEN', handle: 'management', name: 'Management', members: ['U0GRACEHOPP', ADA] },
  { id: 'S0OLDAUDITS', handle: 'auditors', name: 'Auditors', members: [], isDisabled: true },
]

type ChannelSeed = { id: string; name: string; purpose: string } & Partial<
  Pick<Channel, 'kind' | 'isArchived' | 'isGeneral' | 'readOnly'>
> & { bot?: boolean }

const CHANNELS: ChannelSeed[] = [
  { id: 'C0GENERAL01', name: 'general', purpose: 'News for everyone', isGeneral: true, readOnly: true },
  { id: 'C0COMPLIANC', name: 'compliance', purpose: 'Questions about compliance', bot: true },
  { id: 'C0COMPALERT', name: 'compliance-alerts', purpose: 'What needs somebody now', bot: true },
  { id: 'C0COMPREPOR', name: 'compliance-reports', purpose: 'Weekly and monthly reports', bot: true },
  { id: 'C0SECALERTS', name: 'security-alerts', purpose: 'Security findings', bot: true },
  { id: 'C0AUDITROOM', name: 'audit-room', purpose: 'Everything auditors ask for' },
  { id: 'C0RISKWATCH', name: 'risk-watch', purpose: 'Risk scores that moved' },
  { id: 'C0BOARD0001', name: 'board', purpose: 'The board', kind: 'private' },
  { id: 'C0INCIDENTS', name: 'incident-room', purpose: 'Running incidents', kind: 'private', bot: true },
  { id: 'C0OLDALERTS', name: 'old-alerts', purpose: 'Replaced by compliance-alerts', isArchived: true },
]

// Written in parts: whole, they look so much like real ones that scanners of repositories would report them.
const DEMO = {
  appId: 'A0SWITCHBRD',
  botUserId: 'U0SWITCHBOT',
  botId: 'B0SWITCHBOT',
  clientId: '1042973561840.1042973561857',
  clientSecret: ['5b1f0a6c9d3e4728', 'a0c4e6f81b2d3957'].join(''),
  signingSecret: ['c8e21d7f4a9b4036', '9f5e0d1c2b3a4857'].join(''),
  verificationToken: ['hQ2vZk8xYt', '4mWcB7nLpD1s'].join(''),
  botToken: ['xoxb', '1042973561840', '1042973561901', 'Kq7Zt2Vw9Lm4Xr6Bn1Jd8Hs3'].join('-'),
  userToken: ['xoxp', '1042973561840', '1042973561911', '1042973561922', '7c0e91d24fb84a6e93d15f7a2c6b8e04'].join('-'),
  appToken: ['xapp', '1', 'A0SWITCHBRD', '1042973561933', '0f1e2d3c4b5a6978'.repeat(4)].join('-'),
  webhooks: [
    { id: 'B0HOOKALERT', channelId: 'C0COMPALERT', secret: ['mF3kT9wQz2Lx', 'V7bNcR5yHd8S'].join('') },
    { id: 'B0HOOKREPOR', channelId: 'C0COMPREPOR', secret: ['pJ6gX1sUe4Ka', 'W0tMoB9iZq2C'].join('') },
  ],
} as const

function addMember(workspace: Workspace, person: Person): void {
  const member: Member = {
    id: person.id,
    name: person.name,
    realName: person.realName,
    ...(person.displayName !== undefined && { displayName: person.displayName }),
    email: `${person.name}@acme.example`,
    deleted: person.deleted ?? false,
    isAdmin: person.isAdmin ?? false,
    isBot: false,
    updated: CREATED_AT,
  }
  workspace.users.set(member.id, member)
}

function newGroup({ id, handle, name, members, isDisabled }: GroupSeed): Group {
  const group = { id, handle, name, members: new Set(members), createdAt: CREATED_AT }
  return isDisabled ? { ...group, deletedAt: CREATED_AT } : group
}

function addDemoApp(workspace: Workspace): void {
  addApp(workspace, {
    id: DEMO.appId,
    name: 'Switchboard',
    clientId: DEMO.clientId,
    clientSecret: DEMO.clientSecret,
    signingSecret: DEMO.signingSecret,
    verificationToken: DEMO.verificationToken,
    botId: DEMO.botId,
    botUserId: DEMO.botUserId,
    scopes: DEMO_APP_SCOPES,
    redirectUrls: [],
    commands: [{ command: '/switchboard', description: 'Ask Switchboard' }],
    tokenRotation: false,
    webhooksEnabled: true,
    messagesTabEnabled: true,
  })
  const shared = { appId: DEMO.appId, state: 'live' as const }
  addToken(workspace, { ...shared, value: DEMO.botToken, kind: 'bot', userId: DEMO.botUserId, scopes: DEMO_APP_SCOPES })
  addToken(workspace, { ...shared, value: DEMO.userToken, kind: 'user', userId: ADA, scopes: ['users.profile:write'] })
  addToken(workspace, { ...shared, value: DEMO.appToken, kind: 'app', userId: ADA, scopes: ['connections:write'] })
}

/** Adds an app with its bot user; its tokens are added by whoever knows them. */
export function addApp(workspace: Workspace, app: App): void {
  workspace.apps.set(app.id, { ...app, scopes: [...app.scopes] })
  const bot = { id: app.botUserId, name: app.name.toLowerCase().replaceAll(/\W+/g, '-'), realName: app.name }
  workspace.users.set(app.botUserId, {
    ...bot,
    deleted: false,
    isAdmin: false,
    isBot: true,
    appId: app.id,
    updated: CREATED_AT,
  })
}

export function addToken(workspace: Workspace, token: Token): void {
  workspace.tokens.set(token.value, { ...token, scopes: [...token.scopes] })
}

function addChannel(workspace: Workspace, seed: ChannelSeed): void {
  const people = PEOPLE.filter(({ deleted }) => !deleted).map(({ id }) => id)
  const channel: Channel = {
    id: seed.id,
    name: seed.name,
    kind: seed.kind ?? 'public',
    isArchived: seed.isArchived ?? false,
    isGeneral: seed.isGeneral ?? false,
    readOnly: seed.readOnly ?? false,
    members: new Set([...people, ...(seed.bot ? [DEMO.botUserId] : [])]),
    creator: ADA,
    createdAt: CREATED_AT,
    topic: '',
    purpose: seed.purpose,
  }
  workspace.channels.set(channel.id, channel)
}

/** A big company's channels. A run of archived ones gives empty pages to whoever excludes them. */
function addManyChannels(workspace: Workspace): void {
  for (let number = 1; number <= LARGE_CHANNELS; number += 1) {
    const padded = String(number).padStart(5, '0')
    const isArchived = number % 20 === 0 || (number > 8_000 && number <= 8_450)
    addChannel(workspace, { id: `C0LARGE${padded}`, name: `team-${padded}`, purpose: '', isArchived })
  }
}

function addDemoWebhooks(workspace: Workspace): void {
  for (const { id, channelId, secret } of DEMO.webhooks) {
    const path = `${workspace.team.id}/${id}/${secret}`
    workspace.webhooks.set(id, { path, id, appId: DEMO.appId, channelId, installedBy: ADA, removed: false })
  }
}
