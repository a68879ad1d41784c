import { describe, expect, test } from 'vitest'
import { accessTable, matchAccess } from '../../../server/users/access.ts'
import { bearer, startPeople } from './people-server.ts'

describe('which row a request falls under', () => {
  test.each([
    ['GET', '/api/users', '/api/users'],
    ['HEAD', '/api/users', '/api/users'],
    ['GET', '/api/deliveries/counts', '/api/deliveries/counts'],
    ['GET', '/api/deliveries/dlv_1', '/api/deliveries/{id}'],
    ['POST', '/api/integrations/test', '/api/integrations/test'],
    ['POST', '/api/integrations/int_1/test', '/api/integrations/{id}/test'],
  ])('%s %s: %s', (method, path, row) => {
    expect(matchAccess(method, path)).toMatchObject({ kind: 'row', row: { path: row } })
  })

  test.each([
    ['GET', '/api/nothing'],
    ['GET', '/api/users/'],
    ['GET', '/api//users'],
    ['GET', '/API/USERS'],
    ['PATCH', '/api/users/'],
    ['PATCH', '/api/users/usr_1/more'],
  ])('%s %s: none', (method, path) => {
    expect(matchAccess(method, path)).toEqual({ kind: 'unknown' })
  })

  test.each([
    ['DELETE', '/api/users'],
    ['TRACE', '/api/users'],
  ])('%s %s: the address takes other methods', (method, path) => {
    expect(matchAccess(method, path)).toEqual({ kind: 'other_method', allowed: ['GET', 'POST'] })
  })

  test('no two rows are about the same method and path', () => {
    const shapes = accessTable.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`)

    expect(new Set(shapes).size).toBe(shapes.length)
  })
})

test('an unknown address is 404, a known one with another method 405 with what it takes', async () => {
  await using people = await startPeople()

  expect((await people.ask('GET', '/api/nothing')).status).toBe(404)
  expect(await people.ask('DELETE', '/api/users')).toMatchObject({ status: 405, headers: { allow: 'GET, POST' } })
})

test('who asks without session or key is told what would do', async () => {
  await using people = await startPeople()

  const told = await people.ask('GET', '/api/deliveries')

  expect(told).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
  expect(told.body.error).toMatchObject({ code: 'unauthenticated' })
  expect(told.body.error.fix).toContain('deliveries:read')
})

test.each([
  ['viewer', 'GET', '/api/deliveries', 200],
  ['operator', 'GET', '/api/deliveries', 200],
  ['viewer', 'POST', '/api/integrations', 403],
  ['operator', 'POST', '/api/integrations', 403],
  ['viewer', 'GET', '/api/users', 403],
  ['operator', 'GET', '/api/audit', 403],
  ['viewer', 'GET', '/api/profile', 200],
])('a %s who asks %s %s gets %i', async (role, method, path, status) => {
  await using people = await startPeople()
  const { email } = await people.havingPerson(role)
  const headers = await people.session(email)

  const told = await people.ask(method, path, { headers, ...(method === 'POST' && { body: { name: 'x' } }) })

  expect(told.status).toBe(status)
  if (status === 403) expect(told.body.error.message).toBe(`This needs the role admin; yours is ${role}.`)
})

test.each([
  [['deliveries:read'], 'GET', '/api/deliveries', 200, ''],
  [['config:read'], 'GET', '/api/deliveries', 403, 'deliveries:read'],
  [['config:write'], 'POST', '/api/integrations', 200, ''],
  [['config:read'], 'POST', '/api/integrations', 403, 'config:write'],
  [['audit:read'], 'GET', '/api/audit', 200, ''],
  [['config:write', 'audit:read'], 'GET', '/api/users', 403, 'no API key'],
  [['config:write'], 'POST', '/api/api-keys', 403, 'no API key'],
  [['config:read'], 'GET', '/api/profile', 403, 'no API key'],
])('a key with %j that asks %s %s gets %i', async (scopes, method, path, status, named) => {
  await using people = await startPeople()
  const { key } = await people.havingKey(scopes)

  const told = await people.ask(method, path, {
    headers: bearer(key),
    ...(method === 'POST' && { body: { name: 'x', scopes: ['config:read'] } }),
  })

  expect(told.status).toBe(status)
  if (status === 403) expect(told.body.error.message).toContain(named)
})

test('of a cookie and a key, the key counts', async () => {
  await using people = await startPeople()
  const { key } = await people.havingKey(['deliveries:read'])
  const headers = { ...(await people.admin()), ...bearer(key) }

  const told = await people.ask('POST', '/api/integrations', { headers, body: { name: 'x' } })

  expect(told).toMatchObject({ status: 403, body: { error: { message: expect.stringContaining('config:write') } } })
})

describe('a change asked for with a cookie', () => {
  const ask = async (more: Record<string, string>, without: string[] = []) => {
    await using people = await startPeople()
    const given = { ...(await people.admin()), ...more }
    const headers = Object.fromEntries(Object.entries(given).filter(([name]) => !without.includes(name)))
    return await people.ask('POST', '/api/integrations', { headers, body: { name: 'x' } })
  }

  test.each([
    ['a page of ours', {}, []],
    ['a page of ours, as the browser says twice', { 'sec-fetch-site': 'same-origin' }, []],
    ['a script that sets the header', { 'x-switchboard-csrf': '1' }, ['origin']],
  ])('passes from %s', async (_, more, without) => {
    expect((await ask(more, without)).status).toBe(200)
  })

  test.each([
    ['another site', { origin: 'https://evil.example' }, []],
    ['another site that sets the header', { origin: 'https://evil.example', 'x-switchboard-csrf': '1' }, []],
    ['a sandboxed frame', { origin: 'null' }, []],
    ['another port of this machine', { origin: 'http://127.0.0.1:9' }, []],
    ['a neighbouring name', { 'sec-fetch-site': 'same-site' }, ['origin']],
    ['another site, without origin', { 'sec-fetch-site': 'cross-site', 'x-switchboard-csrf': '1' }, ['origin']],
    ['who says nothing', {}, ['origin']],
  ])('is refused from %s', async (_, more, without) => {
    const told = await ask(more, without)

    expect(told).toMatchObject({ status: 403, body: { error: { code: 'wrong_origin' } } })
  })
})

test('another site can’t sign its visitor in or out', async () => {
  await using people = await startPeople()
  const { cookie = '' } = await people.admin()
  const evil = { origin: 'https://evil.example' }

  const signedIn = await people.signIn('ada@acme.example', undefined, evil)
  const signedOut = await people.ask('POST', '/api/auth/sign-out', { headers: { cookie, ...evil }, body: {} })

  expect(signedIn.status).toBe(403)
  expect(signedOut.status).toBe(403)
  expect((await people.ask('GET', '/api/profile', { headers: { cookie } })).status).toBe(200)
})
