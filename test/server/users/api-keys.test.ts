import { expect, test } from 'vitest'
import { ENGINES } from '../../support/each-store.ts'
import { bearer, startPeople } from './people-server.ts'

test.each(ENGINES)('a key is told once, kept as a hash, and works until revoked, on %s', async (engine) => {
  await using people = await startPeople({ engine })
  const headers = await people.admin()

  const made = await people.ask('POST', '/api/api-keys', {
    headers,
    body: { name: 'Platform', scopes: ['deliveries:read', 'deliveries:read'] },
  })
  expect(made.status).toBe(201)
  const { key, id } = made.body
  expect(key).toMatch(/^sk_[A-Za-z0-9_-]{43}$/)
  expect(made.body).toMatchObject({ fingerprint: key.slice(-4), scopes: ['deliveries:read'], createdBy: 'Ada Ferrer' })
  const listed = await people.ask('GET', '/api/api-keys', { headers })
  expect(listed.body.items).toHaveLength(1)
  expect(listed.text).not.toContain(key)
  expect(JSON.stringify(await people.db.selectFrom('apiKeys').selectAll().execute())).not.toContain(key.slice(3, 20))
  expect((await people.ask('GET', '/api/deliveries', { headers: bearer(key) })).status).toBe(200)

  const revoked = await people.ask('DELETE', `/api/api-keys/${id}`, { headers })
  expect(revoked.body.revokedAt).toMatch(/Z$/)
  expect((await people.ask('GET', '/api/deliveries', { headers: bearer(key) })).status).toBe(401)

  people.clock.now += 1_000
  const again = await people.ask('DELETE', `/api/api-keys/${id}`, { headers })
  expect(again.body.revokedAt).toBe(revoked.body.revokedAt)
})

test('a key ends at the millisecond it was given', async () => {
  await using people = await startPeople()
  const expiresAt = new Date(people.clock.now + 60_000).toISOString()
  const { key } = await people.havingKey(['deliveries:read'], { expiresAt })
  const status = async () => (await people.ask('GET', '/api/deliveries', { headers: bearer(key) })).status

  people.clock.now += 59_999
  expect(await status()).toBe(200)
  people.clock.now += 1
  expect(await status()).toBe(401)
})

test('the last use is noted, once a minute', async () => {
  await using people = await startPeople()
  const { key } = await people.havingKey(['deliveries:read'])
  const usedAt = async () => {
    await people.ask('GET', '/api/deliveries', { headers: bearer(key) })
    return (await people.db.selectFrom('apiKeys').select('lastUsedAt').executeTakeFirst())?.lastUsedAt
  }
  const start = people.clock.now

  expect(await usedAt()).toBe(start)
  people.clock.now = start + 59_999
  expect(await usedAt()).toBe(start)
  people.clock.now = start + 60_000
  expect(await usedAt()).toBe(start + 60_000)
})

test.each([
  ['no scope', { scopes: [] }, 'scopes'],
  ['a scope nobody knows', { scopes: ['everything'] }, 'scopes.0'],
  ['an end that has passed', { expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
  ['an end that is no instant', { expiresAt: 'tomorrow' }, 'expiresAt'],
  ['no name', { name: ' ' }, 'name'],
])('a key with %s is not made', async (_, change, field) => {
  await using people = await startPeople()

  const told = await people.ask('POST', '/api/api-keys', {
    headers: await people.admin(),
    body: { name: 'x', scopes: ['config:read'], ...change },
  })

  expect(told).toMatchObject({ status: 422, body: { error: { field } } })
})

test.each([
  ['one of ours but for the last character', (key: string) => `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`],
  ['something else', () => 'sk_none'],
  ['a very long text', () => `sk_${'a'.repeat(5_000)}`],
])('%s opens nothing', async (_, change) => {
  await using people = await startPeople()
  const { key } = await people.havingKey(['deliveries:read'])

  const told = await people.ask('GET', '/api/deliveries', { headers: bearer(change(key)) })

  expect(told).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } })
})

test('a key in the address opens nothing', async () => {
  await using people = await startPeople()
  const { key } = await people.havingKey(['deliveries:read'])

  expect((await people.ask('GET', `/api/deliveries?api_key=${key}&access_token=${key}`)).status).toBe(401)
})
