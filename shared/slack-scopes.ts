type FeatureRow = {
  label: string
  /** What the feature does, in one sentence. */
  description: string
  /** Ends a sentence that begins with "needed". */
  purpose: string
  /** Switched on for a new integration. */
  byDefault: boolean
  scopes: readonly string[]
  /** Scopes that are needed only while another feature is on too. */
  alsoWith?: { feature: string; scopes: readonly string[] }
  /** What is lost while a scope of the feature is missing. */
  costs: string
}

const rows = {
  channel_messages: {
    label: 'Messages to channels',
    description: 'Posts messages in the channels that the bot is a member of.',
    purpose: 'to post messages',
    byDefault: true,
    scopes: ['chat:write'],
    costs: 'No message can be sent through the bot.',
  },
  public_channels: {
    label: 'Public channels without an invitation',
    description: 'Posts in public channels that the bot has not been invited to.',
    purpose: 'to post in public channels without an invitation',
    byDefault: true,
    scopes: ['chat:write', 'chat:write.public'],
    costs: 'The bot has to be invited to a public channel before it can post there.',
  },
  channel_list: {
    label: 'List of public channels',
    description: 'Offers the public channels by name when a destination is chosen.',
    purpose: 'to list public channels',
    byDefault: true,
    scopes: ['channels:read'],
    costs: 'Public channels cannot be listed or checked, so their IDs have to be typed.',
  },
  private_channel_list: {
    label: 'List of private channels',
    description: 'Offers the private channels that the bot is a member of by name.',
    purpose: 'to list private channels',
    byDefault: true,
    scopes: ['groups:read'],
    costs: 'Private channels cannot be listed or checked, so their IDs have to be typed.',
  },
  join_channels: {
    label: 'Join public channels',
    description: 'Enters a public channel by itself when a message or a file needs the bot in it.',
    purpose: 'to join public channels',
    byDefault: false,
    scopes: ['channels:join'],
    costs: 'The bot cannot enter a public channel by itself and has to be invited.',
  },
  direct_messages: {
    label: 'Direct messages',
    description: 'Sends messages to one person.',
    purpose: 'to send direct messages',
    byDefault: true,
    scopes: ['chat:write', 'im:write'],
    costs: 'Nobody can be sent a direct message.',
  },
  people_by_email: {
    label: 'People by e-mail address',
    description: 'Finds the person in Slack who belongs to an e-mail address.',
    purpose: 'to find people by e-mail',
    byDefault: true,
    scopes: ['users:read', 'users:read.email'],
    costs: 'People cannot be found by e-mail address, so their member IDs have to be typed.',
  },
  mentions: {
    label: 'Mentions by name',
    description: 'Knows the people and user groups of the workspace, so that @name and @group in a message call them.',
    purpose: 'to call people and groups by name',
    byDefault: true,
    scopes: ['users:read', 'usergroups:read'],
    costs: 'Names stand in messages as plain text and call nobody, unless an ID is given.',
  },
  confirm_unknown_outcomes: {
    label: 'Look before sending again',
    description: 'Looks for a message that Slack did not confirm before it is sent again.',
    purpose: 'to look before sending again',
    byDefault: true,
    scopes: ['channels:history', 'groups:history'],
    alsoWith: { feature: 'direct_messages', scopes: ['im:history'] },
    costs: 'When Slack does not confirm a message, Switchboard cannot look whether it arrived.',
  },
  slash_commands: {
    label: 'Slash commands',
    description: 'Answers the commands that people type in Slack.',
    purpose: 'to answer slash commands',
    byDefault: true,
    scopes: ['commands'],
    costs: 'Slash commands cannot be installed with the app.',
  },
  webhooks: {
    label: 'Incoming webhooks',
    description: 'Lets whoever installs the app choose a channel and get a webhook URL for it.',
    purpose: 'to get webhook URLs',
    byDefault: false,
    scopes: ['incoming-webhook'],
    costs: 'Installing the app gives no webhook URL.',
  },
  file_posts: {
    label: 'Files',
    description: 'Posts files, such as reports, in channels.',
    purpose: 'to post files',
    byDefault: false,
    scopes: ['files:write', 'files:read'],
    costs: 'Files cannot be posted.',
  },
  reactions: {
    label: 'Reactions',
    description: 'Not built yet: will mark messages with an emoji, for example once an alert is done with.',
    purpose: 'to add reactions',
    byDefault: false,
    scopes: ['reactions:write'],
    costs: 'Messages cannot be marked with an emoji.',
  },
  workspace_details: {
    label: 'Workspace details',
    description: 'Not built yet: will show the picture of the workspace beside its name and address.',
    purpose: 'to show workspace details',
    byDefault: false,
    scopes: ['team:read'],
    costs: 'The picture of the workspace cannot be shown.',
  },
} satisfies Record<string, FeatureRow>

export type SlackFeatureKey = keyof typeof rows
export type SlackFeature = FeatureRow & { key: SlackFeatureKey }

/** What an integration may be used for. Which of them are on decides which scopes are needed. */
export const slackFeatures: readonly SlackFeature[] = Object.entries(rows).map(([key, row]) => ({
  key: key as SlackFeatureKey, // the keys of our own literal
  ...row,
}))

