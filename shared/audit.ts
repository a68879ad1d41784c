import { z } from 'zod'
import { Instant, PageQuery } from './paging.ts'

/** One change someone made. `detail` never holds a secret. */
export const AuditEntry = z.object({
  id: z.string(),
  at: Instant,
  actor: z.object({
    kind: z.enum(['user', 'api_key', 'server', 'slack']),
    id: z.string().optional(),
    name: z.string(),
  }),
  action: z.string().describe('noun.past_verb, for example integration.changed'),
  subject: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  detail: z.record(z.string(), z.unknown()),
})
export type AuditEntry = z.infer<typeof AuditEntry>

export const ListAudit = PageQuery.extend({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'Give the `next` of the page before.')
    .optional(),
  action: z.string().max(100).optional().describe('integration.changed, or integration for all about integrations'),
  subject: z.string().max(100).optional().describe('The id of what was changed'),
  actor: z.string().max(100).optional().describe('The id of who changed it'),
  from: Instant.optional(),
  to: Instant.optional(),
})

/** Whether the trail is as it was written. Note the head elsewhere, and a trail cut short shows too. */
export const AuditCheck = z.object({
  state: z.enum(['intact', 'broken']),
  entries: z.number().int(),
  head: z.string().describe('The hash of the last entry that fits'),
  brokenAt: z.number().int().optional().describe('The number of the first entry that does not fit'),
  problem: z.string().optional(),
})
export type AuditCheck = z.infer<typeof AuditCheck>
