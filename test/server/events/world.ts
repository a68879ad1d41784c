import type { Engine } from '../../../server/db/engine.ts'
import { type Caller, startWorld } from '../../support/world.ts'

/** A world with an integration, a destination and a caller who may send events, and a way to send with headers. */
export async function startEventsWorld(options: { engine?: Engine; onLogLine?: (line: string) => void } = {}) {
  const world = await startWorld(options)
  const integration = await world.havingIntegration()
  const admin = await world.as('admin')
  const destinationAt = async (channel: string): Promise<string> => {
    const made = await admin.post('/api/destinations', { integrationId: integration.id, kind: 'channel', channel })
    return made.body.id
  }
  const sender = await world.withKey(['events:write', 'messages:write'])
  return {
    ...world,
    admin,
    integration,
    destinationAt,
    destination: await destinationAt('#compliance'),
    sender,
    /** One request with a body as it goes over the wire, as the sender unless told otherwise. */
    send: async (path: string, body: unknown, headers: Record<string, string> = {}, who: Caller = sender) => {
      const response = await fetch(`${world.url}${path}`, {
        method: 'POST',
        headers: { ...who.headers, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
      const text = await response.text()
      // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the answer has and asserts on it
      return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as any }
    },
    count: async (table: 'events' | 'deliveries' | 'idempotencyKeys' | 'files' | 'fileChunks'): Promise<number> => {
      const { count } = await world.db
        .selectFrom(table)
        .select((row) => row.fn.countAll().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}

export type EventsWorld = Awaited<ReturnType<typeof startEventsWorld>>