/** The features of a new integration. */
export const defaultFeatures: readonly SlackFeatureKey[] = slackFeatures
  .filter((feature) => feature.byDefault)
  .map((feature) => feature.key)

export function isSlackFeature(key: string): key is SlackFeatureKey {
  return Object.hasOwn(rows, key)
}

/** The scopes that the features need, each once. A key that is no feature needs nothing. */
export function neededScopes(features: readonly string[]): string[] {
  return [...new Set(slackFeatures.filter((feature) => features.includes(feature.key)).flatMap((f) => of(f, features)))]
}

function of(feature: SlackFeature, on: readonly string[]): readonly string[] {
  const { scopes, alsoWith } = feature
  return alsoWith && on.includes(alsoWith.feature) ? [...scopes, ...alsoWith.scopes] : scopes
}

export type MissingScope = { scope: string; feature: SlackFeature; costs: string }
export type ScopeComparison = {
  /** One entry for each scope and each feature that suffers from its absence. */
  missing: MissingScope[]
  /** Granted, and needed by no feature that is on. */
  unused: string[]
  /** Not among the scopes we know; `scopeNote` explains the ones people often write. */
  unknown: string[]
}

/** What the token may do against what the features need. Nothing here blocks what still works. */
export function compareScopes(granted: readonly string[], features: readonly string[]): ScopeComparison {
  const given = new Set(granted.map((scope) => scope.trim()).filter(Boolean))
  const needed = new Set(neededScopes(features))
  const missing = slackFeatures
    .filter((feature) => features.includes(feature.key))
    .flatMap((feature) =>
      of(feature, features)
        .filter((scope) => !given.has(scope))
        .map((scope) => ({ scope, feature, costs: feature.costs })),
    )
  return {
    missing,
    unused: [...given].filter((scope) => !needed.has(scope) && Object.hasOwn(SCOPES, scope)),
    unknown: [...given].filter((scope) => !needed.has(scope) && !Object.hasOwn(SCOPES, scope)),
  }
}

/** One line about a scope, or about why it is none. */
export function scopeNote(scope: string): string {
  if (Object.hasOwn(SCOPES, scope)) return SCOPES[scope] ?? ''
  if (Object.hasOwn(notScopes, scope)) return notScopes[scope] ?? ''
  return 'Switchboard does not know this scope and does not use it.'
}

/** The scopes of Slack that a console like this one meets, with one line about each. */
export const SCOPES: Readonly<Record<string, string>> = {
  'app_mentions:read': 'See messages that mention the app.',
  'channels:history': 'Read messages in public channels that the bot is in.',
  'channels:join': 'Enter public channels.',
  'channels:manage': 'Create and change public channels.',
  'channels:read': 'List public channels and see their details.',
  'chat:write': 'Post, change and delete messages as the app.',
  'chat:write.customize': 'Post under another name and picture.',
  'chat:write.public': 'Post in public channels without being a member.',
  commands: 'Add slash commands and shortcuts.',
  'connections:write': 'Open a Socket Mode connection; belongs to the app-level token.',
  'files:read': 'See files that were shared where the bot is.',
  'files:write': 'Upload and delete files.',
  'groups:history': 'Read messages in private channels that the bot is in.',
  'groups:read': 'List the private channels that the bot is in and see their details.',
  'groups:write': 'Change private channels that the bot is in.',
  identify: 'See who installed the app; Slack grants it by itself.',
  'im:history': 'Read direct messages between the bot and a person.',
  'im:read': 'List direct messages of the bot.',
  'im:write': 'Begin a direct message with a person.',
  'incoming-webhook': 'Get a webhook URL for a channel chosen during installation.',
  'links:read': 'See links of certain domains in messages.',
  'links:write': 'Show previews of links.',
  'metadata.message:read': 'Read hidden data that apps attach to messages.',
  'mpim:history': 'Read messages in group conversations that the bot is in.',
  'mpim:read': 'List group conversations that the bot is in.',
  'mpim:write': 'Begin group conversations.',
  'pins:read': 'See pinned messages.',
  'pins:write': 'Pin messages.',
  'reactions:read': 'See reactions on messages.',
  'reactions:write': 'Add and remove reactions.',
  'team:read': 'See the name, address and picture of the workspace.',
  'usergroups:read': 'List user groups, so that they can be mentioned by name.',
  'users.profile:read': 'See the profiles of people.',
  'users.profile:write': "Change a person's status; belongs to a user token.",
  'users:read': 'List people and see their names.',
  'users:read.email': 'See the e-mail addresses of people.',
  'users:write': 'Set whether the bot is shown as active.',
}

const notScopes: Readonly<Record<string, string>> = {
  'interactive:write':
    'Not a scope of Slack: buttons and dialogs need no scope, only Interactivity switched on in the app settings.',
  'interactivity:write':
    'Not a scope of Slack: buttons and dialogs need no scope, only Interactivity switched on in the app settings.',
  'chat:write:bot': 'A scope of the classic apps Slack has retired: chat:write takes its place.',
  'chat:write:user': 'A scope of the classic apps Slack has retired: chat:write takes its place.',
  bot: 'A scope of the classic apps Slack has retired: each permission is asked for by its own scope now.',
}
