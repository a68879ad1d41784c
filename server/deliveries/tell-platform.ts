import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import type { SavedIncident } from '../incidents/store.ts'
import { notifyPlatform } from '../platform/notify-platform.ts'

/**
 * Tells the platform that an incident opened, or that somebody ended it: its people hear of broken Slack by another road
 * than Slack. In the transaction of the change; where there is no platform endpoint nobody is told.
 */
export async function tellPlatform(
  ctx: AppContext,
  trx: Db,
  what: 'opened' | 'closed',
  incident: SavedIncident,
): Promise<void> {
  const { id, subjectKind, subjectId, subjectName, integrationId, code, detail, deliveryId } = incident
  await notifyPlatform(ctx, trx, integrationId, {
    kind: `incident.${what}`,
    body: {
      incident: id,
      subject: { kind: subjectKind, id: subjectId, name: subjectName },
      code,
      ...(detail !== null && { detail }),
      ...(deliveryId !== null && { delivery: deliveryId }),
      page: `${ctx.publicUrl}/incidents`,
    },
  })
}
