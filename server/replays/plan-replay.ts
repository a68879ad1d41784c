import type { ReplayPreview, ReplayRequest } from '../../shared/replays.ts'
import type { AppContext } from '../context.ts'
import { getDelivery } from '../deliveries/list-store.ts'
import { replayedMessage } from '../deliveries/replay-delivery.ts'
import { optional, toInstant } from '../lib/paging.ts'
import { eachWanted } from './wanted.ts'

/** What a replay would send if it began now. Nothing is written. */
export async function previewReplay(ctx: AppContext, { which, options }: ReplayRequest): Promise<ReplayPreview> {
  const asOf = ctx.now()
  const plan = await planReplay(ctx, { which, options }, asOf)
  const { first, last, byDestination } = plan
  const longestLine = Math.max(0, ...byDestination.map(({ count }) => count))
  const tookMs = Math.max((plan.count * 60_000) / options.perMinute, ctx.pace === 'off' ? 0 : longestLine * LINE_MS)
  const sample = first && replayedMessage(await getDelivery(ctx.db, first.id), options.markDelayed)
  return {
    count: plan.count,
    skipped: plan.skipped,
    byDestination,
    ...optional('oldestAt', first && toInstant(first.createdAt)),
    ...optional('newestAt', last && toInstant(last.createdAt)),
    ...optional('sample', sample),
    estimatedEndAt: toInstant(asOf + tookMs),
  }
}

/** Slack takes about a message a second in one place. */
const LINE_MS = 1_000

type Seen = { id: string; createdAt: number }
export type Plan = {
  count: number
  skipped: number
  byDestination: ReplayPreview['byDestination']
  first: Seen | undefined
  last: Seen | undefined
}

/** Counts what would be sent of what had come to its end by an instant. */
export async function planReplay(ctx: AppContext, { which, options }: ReplayRequest, asOf: number): Promise<Plan> {
  const plan: Plan = { count: 0, skipped: 0, byDestination: [], first: undefined, last: undefined }
  const places = new Map<string, { id: string; name: string; count: number }>()
  for await (const { delivery, place } of eachWanted(ctx, { which, asOf, skipSuperseded: options.skipSuperseded })) {
    if (!place) {
      plan.skipped += 1
      continue
    }
    const { id, name } = place.destination
    const counted = places.get(id) ?? { id, name, count: 0 }
    places.set(id, counted)
    counted.count += 1
    plan.count += 1
    plan.last = { id: delivery.id, createdAt: Number(delivery.createdAt) }
    plan.first ??= plan.last
  }
  plan.byDestination = [...places.values()].sort((a, b) => b.count - a.count)
  return plan
}
