import { z } from 'zod'
import { Instant, PageQuery } from './paging.ts'

/** An open problem that Switchboard noticed by itself, with the way out. */
export const Incident = z.object({
  id: z.string(),
  subject: z.object({
    kind: z.enum(['destination', 'integration', 'platform_endpoint', 'schedule']),
    id: z.string(),
    name: z.string(),
  }),
  integrationId: z.string().describe('Empty: of a schedule that no integration is asked for'),
  code: z.string(),
  detail: z.string().optional(),
  meaning: z.string(),
  fix: z.string(),
  link: z.object({ label: z.string(), url: z.string() }).optional(),
  deliveryId: z.string().optional().describe('The delivery that met it'),
  openedAt: Instant,
  closedAt: Instant.optional(),
  closedBy: z.string().optional(),
  held: z.number().int().describe('Deliveries that wait behind it'),
})
export type Incident = z.infer<typeof Incident>

export const ListIncidents = PageQuery.extend({
  open: z.stringbool().optional(),
  integrationId: z.string().max(64).optional(),
})
