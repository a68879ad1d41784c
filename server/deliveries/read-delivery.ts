import type { Delivery } from '../../shared/deliveries.ts'
import type { AppContext } from '../context.ts'
import { findIntegration } from '../integrations/store.ts'
import { getDelivery, listAttempts } from './list-store.ts'
import { toDelivery } from './to-answer.ts'

/** One delivery with its attempts and time line; links lead to the app's own pages while its integration exists. */
export async function readDelivery(ctx: AppContext, id: string): Promise<Delivery> {
  const delivery = await getDelivery(ctx.db, id)
  const attempts = await listAttempts(ctx.db, id)
  const integration = await findIntegration(ctx.db, delivery.integrationId)
  return toDelivery(delivery, attempts, integration?.appId)
}
