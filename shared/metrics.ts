import { z } from 'zod'
import { Instant } from './paging.ts'

/** What the dashboards aim for; the lines on the charts and the marks under the tiles. */
export const targets = {
  deliveryRate: 0.99,
  responseP95Ms: 200,
  commandSuccess: 0.98,
  availability: 0.999,
} as const

/** The windows the pages offer, with the width of one point. */
export const windows = {
  '1h': { label: 'Last hour', ms: 3_600_000, stepMs: 60_000 },
  '24h': { label: 'Last 24 hours', ms: 86_400_000, stepMs: 1_800_000 },
  '7d': { label: 'Last 7 days', ms: 604_800_000, stepMs: 10_800_000 },
  '30d': { label: 'Last 30 days', ms: 2_592_000_000, stepMs: 43_200_000 },
} as const
export const Window = z.enum(['1h', '24h', '7d', '30d'])
export type Window = z.infer<typeof Window>

/** from, to and step are snapped outward to whole steps (a step is whole minutes); the answer says which were used. */
export const MetricsQuery = z.object({
  from: Instant.optional(),
  to: Instant.optional(),
  step: z.coerce.number().int().min(60_000).max(86_400_000).optional().describe('Milliseconds, whole minutes'),
  window: Window.default('24h').describe('Used when from and to are left out: the window that ends now'),
  integrationId: z.string().max(64).optional(),
})
export type MetricsQuery = z.infer<typeof MetricsQuery>

/** null: nothing was measured, which is neither 0 % nor 100 %. */
const rate = z.number().min(0).max(1).nullable()
const ms = z.number().nullable()
const count = z.number().int()

export const Quantiles = z.object({ count, p50: ms, p95: ms, p99: ms })
export type Quantiles = z.infer<typeof Quantiles>

export const DeliveryPoint = z.object({ at: Instant, delivered: count, failed: count, rate })
export const ResponsePoint = Quantiles.extend({ at: Instant })
export const CommandPoint = z.object({ at: Instant, byCommand: z.record(z.string(), count), failed: count })

const Tile = z.object({
  value: z.number().nullable(),
  before: z.number().nullable().describe('The same figure over the window before'),
  target: z.number(),
  met: z.boolean().nullable(),
  budgetLeft: z.number().nullable().describe('Share of the 30-day error budget left; below 0 when overspent'),
})

export const Overview = z.object({
  from: Instant,
  to: Instant,
  stepMs: z.number().int(),
  tiles: z.object({ deliveryRate: Tile, responseP95Ms: Tile, commandSuccess: Tile, availability: Tile }),
  deliveries: z.object({
    delivered: count,
    failed: count,
    held: count,
    unconfirmed: count,
    suppressed: count,
    cancelled: count,
    firstTry: rate,
    points: z.array(DeliveryPoint),
  }),
  responses: z.object({
    total: Quantiles,
    points: z.array(ResponsePoint),
    methods: z.array(Quantiles.extend({ method: z.string() })),
  }),
  commands: z.object({
    total: count,
    failed: count,
    people: count,
    byCommand: z.array(z.object({ command: z.string(), count, failed: count })),
    ack: Quantiles,
    points: z.array(CommandPoint),
  }),
})
export type Overview = z.infer<typeof Overview>

/** One row of the integrations page: health over the last 24 hours. */
export const IntegrationHealth = z.object({
  integrationId: z.string(),
  deliveryRate: rate,
  delivered: count,
  failed: count,
  responseP95Ms: ms,
  availability: rate,
  lastDeliveredAt: Instant.optional(),
  hours: z.array(z.object({ at: Instant, delivered: count, failed: count })),
})
export type IntegrationHealth = z.infer<typeof IntegrationHealth>

/** What asks for a person, worst first. */
export const Attention = z.object({
  id: z.string(),
  tone: z.enum(['bad', 'warn']),
  title: z.string(),
  note: z.string(),
  action: z.object({ label: z.string(), to: z.string().describe('Path in the console') }),
})
export type Attention = z.infer<typeof Attention>
