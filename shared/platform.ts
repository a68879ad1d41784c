import { z } from 'zod'
import { Instant } from './paging.ts'

/** The customer's own address that answers and receives what comes from Slack, and gives schedules their data. */
export const PlatformEndpointChange = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, message: 'Write an address as https://platform.example.com/switchboard.' })
    .max(2_000),
  enabled: z.boolean().optional(),
})
export type PlatformEndpointChange = z.infer<typeof PlatformEndpointChange>

export const DEFAULT_OVERLAP_HOURS = 24

export const RollSecret = z.strictObject({
  overlapHours: z
    .number()
    .min(0)
    .max(168)
    .optional()
    .describe('How long the secret before holds as well; 24 when absent. 0 after a leak: nothing older is signed with'),
})
export type RollSecret = z.infer<typeof RollSecret>

export const PlatformEndpoint = z.object({
  id: z.string(),
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

/** What making an endpoint or rolling its secret answers. */
export const PlatformEndpointMade = PlatformEndpoint.extend({
  newSecret: z.string().optional().describe('The whole secret, this once'),
})
export type PlatformEndpointMade = z.infer<typeof PlatformEndpointMade>

export const PlatformTest = z.object({
  ok: z.boolean(),
  tookMs: z.number(),
  httpStatus: z.number().int().optional(),
  answer: z.string().optional().describe('How the answer began'),
  code: z.string().optional(),
  detail: z.string().optional(),
  meaning: z.string().optional(),
  fix: z.string().optional(),
  checksSignatures: z.boolean().optional().describe('Whether it refused a second ping, whose signature was wrong'),
})
export type PlatformTest = z.infer<typeof PlatformTest>

export const PlatformCall = z.object({
  id: z.string(),
  integrationId: z.string(),
  kind: z.string().describe('For example schedule.run'),
  state: z.enum(['pending', 'sending', 'retrying', 'delivered', 'failed']),
  createdAt: Instant,
  endedAt: Instant.optional(),
  nextAttemptAt: Instant.optional(),
  request: z.string().describe('How the body began, without secrets'),
  attempts: z.array(
    z.object({
      number: z.number().int(),
      startedAt: Instant,
      tookMs: z.number(),
      httpStatus: z.number().int().optional(),
      code: z.string().optional(),
      answer: z.string().optional().describe('How the answer began, without secrets'),
    }),
  ),
  code: z.string().optional(),
  detail: z.string().optional(),
  meaning: z.string().optional(),
  fix: z.string().optional(),
})
export type PlatformCall = z.infer<typeof PlatformCall>
