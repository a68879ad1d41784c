import { serve } from '@hono/node-server'
import { Hono } from 'hono'

/** The peer of `events`: a route that reads the JSON, answers as if it had kept it, and keeps nothing. */
const app = new Hono().post('/api/events', async (c) => {
  const event = await c.req.json()
  return c.json({ id: 'evt_00000000000000000000', deliveries: [{ destination: event.destinations[0] }] }, 202)
})
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`The route is at http://127.0.0.1:${port}\n`)
})
process.on('SIGTERM', () => process.exit(0))
