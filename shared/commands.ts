import { z } from 'zod'
import { OneLine } from './one-line.ts'
import { Instant, PageQuery } from './paging.ts'

/** `waiting`: Slack was answered, the platform is being asked. */
const InvocationOutcome = z.enum(['answered', 'failed', 'waiting'])

/** One use of a slash command, button or modal, as stored before Slack was answered. */
export const Invocation = z.object({
  id: z.string(),
  integrationId: z.string(),
  integrationName: z.string(),
  command: z.string(),
  text: z.string(),
  user: z.object({ id: z.string(), name: z.string() }),
  channel: z.object({ id: z.string(), name: z.string() }),
  receivedAt: Instant,
  ackMs: z.number().describe('Request received to HTTP answer'),
  outcome: InvocationOutcome,
  code: z.string().optional(),
  detail: z.string().optional(),
  meaning: z.string().optional().describe('Of the code, when the platform had to answer'),
  fix: z.string().optional(),
  endedAt: Instant.optional().describe('When the answer of the platform was given, or given up'),
  platformMs: z.number().optional().describe('How long the platform took'),
  callId: z.string().optional().describe('The call in the log of the platform'),
})
export type Invocation = z.infer<typeof Invocation>

export const ListInvocations = PageQuery.extend({
  integrationId: z.string().max(64).optional(),
  command: z.string().max(40).optional(),
  outcome: InvocationOutcome.optional(),
  from: Instant.optional(),
  to: Instant.optional(),
})

export type ListInvocations = z.infer<typeof ListInvocations>

/** Requests that were refused unread, counted by why. */
export const refusalReasons = [
  'unsigned',
  'bad_signature',
  'stale',
  'future',
  'replayed',
  'too_large',
  'unknown_integration',
  'disabled',
  'malformed',
] as const
export const RefusalReason = z.enum(refusalReasons)
export type RefusalReason = z.infer<typeof RefusalReason>

export const ListRefusedRequests = z.object({
  integrationId: z.string().max(64).optional(),
  from: Instant.optional().describe('24 hours before `to` when left out'),
  to: Instant.optional().describe('Now when left out'),
})

export const RefusalCount = z.object({
  integrationId: z.string().describe('`unknown` for addresses that name no integration'),
  surface: z.enum(['commands', 'interactions']),
  reason: RefusalReason,
  count: z.number().int(),
  lastAt: Instant,
})
export type RefusalCount = z.infer<typeof RefusalCount>

/** The commands Switchboard answers itself; each becomes a row of the manifest. */
export const CommandInfo = z.object({
  command: z.string(),
  description: z.string(),
  usageHint: z.string().optional(),
})
export type CommandInfo = z.infer<typeof CommandInfo>

/** As Slack has it, in lower case. */
export const CommandName = z
  .string()
  .trim()
  .regex(/^\/[a-z0-9_-]{1,31}$/, 'A command is a slash and up to 31 lower-case letters, digits, _ and -.')

/** What a person types after a command that the platform answers. */
export const CommandParameter = z.strictObject({
  name: OneLine.min(1).max(60),
  description: OneLine.max(300).optional(),
  type: OneLine.min(1).max(30).optional(),
})
export type CommandParameter = z.infer<typeof CommandParameter>

/** A slash command that the platform answers, as a configuration file declares it. */
export const DeclaredCommand = z.strictObject({
  description: OneLine.min(1).max(2_000),
  parameters: z
    .array(CommandParameter)
    .max(20)
    .refine(
      (all) => new Set(all.map(({ name }) => name)).size === all.length,
      'Each parameter needs a name of its own.',
    )
    .optional(),
  handler: OneLine.min(1).max(200).describe('What the platform knows it by'),
})
export type DeclaredCommand = z.infer<typeof DeclaredCommand>

/** What the platform answers to `command.invoked`: a message for the person alone, or for the whole channel. */
export const CommandReply = z
  .strictObject({
    text: z.string().trim().min(1).max(40_000).optional(),
    blocks: z.array(z.record(z.string(), z.unknown())).min(1).max(50).optional(),
    responseType: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  })
  .refine(({ text, blocks }) => text !== undefined || blocks !== undefined, 'It has neither text nor blocks.')
export type CommandReply = z.infer<typeof CommandReply>

/** How a declared command stands. */
export const CommandDeclaration = CommandInfo.extend({
  handler: z.string(),
  parameters: z.array(CommandParameter),
  updatedAt: Instant,
  updatedBy: z.string(),
})
export type CommandDeclaration = z.infer<typeof CommandDeclaration>

/** A command with what was made of it in the last 30 days. */
export const CommandUsage = CommandDeclaration.partial({
  handler: true,
  parameters: true,
  updatedAt: true,
  updatedBy: true,
}).extend({
  total: z.number().int(),
  failed: z.number().int(),
  people: z.number().int().describe('Different people who used it'),
  lastUsedAt: Instant.optional(),
})
export type CommandUsage = z.infer<typeof CommandUsage>

/** Slack takes 50 commands for an app, and one is ours. */
export const MOST_DECLARED = 49

/** Declared here so that the manifest, the console and the handler table name the same commands. */
export const builtInCommands: CommandInfo[] = [
  { command: '/switchboard', description: 'Ask Switchboard what it can do', usageHint: 'help' },
]

/** What each reason says to an admin: in a word or two, and what to do about it. */
export const refusalMeanings: Readonly<Record<RefusalReason, { label: string; meaning: string }>> = {
  unsigned: { label: 'Not signed', meaning: 'It carried no signature of Slack: somebody else called the address.' },
  bad_signature: {
    label: 'Wrong signature',
    meaning: 'The signing secret is not the one of this app, or something on the way changed the body.',
  },
  stale: { label: 'Too old', meaning: 'It was signed more than 5 minutes ago: the clock of this server may be fast.' },
  future: { label: 'From the future', meaning: 'It was signed ahead of time: the clock of this server may be slow.' },
  replayed: { label: 'Seen before', meaning: 'The very same signed request had come before, so it was not acted on.' },
  too_large: { label: 'Too large', meaning: 'It was larger than anything Slack sends.' },
  unknown_integration: {
    label: 'Unknown address',
    meaning: 'The address names no integration of this server: compare it with the one in the app settings.',
  },
  disabled: { label: 'Switched off', meaning: 'The integration is disabled, so its requests are refused.' },
  malformed: { label: 'Not readable', meaning: 'It was signed rightly and was not what Slack sends to this address.' },
}
