import type { Caller, World } from './world.ts'

/** A destination and keys that may send to it. */
export async function havingSender(world: World) {
  const integration = await world.havingIntegration()
  const admin = await world.as('admin')
  const wanted = { integrationId: integration.id, kind: 'channel', channel: '#compliance' }
  const destinationId = (await admin.post('/api/destinations', wanted)).body.id as string
  const sender = await world.withKey(['events:write'])
  const messenger = await world.withKey(['messages:write'])
  const event = { type: 'compliance.violation', title: 'A finding', destinations: [destinationId] }
  return { sender, messenger, event, destinationId, integrationId: integration.id }
}

/** The same, and one message that waits. */
export async function havingDelivery(world: World) {
  const having = await havingSender(world)
  const { body } = await having.sender.post('/api/events', having.event)
  return { ...having, deliveryId: body.deliveries[0].id as string }
}

/** One part of a form whose boundary is B. */
export function part(name: string, content: string, fileName?: string): string {
  const file = fileName === undefined ? '' : `; filename="${fileName}"`
  return `--B\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n${content}\r\n`
}

/** Sends parts to POST /api/messages. */
export function sendForm(world: World, { headers }: Caller, body: string): Promise<Response> {
  const form = { ...headers, 'content-type': 'multipart/form-data; boundary=B' }
  return fetch(`${world.url}/api/messages`, { method: 'POST', headers: form, body })
}
