import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'

/** The peer of `events`: a route that reads the JSON, answers as if it had kept it, and keeps nothing. */
const app = new Hono().post('/api/events', async (c) => {
  const event = await c.req.json()
  return c.json({ id: 'evt_00000000000000000000', deliveries: [{ destination: event.destinations[0] }] }, 202)
})
const server = createAdaptorServer({ fetch: app.fetch }) as Server
// As many connections may wait for it as for ours.
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.stdout.write(`The route is at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
process.on('SIGTERM', () => process.exit(0))
