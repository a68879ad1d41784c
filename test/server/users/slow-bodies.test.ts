import { request } from 'node:http'
import { expect, test } from 'vitest'
import { startWorld, type World } from '../../support/world.ts'

/** A request whose body stops in the middle until `meanwhile` has run, and whose last part is long in coming. */
async function slowly(
  world: World,
  sent: { method: string; path: string; body: string; headers: Record<string, string> },
  meanwhile: () => Promise<unknown>,
): Promise<{ status: number; text: string }> {
  const answered = Promise.withResolvers<{ status: number; text: string }>()
  const asking = request(`${world.url}${sent.path}`, {
    method: sent.method,
    headers: { 'content-type': 'application/json', ...sent.headers, 'content-length': Buffer.byteLength(sent.body) },
  })
  asking.on('error', answered.reject)
  asking.on('response', async (response) => {
    let text = ''
    for await (const part of response) text += part
    answered.resolve({ status: response.statusCode ?? 0, text })
  })
  const middle = Math.floor(sent.body.length / 2)
  asking.write(sent.body.slice(0, middle))
  // The key was let in.
  const used = () => world.db.selectFrom('apiKeys').select('lastUsedAt').where('lastUsedAt', 'is not', null).execute()
  await expect.poll(async () => (await used()).length, { timeout: 10_000 }).toBe(1)
  await meanwhile()
  setTimeout(() => asking.end(sent.body.slice(middle)), 1_500)
  return answered.promise
}

const KEY = { name: 'Nightly', scopes: ['events:write', 'messages:write', 'config:write'] }

const multipart = (destination: unknown) =>
  [
    ...['--x', 'content-disposition: form-data; name="message"', '', JSON.stringify({ destination, text: 'late' })],
    ...['--x', 'content-disposition: form-data; name="file"; filename="a.txt"', '', 'z'.repeat(2_000), '--x--', ''],
  ].join('\r\n')

test.each([
  ['an event', 'POST', () => '/api/events', (to: unknown) => JSON.stringify({ type: 'late', destinations: [to] })],
  ['a message', 'POST', () => '/api/messages', (to: unknown) => JSON.stringify({ destination: to, text: 'late' })],
  ['a message with a file', 'POST', () => '/api/messages', multipart],
  ['a change', 'PATCH', (id: string) => `/api/integrations/${id}`, () => JSON.stringify({ name: 'Taken over' })],
])('%s that was still coming when its key was revoked is refused', async (_, method, pathOf, bodyOf) => {
  await using world = await startWorld()
  const { id, name } = await world.havingIntegration()
  const admin = await world.as('admin')
  const { body: key } = await admin.post('/api/api-keys', KEY)
  const body = bodyOf({ integrationId: id, channel: '#compliance' })
  const isFile = body.startsWith('--x')
  const headers = {
    authorization: `Bearer ${key.key}`,
    ...(isFile && { 'content-type': 'multipart/form-data; boundary=x' }),
  }

  const sent = { method, path: pathOf(id), body, headers }
  const answer = await slowly(world, sent, () => admin.delete(`/api/api-keys/${key.id}`))

  expect(answer).toMatchObject({ status: 401, text: expect.stringContaining('unauthenticated') })
  expect(await world.db.selectFrom('deliveries').selectAll().execute()).toEqual([])
  expect((await admin.get(`/api/integrations/${id}`)).body.name).toBe(name)
})

test('what comes slowly with a key that holds is taken', async () => {
  await using world = await startWorld()
  const { id } = await world.havingIntegration()
  const { headers } = await world.withKey(['events:write'])
  const body = JSON.stringify({ type: 'slow', destinations: [{ integrationId: id, channel: '#compliance' }] })

  const answer = await slowly(world, { method: 'POST', path: '/api/events', body, headers }, async () => {})

  expect(answer.status).toBe(202)
})
