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
  action: z.string().max(100).optional(),
  subject: z.string().max(100).optional(),
})
