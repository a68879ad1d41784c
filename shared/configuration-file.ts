import { z } from 'zod'
import { CommandName, DeclaredCommand, MOST_DECLARED } from './commands.ts'
import { Priority } from './deliveries.ts'
import { IntegrationChange } from './integrations.ts'
import { NotificationTypeChange } from './notification-types.ts'
import { OneLine } from './one-line.ts'
import { PlatformEndpointChange } from './platform.ts'
import { QuietHoursChange } from './quiet-hours.ts'
import { Emoji, Mentions } from './route-targets.ts'
import { MOST_CONDITION } from './routing-rules.ts'
import { ScheduleChange } from './schedules.ts'
import { MOST_SOURCE, SavedCases, TemplateName } from './templates.ts'

const integrationName = OneLine.min(1).max(80)

/** A secret by where it is: read by the command line and never written back; or the one that is stored, as it is. */
export const SecretInFile = z
  .union([
    z.string().trim().min(1).max(1_000),
    z.strictObject({ env: z.string().regex(/^[A-Za-z_]\w{0,99}$/, 'Write the name of an environment variable.') }),
    z.strictObject({ file: z.string().min(1).max(1_000) }),
    z.strictObject({ keep: z.literal(true) }),
  ])
  .describe('{env: NAME}, {file: path}, or {keep: true} for the one that is stored')
export type SecretInFile = z.infer<typeof SecretInFile>

const integration = integrationName.optional().describe('Its name; not needed where there is only one')

/** Where messages go, as a file names it: "#compliance", kim@acme.example, or an object that says what it is. */
export const TargetInFile = z
  .union([
    z.string().trim().min(1).max(300),
    z.strictObject({
      integration,
      channel: z.string().trim().min(1).max(300).optional().describe('#name, id or link'),
      person: z.string().trim().min(1).max(254).optional().describe('e-mail address or member ID'),
      webhook: OneLine.min(1).max(120).optional().describe('The name of a webhook among the destinations'),
      recipient: z.literal(true).optional().describe('Whoever the event names, in their own Slack'),
    }),
  ])
  .describe('A channel as "#compliance", a person by e-mail address, or an object')
export type TargetInFile = z.infer<typeof TargetInFile>

const { shape: integrationShape } = IntegrationChange

export const IntegrationInFile = z.strictObject({
  appId: z.string().trim().min(1).max(64).optional(),
  clientId: z.string().trim().min(1).max(64).optional(),
  clientSecret: SecretInFile.optional(),
  signingSecret: SecretInFile.optional(),
  botToken: SecretInFile.nullable().optional(),
  appToken: SecretInFile.nullable().optional(),
  enabled: z.boolean().optional(),
  features: integrationShape.features,
  testChannel: integrationShape.testChannel,
  maxAttempts: integrationShape.maxAttempts,
  nextAttemptDelay: integrationShape.nextAttemptDelay,
  platform: PlatformEndpointChange.nullable().optional().describe('The platform endpoint; null: none'),
})
export type IntegrationInFile = z.infer<typeof IntegrationInFile>

export const DestinationInFile = z.strictObject({
  integration,
  channel: z.string().trim().min(1).max(300).optional(),
  person: z.string().trim().min(1).max(254).optional(),
  webhook: SecretInFile.optional().describe('The address of an incoming webhook; it needs a name'),
  name: OneLine.min(1).max(120).optional(),
  owner: OneLine.max(120).nullable().optional(),
  note: z.string().trim().max(500).nullable().optional(),
  enabled: z.boolean().optional(),
})
export type DestinationInFile = z.infer<typeof DestinationInFile>

export const TemplateInFile = z.strictObject({
  source: z.string().min(1).max(MOST_SOURCE).describe('{"text", "blocks"} as JSON, with Liquid in it'),
  sample: z.record(z.string(), z.unknown()).optional().describe('An event to show it with'),
  cases: SavedCases.optional().describe('What it must make of named events. Absent: those that it has stay'),
  description: OneLine.max(300).optional(),
})
export type TemplateInFile = z.infer<typeof TemplateInFile>

export const TypeInFile = NotificationTypeChange.extend({ destinations: z.array(TargetInFile).max(50).optional() })
export type TypeInFile = z.infer<typeof TypeInFile>

export const RuleInFile = z.strictObject({
  name: OneLine.min(1).max(100),
  condition: z.string().trim().min(1).max(MOST_CONDITION),
  enabled: z.boolean().optional(),
  stop: z.boolean().optional(),
  destinations: z.array(TargetInFile).max(50).optional(),
  mentions: Mentions.optional(),
  priority: Priority.nullable().optional(),
})
export type RuleInFile = z.infer<typeof RuleInFile>

export const ScheduleInFile = ScheduleChange.omit({ name: true, source: true }).extend({
  source: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('platform'), integration }),
    z.strictObject({
      kind: z.literal('stored_events'),
      types: z.array(OneLine.min(1).max(100)).max(50).optional(),
      condition: z.string().trim().min(1).max(MOST_CONDITION).optional(),
    }),
  ]),
})
export type ScheduleInFile = z.infer<typeof ScheduleInFile>

