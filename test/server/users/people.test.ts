import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../support/each-store.ts'
import { PASSWORD, startPeople } from './people-server.ts'

test.each(ENGINES)('an admin adds a person, who signs in and is listed, on %s', async (engine) => {
  await using people = await startPeople({ engine })
  const headers = await people.admin()

  const made = await people.ask('POST', '/api/users', {
    headers,
    body: { name: 'Oda Berg', email: 'Oda@Acme.example', role: 'operator', password: PASSWORD },
  })
  expect(made).toMatchObject({ status: 201, body: { email: 'oda@acme.example', role: 'operator' } })
  expect(made.body.lastSeenAt).toBeUndefined()
  await people.session('oda@acme.example')

  const { items } = (await people.ask('GET', '/api/users', { headers })).body
  expect(items.map(({ email }: { email: string }) => email)).toEqual(['ada@acme.example', 'oda@acme.example'])
  expect(items[1].lastSeenAt).toMatch(/^\d{4}-.*Z$/)
  expect(JSON.stringify(items)).not.toMatch(/password|token|banned/)
})

test.each(ENGINES)('people come in pages, on %s', async (engine) => {
  await using people = await startPeople({ engine })
  const headers = await people.admin()
  for (const name of ['b', 'c']) await people.havingPerson('viewer', `${name}@acme.example`)

  const first = (await people.ask('GET', '/api/users?limit=2', { headers })).body
  const second = (await people.ask('GET', `/api/users?limit=2&cursor=${first.next}`, { headers })).body

  expect(first.items).toHaveLength(2)
  expect(second.items.map(({ email }: { email: string }) => email)).toEqual(['c@acme.example'])
  expect(second.next).toBeUndefined()
})

test('two people can’t have one e-mail', async () => {
  await using people = await startPeople()
  await people.havingPerson('viewer', 'oda@acme.example')

  const again = await people.ask('POST', '/api/users', {
    headers: await people.admin(),
    body: { name: 'Other', email: 'ODA@acme.example', role: 'viewer', password: PASSWORD },
  })

  expect(again).toMatchObject({ status: 409, body: { error: { code: 'conflict', field: 'email' } } })
})

test.each(ENGINES)('who is disabled is out at once and can’t come back until enabled, on %s', async (engine) => {
  await using people = await startPeople({ engine })
  const admin = await people.admin()
  const { id, email } = await people.havingPerson('operator')
  const headers = await people.session(email)
  const change = (body: unknown) => people.ask('PATCH', `/api/users/${id}`, { headers: admin, body })

  const disabled = await change({ disabled: true })
  expect(disabled.body.disabledAt).toMatch(/Z$/)
  expect((await people.ask('GET', '/api/deliveries', { headers })).status).toBe(401)
  expect((await people.ask('GET', '/api/auth/get-session', { headers })).body).toBeNull()
  expect(await people.signIn(email)).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } })
  expect((await people.signIn(email, 'wrong password')).status).toBe(401)

  expect((await change({ disabled: false })).body.disabledAt).toBeUndefined()
  expect((await people.ask('GET', '/api/deliveries', { headers })).status).toBe(401)
  expect((await people.signIn(email)).status).toBe(200)
})

test('a role that was taken away is gone with the next request', async () => {
  await using people = await startPeople()
  const { id, email } = await people.havingPerson('admin', 'second@acme.example')
  const headers = await people.session(email)
  expect((await people.ask('GET', '/api/users', { headers })).status).toBe(200)

  await people.ask('PATCH', `/api/users/${id}`, { headers: await people.admin(), body: { role: 'viewer' } })

  expect((await people.ask('GET', '/api/users', { headers })).status).toBe(403)
})

test('a password set by an admin ends the person’s sessions and replaces the old one', async () => {
  await using people = await startPeople()
  const { id, email } = await people.havingPerson('viewer')
  const headers = await people.session(email)
  const password = 'another three unrelated words'

  await people.ask('PATCH', `/api/users/${id}`, { headers: await people.admin(), body: { password } })

  expect((await people.ask('GET', '/api/profile', { headers })).status).toBe(401)
  expect((await people.signIn(email)).status).toBe(401)
  expect((await people.signIn(email, password)).status).toBe(200)
})

