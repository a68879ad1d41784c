import { Message } from '../../shared/deliveries.ts'
import type { AppContext } from '../context.ts'
import { openTarget } from '../destinations/open-target.ts'
import { findDestination, type SavedDestination } from '../destinations/store.ts'
import { openConnection } from '../integrations/credentials.ts'
import { findIntegration, type SavedIntegration } from '../integrations/store.ts'
import type { Connection, Target } from '../providers/provider.ts'
import type { Claimed } from './store.ts'

/** Everything one attempt needs, or why there is none. */
export type Prepared =
  | {
      kind: 'ready'
      integration: SavedIntegration
      destination: SavedDestination
      connection: Connection
      target: Target
      message: Message
    }
  | { kind: 'held'; code: string; lane: { integrationId: string; destinationId?: string } }
  | { kind: 'cancelled'; code: string }
  /** Something broke before Slack was asked. */
  | { kind: 'broke'; error: unknown }

/** Opens what a claimed delivery is sent with. Nothing has been sent when this ends. */
export async function prepare(ctx: AppContext, delivery: Claimed): Promise<Prepared> {
  const { integrationId, destinationId } = delivery
  try {
    const message = Message.parse(JSON.parse(delivery.message))
    const integration = await findIntegration(ctx.db, integrationId)
    if (!integration) return { kind: 'cancelled', code: 'integration_deleted' }
    const destination = await findDestination(ctx.db, destinationId)
    if (!destination) return { kind: 'cancelled', code: 'destination_deleted' }
    const stopped = stoppedBy(integration, destination)
    if (stopped) return { kind: 'held', ...stopped }
    const connection = await openConnection(ctx, integrationId)
    const target = await openTarget(ctx, destination)
    return { kind: 'ready', integration, destination, connection, target, message }
  } catch (error) {
    return { kind: 'broke', error }
  }
}

/** Which switch keeps messages for a destination from going out; undefined when none does. */
export function stoppedBy(
  integration: Pick<SavedIntegration, 'id' | 'disabledAt' | 'pausedAt'>,
  destination: Pick<SavedDestination, 'id' | 'disabledAt'>,
): { code: string; lane: { integrationId: string; destinationId?: string } } | undefined {
  const lane = { integrationId: integration.id }
  if (integration.disabledAt !== null) return { code: 'integration_disabled', lane }
  if (integration.pausedAt !== null) return { code: 'integration_paused', lane }
  if (destination.disabledAt === null) return undefined
  return { code: 'destination_disabled', lane: { ...lane, destinationId: destination.id } }
}