export const QuietHoursInFile = QuietHoursChange.omit({ scope: true }).extend({
  scope: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('everything') }),
    z.strictObject({ kind: z.literal('destination'), destination: TargetInFile }),
    z.strictObject({ kind: z.literal('type'), type: OneLine.min(1).max(100) }),
    z.strictObject({ kind: z.literal('person'), recipient: OneLine.min(1).max(254) }),
  ]),
})
export type QuietHoursInFile = z.infer<typeof QuietHoursInFile>

const DeclaredCommands = z
  .record(CommandName, DeclaredCommand)
  .refine((all) => Object.keys(all).length <= MOST_DECLARED, `Slack takes ${MOST_DECLARED} besides /switchboard.`)

/** A section that is absent is left alone. An object that is there is all of it: what it leaves out is the default. */
export const ConfigurationFile = z.strictObject({
  switchboard: z.literal(1).describe('The version of this format'),
  integrations: z.record(integrationName, IntegrationInFile).optional().describe('By their names'),
  destinations: z.array(DestinationInFile).max(5_000).optional(),
  commands: DeclaredCommands.optional(),
  templates: z.record(TemplateName, TemplateInFile).optional(),
  types: z.record(OneLine.min(1).max(100), TypeInFile).optional().describe('Notification types'),
  rules: z.array(RuleInFile).max(10_000).optional().describe('Routing rules, in the order in which they are tried'),
  fallback: z.array(TargetInFile).max(10).optional().describe('Where events go that nothing sends anywhere'),
  schedules: z.record(OneLine.min(1).max(100), ScheduleInFile).optional(),
  quietHours: z.array(QuietHoursInFile).max(1_000).optional(),
})
export type ConfigurationFile = z.infer<typeof ConfigurationFile>

const scalarList = z.array(OneLine.max(100)).max(200)

/** What Studio Platform writes into its configuration, with its own names. */
export const StudioFile = z.strictObject({
  slack_config: z
    .strictObject({
      bot_token: SecretInFile.optional(),
      app_token: SecretInFile.optional(),
      signing_secret: SecretInFile.optional(),
      default_channel: z.string().trim().min(1).max(300).optional(),
      notification_channels: z.record(OneLine.min(1).max(100), z.string().trim().max(300)).optional(),
    })
    .optional(),
  bot_token_scopes: scalarList.optional(),
  notification_types: z
    .record(
      OneLine.min(1).max(100),
      z.strictObject({
        channel: z.string().trim().min(1).max(300).optional(),
        priority: Priority.optional(),
        mentions: Mentions.optional(),
        emoji: Emoji.optional(),
        template: TemplateName.optional(),
      }),
    )
    .optional(),
  alert_configuration: z
    .record(
      OneLine.min(1).max(100),
      z.strictObject({
        enabled: z.boolean().optional(),
        channels: z.array(z.string().trim().min(1).max(300)).max(50).optional(),
        mentions: Mentions.optional(),
        emoji: Emoji.optional(),
        threading: z.boolean().optional(),
        schedule: OneLine.min(1).max(120).optional(),
      }),
    )
    .optional(),
  routing_rules: z
    .record(
      OneLine.min(1).max(100),
      z.strictObject({
        condition: z.string().trim().min(1).max(MOST_CONDITION),
        channels: z.array(z.string().trim().min(1).max(300)).max(50).optional(),
        mentions: Mentions.optional(),
      }),
    )
    .optional(),
  slash_commands: DeclaredCommands.optional(),
  debug_config: z
    .strictObject({
      enabled: z.boolean().optional(),
      log_level: OneLine.max(30).optional(),
      api_timeout: z.number().min(0).max(86_400).optional(),
      retry_attempts: z.number().int().min(0).max(100).optional(),
      detailed_logging: z.boolean().optional(),
    })
    .optional(),
})
export type StudioFile = z.infer<typeof StudioFile>

/** The settings of CodeStream's server, of which the part about Slack is ours. */
export const CodeStreamFile = z.strictObject({
  integrations: z.strictObject({
    slack: z.strictObject({
      cloud: z.strictObject({
        appId: z.string().trim().min(1).max(64),
        appClientId: z.string().trim().min(1).max(64),
        appClientSecret: SecretInFile,
        appSigningSecret: SecretInFile,
        disabled: z.boolean().optional(),
        interactiveComponentsEnabled: z.boolean().optional(),
      }),
    }),
  }),
})
export type CodeStreamFile = z.infer<typeof CodeStreamFile>

/** The settings file of OneVizion's Slack notifications; what begins with `ov` is about OneVizion, not about Slack. */
export const OneVizionFile = z.strictObject({
  ovUrl: z.string().max(2_000).optional(),
  ovAccessKey: z.string().max(1_000).optional(),
  ovSecretKey: z.string().max(1_000).optional(),
  serviceId: z.number().int().min(0).optional(),
  channelField: z.string().max(300).optional(),
  slackBotToken: SecretInFile,
  maxAttempts: z.number().int().min(0).max(10).optional(),
  nextAttemptDelay: z.number().int().min(0).max(60).optional(),
})
export type OneVizionFile = z.infer<typeof OneVizionFile>
