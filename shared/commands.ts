import { z } from 'zod'
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

export const RefusalCount = z.object({
  integrationId: z.string(),
  surface: z.enum(['commands', 'interactions']),
  reason: RefusalReason,
  count: z.number().int(),
  lastAt: Instant,
})

/** The commands Switchboard answers itself; each becomes a row of the manifest. */
export const CommandInfo = z.object({
  command: z.string(),
  description: z.string(),
  usageHint: z.string().optional(),
})
export type CommandInfo = z.infer<typeof CommandInfo>

/** Declared here so that the manifest, the console and the handler table name the same commands. */
export const builtInCommands: CommandInfo[] = [
  { command: '/switchboard', description: 'Ask Switchboard what it can do', usageHint: 'help' },
]
