import { lineUp } from '../../../server/deliveries/lanes/places-store.ts'
import { deliveryOf, type NewDelivery } from '../../../server/deliveries/to-row.ts'
import { getDestination } from '../../../server/destinations/store.ts'
import type { Destination } from '../../../shared/destinations.ts'
import type { World } from '../../support/world.ts'

/** A channel of the sandbox as a destination. */
export async function channelAt(world: World, integrationId: string, channel: string): Promise<Destination> {
  const admin = await world.as('admin')
  const made = await admin.post('/api/destinations', { integrationId, kind: 'channel', channel })
  if (made.status !== 201) throw new Error(made.text)
  return made.body
}

/** Messages that wait in a destination's line, named by their texts, in this order. Gives their ids. */
export async function waiting(
  world: World,
  destinationId: string,
  texts: string[],
  change: Partial<NewDelivery> = {},
): Promise<string[]> {
  const { ctx, db } = world
  const destination = await getDestination(db, destinationId)
  const rows = texts.map((text) =>
    deliveryOf(ctx, {
      destination,
      integrationName: 'Acme production',
      message: { text },
      origin: 'message',
      priority: 'normal',
      createdBy: 'a test',
      ...change,
    }),
  )
  await db.transaction().execute((trx) => lineUp(trx, rows))
  return rows.map(({ id }) => id)
}

/** What stands in a channel, oldest first. */
export async function textsIn(world: World, channel: string): Promise<string[]> {
  const messages = await world.slack.messages(await world.slack.channel(channel))
  return messages.map(({ text }) => text)
}
