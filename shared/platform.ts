import { z } from 'zod'
import { Instant } from './paging.ts'

/** The customer's own address that answers and receives what comes from Slack, and gives schedules their data. */
export const PlatformEndpointChange = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  enabled: z.boolean().optional(),
})
export type PlatformEndpointChange = z.infer<typeof PlatformEndpointChange>

export const PlatformEndpoint = z.object({
  integrationId: z.string(),
  url: z.string(),
  enabled: z.boolean(),
  /** The end of the secret; the whole is shown once, when it is made. */
  secret: z.string(),
  previousSecretUntil: Instant.optional().describe('Calls carry a signature of both secrets until then'),
  lastCall: z.object({ at: Instant, ok: z.boolean() }).optional(),
  updatedAt: Instant,
  updatedBy: z.string(),
})
export type PlatformEndpoint = z.infer<typeof PlatformEndpoint>

export const PlatformCall = z.object({
  id: z.string(),
  integrationId: z.string(),
  kind: z.string().describe('For example schedule.run'),
  state: z.enum(['pending', 'sending', 'retrying', 'delivered', 'failed']),
  createdAt: Instant,
  endedAt: Instant.optional(),
  attempts: z.array(
    z.object({
      number: z.number().int(),
      startedAt: Instant,
      tookMs: z.number(),
      httpStatus: z.number().int().optional(),
      code: z.string().optional(),
    }),
  ),
  code: z.string().optional(),
  detail: z.string().optional(),
})
export type PlatformCall = z.infer<typeof PlatformCall>