test.each(ENGINES)(
  'on %s, nobody stays in who signs in with the old password while a new one is set',
  async (engine) => {
    await using people = await startPeople({ engine })
    const { id, email } = await people.havingPerson('viewer')
    const headers = await people.admin()
    const body = { password: 'another three unrelated words' }

    const setting = people.ask('PATCH', `/api/users/${id}`, { headers, body })
    const signingIn = Array.from({ length: 4 }, async (_, place) => {
      await setTimeout(place * 25)
      return people.signIn(email)
    })
    const answers = await Promise.all(signingIn)
    await setting

    const left = await people.db.selectFrom('sessions').select('id').where('userId', '=', id).execute()
    expect(left).toEqual([])
    expect(answers.filter(({ status }) => status !== 200 && status !== 401)).toEqual([])
  },
)

describe('nobody locks everyone out', () => {
  const own = async (body: unknown, others: string[] = []) => {
    await using people = await startPeople()
    const headers = await people.admin()
    for (const role of others) await people.havingPerson(role, `${role}-too@acme.example`)
    const { id } = (await people.ask('GET', '/api/profile', { headers })).body
    return await people.ask('PATCH', `/api/users/${id}`, { headers, body })
  }

  test.each([
    ['the only admin steps down', { role: 'operator' }, [], 409, 'role'],
    ['the only admin steps down while there are operators', { role: 'viewer' }, ['operator'], 409, 'role'],
    ['one of two admins steps down', { role: 'viewer' }, ['admin'], 200, undefined],
    ['someone disables themselves', { disabled: true }, ['admin'], 409, 'disabled'],
    ['someone sets their own password without the current one', { password: PASSWORD }, ['admin'], 409, 'password'],
    ['a field nobody knows', { banned: true }, [], 422, 'banned'],
  ])('%s', async (_, body, others, status, field) => {
    const told = await own(body, others)

    expect(told.status).toBe(status)
    expect(told.body.error?.field).toBe(field)
  })

  test('a disabled admin does not count', async () => {
    await using people = await startPeople()
    const headers = await people.admin()
    const { id } = await people.havingPerson('admin', 'second@acme.example')
    await people.ask('PATCH', `/api/users/${id}`, { headers, body: { disabled: true } })
    const me = (await people.ask('GET', '/api/profile', { headers })).body

    const told = await people.ask('PATCH', `/api/users/${me.id}`, { headers, body: { role: 'viewer' } })

    expect(told.status).toBe(409)
  })

  test.each(ENGINES)('two admins who demote each other at once leave one, on %s', async (engine) => {
    await using people = await startPeople({ engine })
    const ada = await people.admin()
    const { id, email } = await people.havingPerson('admin', 'second@acme.example')
    const second = await people.session(email)
    const me = (await people.ask('GET', '/api/profile', { headers: ada })).body

    const both = await Promise.all([
      people.ask('PATCH', `/api/users/${id}`, { headers: ada, body: { role: 'viewer' } }),
      people.ask('PATCH', `/api/users/${me.id}`, { headers: second, body: { role: 'viewer' } }),
    ])

    expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

test('a person who does not exist is 404', async () => {
  await using people = await startPeople()

  const told = await people.ask('PATCH', '/api/users/usr_none', { headers: await people.admin(), body: { name: 'x' } })

  expect(told).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } })
})

describe('one’s own profile', () => {
  const password = 'another three unrelated words'

  test('a new password takes the current one, keeps this session and ends the others', async () => {
    await using people = await startPeople()
    const { email } = await people.havingPerson('viewer')
    const here = await people.session(email)
    const elsewhere = await people.session(email)

    const changed = await people.ask('PATCH', '/api/profile', {
      headers: here,
      body: { name: 'Vera', password, currentPassword: PASSWORD },
    })

    expect(changed).toMatchObject({ status: 200, body: { name: 'Vera' } })
    expect((await people.ask('GET', '/api/profile', { headers: here })).status).toBe(200)
    expect((await people.ask('GET', '/api/profile', { headers: elsewhere })).status).toBe(401)
    expect((await people.signIn(email, password)).status).toBe(200)
  })

  test.each([
    ['without the current password', { password }, 422],
    ['with a wrong current password', { password, currentPassword: 'wrong' }, 403],
    ['with a role', { role: 'admin' }, 422],
  ])('%s nothing changes', async (_, body, status) => {
    await using people = await startPeople()
    const { email } = await people.havingPerson('viewer')

    const told = await people.ask('PATCH', '/api/profile', { headers: await people.session(email), body })

    expect(told.status).toBe(status)
    expect((await people.signIn(email)).status).toBe(200)
  })

  test('whoever found an open session can’t guess the password through it', async () => {
    await using people = await startPeople()
    const headers = await people.admin()
    const guess = () => people.ask('PATCH', '/api/profile', { headers, body: { password, currentPassword: 'wrong' } })
    for (let tries = 0; tries < 5; tries += 1) await guess()

    expect((await guess()).status).toBe(429)
  })
})
