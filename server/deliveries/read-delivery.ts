import type { Delivery, TimelineEntry } from '../../shared/deliveries.ts'
import type { AppContext } from '../context.ts'
import { findFile } from '../files/store.ts'
import { findIntegration } from '../integrations/store.ts'
import { optional } from '../lib/paging.ts'
import type { PausedTypes } from './lanes/places-store.ts'
import { getDelivery, listAttempts } from './list-store.ts'
import { expectedAt } from './queue.ts'
import { findWait } from './quiet/waits-store.ts'
import { listRelated } from './related-store.ts'
import { toDelivery } from './to-answer.ts'

/** One delivery with everything that explains it; links lead to the app's own pages while its integration exists. */
export async function readDelivery(ctx: AppContext, id: string): Promise<Delivery> {
  const delivery = await getDelivery(ctx.db, id)
  const integration = await findIntegration(ctx.db, delivery.integrationId)
  const file = delivery.fileId === null ? undefined : await findFile(ctx.db, delivery.fileId)
  return toDelivery(delivery, {
    attempts: await listAttempts(ctx.db, id),
    related: await listRelated(ctx.db, delivery, MOST_RELATED),
    appId: integration?.appId,
    file: file && { name: file.name, sizeBytes: Number(file.sizeBytes), ...optional('altText', file.altText) },
    place: integration && (await expectedAt(ctx, delivery)),
    wait: await findWait(ctx.db, id),
  })
}

const MOST_RELATED = 50

/** What slices above this one tell of a delivery; app.ts hands it in. */
export type Tellers = {
  /** What brought it to its destination. */
  decidedEntries: (
    ctx: AppContext,
    delivery: { eventId?: string | undefined; destinationId: string; replayOf?: string | undefined },
  ) => Promise<TimelineEntry[]>
  pausedTypes: PausedTypes
}

/** The same, its time line with what decided it, which comes right after it was accepted. */
export async function readWhole(
  ctx: AppContext,
  id: string,
  { decidedEntries }: Pick<Tellers, 'decidedEntries'>,
): Promise<Delivery> {
  const delivery = await readDelivery(ctx, id)
  const { eventId, destination, replayOf, timeline } = delivery
  const decided = await decidedEntries(ctx, { eventId, destinationId: destination.id, replayOf })
  return { ...delivery, timeline: [...timeline.slice(0, 1), ...decided, ...timeline.slice(1)] }
}
