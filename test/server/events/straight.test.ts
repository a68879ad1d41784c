import { request } from 'node:http'
import { expect, test } from 'vitest'
import { type EventsWorld, startEventsWorld } from './world.ts'

/** The same request as a program sends it, and with a query that takes it through the app's layers. */
async function bothWays(world: EventsWorld, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>) {
  const ask = async (path: string) => {
    const response = await fetch(`${world.url}${path}`, {
      method: 'POST',
      headers: { ...world.sender.headers, 'content-type': 'application/json', 'x-request-id': 'request-1', ...headers },
      body,
    })
    const told = Object.fromEntries([...response.headers].filter(([name]) => !PER_CONNECTION.includes(name)))
    return { status: response.status, headers: told, body: (await response.text()).replace(IDS, '$1_…') }
  }
  return { straight: await ask('/api/events'), throughApp: await ask('/api/events?through=app') }
}

const PER_CONNECTION = ['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'vary']
const IDS = /\b(evt|dlv)_[0-9a-z]{22}/g

const event = (world: EventsWorld) =>
  JSON.stringify({ type: 'door.open', title: 'Door', destinations: [world.destination] })

test.each<[string, number, Record<string, string>, (world: EventsWorld) => string | Uint8Array<ArrayBuffer>]>([
  ['a fine event', 202, {}, event],
  ['a wrong event', 422, {}, () => '{"type":7}'],
  ['no JSON', 400, {}, () => '{'],
  ['no UTF-8', 400, {}, () => new Uint8Array([0x22, 0xff, 0x22])],
  ['nothing at all', 422, {}, () => ''],
  ['another type of content', 415, { 'content-type': 'text/plain' }, event],
  ['a body too large', 413, {}, () => `[${' '.repeat(5 * 1024 * 1024)}]`],
  ['a key that is none', 401, { authorization: `Bearer sk_${'x'.repeat(43)}` }, event],
  ['a key of another form', 401, { authorization: 'Bearer x' }, event],
  ['an idempotency key that is none', 422, { 'idempotency-key': 'x'.repeat(300) }, event],
])('straight from the socket and through the app the answer is the same: %s', async (_, status, headers, body) => {
  await using world = await startEventsWorld()

  const { straight, throughApp } = await bothWays(world, headers, body(world))

  expect(straight).toEqual(throughApp)
  expect(straight.status).toBe(status)
  expect(straight.headers).toMatchObject({ 'x-request-id': 'request-1', 'cache-control': 'no-store' })
})

test('a name that this server is not known by is refused there too', async () => {
  await using world = await startEventsWorld()
  const { port } = new URL(world.url)
  const headers = { ...world.sender.headers, host: 'evil.example', 'content-type': 'application/json' }

  const status = await new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '/api/events', method: 'POST', headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode))
    })
    sent.on('error', reject).end(event(world))
  })

  expect(status).toBe(421)
  expect(await world.count('events')).toBe(0)
})

test('a revoked key is refused from the next request on', async () => {
  await using world = await startEventsWorld()
  const made = await world.admin.post('/api/api-keys', { name: 'mine', scopes: ['events:write'] })
  const who = { ...world.sender, headers: { authorization: `Bearer ${made.body.key}` } }

  const before = await world.send('/api/events', event(world), {}, who)
  await world.admin.delete(`/api/api-keys/${made.body.id}`)
  const after = await world.send('/api/events', event(world), {}, who)

  expect([before.status, after.status]).toEqual([202, 401])
})
