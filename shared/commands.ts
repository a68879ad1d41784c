import { z } from 'zod'
import { OneLine } from './one-line.ts'
import { Instant, PageQuery } from './paging.ts'

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
  outcome: z.enum(['answered', 'failed']),
  code: z.string().optional(),
})
export type Invocation = z.infer<typeof Invocation>

export const ListInvocations = PageQuery.extend({
  integrationId: z.string().max(64).optional(),
  command: z.string().max(40).optional(),
  outcome: z.enum(['answered', 'failed']).optional(),
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
  parameters: z.array(CommandParameter).max(20).optional(),
  handler: OneLine.min(1).max(200).describe('What the platform knows it by'),
})
export type DeclaredCommand = z.infer<typeof DeclaredCommand>

/** The same with what was made of it in the last 30 days. */
export const CommandUsage = CommandInfo.extend({
  handler: z.string().optional().describe('Of a declared command'),
  total: z.number().int(),
  failed: z.number().int(),
  people: z.number().int().describe('Different people who used it'),
  lastUsedAt: Instant.optional(),
})
export type CommandUsage = z.infer<typeof CommandUsage>

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
