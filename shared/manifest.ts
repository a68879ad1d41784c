import { z } from 'zod'
import { neededScopes } from './slack-scopes.ts'
import { isLoopback } from './webhook-url.ts'

const address = z.url({ protocol: /^https?$/ }).max(3_000)

const SlashCommand = z.strictObject({
  command: z
    .string()
    .min(2)
    .max(32)
    .regex(/^\/[^\s/]+$/),
  description: z.string().min(1).max(2_000),
  usage_hint: z.string().min(1).max(1_000).optional(),
  url: address.optional(),
  should_escape: z.boolean(),
})

/** The parts of Slack's app manifest that we write, within the limits of its schema; unknown keys are refused there. */
export const Manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(1), minor_version: z.literal(1) }),
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().min(1).max(140),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: z.string().min(1).max(80), always_online: z.boolean() }),
    slash_commands: z.array(SlashCommand).min(1).max(50).optional(),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()).min(1).max(255) }) }),
  settings: z.strictObject({
    interactivity: z.strictObject({ is_enabled: z.boolean(), request_url: address.optional() }),
    incoming_webhooks: z.strictObject({ incoming_webhooks_enabled: z.boolean() }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
})
export type Manifest = z.infer<typeof Manifest>

export type ManifestWish = {
  name: string
  publicUrl: string
  integrationId: string
  features: readonly string[]
  socketMode: boolean
  commands: readonly { command: string; description: string; usageHint?: string }[]
}

/** The manifest of an app that can do what the features need. Names and texts are cut to Slack's limits. */
export function buildManifest(wish: ManifestWish): Manifest {
  const root = `${wish.publicUrl.replace(/\/+$/, '')}/slack/${encodeURIComponent(wish.integrationId)}`
  const name = cut(wish.name, 35) || 'Switchboard'
  const scopes = neededScopes(wish.features)
  const commands = wish.features.includes('slash_commands') ? slashCommands(wish, `${root}/commands`) : []
  return {
    _metadata: { major_version: 1, minor_version: 1 },
    display_information: { name, description: 'Sends notifications and answers commands.' },
    features: {
      app_home: {
        home_tab_enabled: false,
        // Without the tab, Slack refuses direct messages with messages_tab_disabled.
        messages_tab_enabled: wish.features.includes('direct_messages'),
        messages_tab_read_only_enabled: true,
      },
      bot_user: { display_name: name, always_online: true },
      ...(commands.length > 0 && { slash_commands: commands }),
    },
    // A bot without any scope cannot be installed.
    oauth_config: { scopes: { bot: scopes.length > 0 ? scopes : ['chat:write'] } },
    settings: {
      interactivity: wish.socketMode ? { is_enabled: true } : { is_enabled: true, request_url: `${root}/interactions` },
      incoming_webhooks: { incoming_webhooks_enabled: wish.features.includes('webhooks') },
      org_deploy_enabled: false,
      socket_mode_enabled: wish.socketMode,
      token_rotation_enabled: false,
    },
  }
}

function slashCommands(wish: ManifestWish, url: string) {
  const unique = new Map(wish.commands.map((command) => [commandName(command.command), command]))
  unique.delete('/')
  return [...unique].slice(0, 50).map(([command, { description, usageHint }]) => ({
    command,
    description: cut(description, 2_000) || command,
    ...(usageHint?.trim() && { usage_hint: cut(usageHint, 1_000) }),
    ...(!wish.socketMode && { url }),
    should_escape: true, // mentions then arrive as ids, which do not change when people are renamed
  }))
}

function commandName(typed: string): string {
  return cut(`/${typed.toLowerCase().replace(/[\s/]/g, '')}`, 32)
}

/** Slack's page for a new app, filled in. */
export function manifestLink(manifest: Manifest): string {
  return `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(manifest))}`
}

/** Why Slack cannot call this deployment at its address, in one sentence; undefined when nothing speaks against it. */
export function publicUrlProblem(publicUrl: string): string | undefined {
  if (!URL.canParse(publicUrl)) return 'Slack must be able to reach this server, and its public address is not a URL.'
  const url = new URL(publicUrl)
  if (isLoopback(url.hostname)) {
    return `Slack must be able to reach ${url.origin}, and that address leads to each machine itself.`
  }
  if (isPrivate(url.hostname)) {
    return `Slack must be able to reach ${url.origin}, and that address exists inside a private network only.`
  }
  if (url.protocol !== 'https:') return `Slack must be able to reach ${url.origin} over https.`
  return undefined
}

/** Addresses of private networks, and names that only a local name server knows; `hostname` as `URL` gives it. */
function isPrivate(hostname: string): boolean {
  const [a, b] = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(hostname)?.slice(1).map(Number) ?? []
  if (a !== undefined && b !== undefined) {
    if (a === 0 || a === 10 || (a === 192 && b === 168) || (a === 169 && b === 254)) return true
    return (a === 172 && b >= 16 && b <= 31) || (a === 100 && b >= 64 && b <= 127)
  }
  if (hostname.startsWith('[')) return /^\[(::\]|f[cd]|fe[89ab]|::ffff:)/.test(hostname)
  return !hostname.includes('.') || /\.(local|internal|intranet|lan|home|corp|home\.arpa|test|example)$/.test(hostname)
}

/** Cuts between characters, never inside one. */
function cut(text: string, longest: number): string {
  let kept = ''
  for (const character of text.trim()) {
    if (kept.length + character.length > longest) break
    kept += character
  }
  return kept.trim()
}
