import { expect, test } from 'vitest'
import { ENGINES } from '../../support/each-store.ts'
import { cookieOf, PASSWORD, startPeople, TOKEN } from './people-server.ts'

test.each(ENGINES)(
  'the first admin is made with the token, signs in, is known, and signs out, on %s',
  async (engine) => {
    await using people = await startPeople({ engine })

    expect((await people.ask('GET', '/api/setup')).body).toEqual({ needed: true })
    const made = await people.setUp()
    expect(made).toMatchObject({ status: 201, body: { email: 'ada@acme.example', role: 'admin' } })
    expect((await people.ask('GET', '/api/setup')).body).toEqual({ needed: false })

    const signedIn = await people.signIn('Ada@Acme.example')
    expect(signedIn.status).toBe(200)
    expect(signedIn.body).toEqual({
      user: { id: made.body.id, name: 'Ada Ferrer', email: 'ada@acme.example', role: 'admin' },
    })
    const headers = { cookie: signedIn.cookie, origin: people.url }
    const session = await people.ask('GET', '/api/auth/get-session', { headers })
    expect(session.body.user).toMatchObject({ id: made.body.id, role: 'admin' })
    expect((await people.ask('GET', '/api/profile', { headers })).body).toMatchObject({ id: made.body.id })

    const out = await people.ask('POST', '/api/auth/sign-out', { headers, body: {} })
    expect(out.status).toBe(200)
    expect(cookieOf(out)).toContain('session_token=')
    expect((await people.ask('GET', '/api/profile', { headers })).status).toBe(401)
    expect((await people.ask('GET', '/api/auth/get-session', { headers })).body).toBeNull()
  },
)

test('the session cookie is kept from scripts and from other sites, and Secure where the address is https', async () => {
  await using plain = await startPeople()
  await using secure = await startPeople({ publicUrl: 'https://switchboard.example.com' })
  await plain.setUp()
  await secure.setUp()

  const overHttp = String((await plain.signIn('ada@acme.example')).headers['set-cookie'])
  const overHttps = String((await secure.signIn('ada@acme.example')).headers['set-cookie'])

  expect(overHttp).toMatch(/^switchboard\.session_token=/)
  expect(overHttp).toContain('HttpOnly')
  expect(overHttp).toContain('SameSite=Lax')
  expect(overHttp).toContain('Max-Age=604800')
  expect(overHttp).not.toContain('Secure')
  expect(overHttps).toMatch(/^__Secure-switchboard\.session_token=/)
  expect(overHttps).toContain('Secure')
})

test('a second setup is refused, whatever its token', async () => {
  await using people = await startPeople()
  await people.setUp()

  const again = await people.setUp()

  expect(again).toMatchObject({ status: 403, body: { error: { code: 'setup_done' } } })
})

test.each(ENGINES)('two setups at once make one admin, on %s', async (engine) => {
  await using people = await startPeople({ engine })
  const body = (name: string) => ({ token: TOKEN, name, email: `${name}@acme.example`, password: PASSWORD })

  const both = await Promise.all([
    people.ask('POST', '/api/setup', { body: body('ada') }),
    people.ask('POST', '/api/setup', { body: body('eve') }),
  ])

  expect(both.map(({ status }) => status).sort()).toEqual([201, 403])
  const all = await people.db.selectFrom('users').select('id').execute()
  expect(all).toHaveLength(1)
})

test('a wrong setup token is refused, and guessing is slowed down', async () => {
  await using people = await startPeople()
  const guess = () =>
    people.ask('POST', '/api/setup', {
      body: { token: 'wrong', name: 'Eve', email: 'eve@acme.example', password: PASSWORD },
    })

  const first = await guess()
  for (let tries = 1; tries < 30; tries += 1) await guess()
  const held = await guess()

  expect(first).toMatchObject({ status: 403, body: { error: { code: 'forbidden', field: 'token' } } })
  expect(held).toMatchObject({ status: 429, headers: { 'retry-after': '30' } })
})

test.each([
  ['a short password', { password: 'short' }, 'password'],
  ['no e-mail', { email: 'ada' }, 'email'],
  ['a field nobody knows', { role: 'admin' }, 'role'],
])('a setup with %s names the field', async (_, change, field) => {
  await using people = await startPeople()
  const body = { token: TOKEN, name: 'Ada', email: 'ada@acme.example', password: PASSWORD, ...change }

  const told = await people.ask('POST', '/api/setup', { body })

  expect(told).toMatchObject({ status: 422, body: { error: { code: 'invalid', field } } })
})

test('an unknown e-mail and a wrong password get the same answer', async () => {
  await using people = await startPeople()
  await people.setUp()

  const unknown = await people.signIn('nobody@acme.example', PASSWORD)
  const wrong = await people.signIn('ada@acme.example', 'not the password')

  expect(unknown.status).toBe(401)
  expect(unknown.text).toBe(wrong.text)
})

test.each([
  ['POST', '/api/auth/sign-up/email'],
  ['POST', '/api/auth/admin/create-user'],
  ['POST', '/api/auth/admin/set-role'],
  ['POST', '/api/auth/update-user'],
  ['POST', '/api/auth/change-password'],
  ['POST', '/api/auth/forget-password'],
  ['GET', '/api/auth/list-sessions'],
  ['GET', '/api/auth/admin/list-users'],
  ['GET', '/api/auth/ok'],
])('of better-auth, %s %s can’t be reached', async (method, path) => {
  await using people = await startPeople()

  const told = await people.ask(method, path, {
    headers: await people.admin(),
    ...(method === 'POST' && { body: { name: 'Eve', email: 'eve@acme.example', password: PASSWORD, role: 'admin' } }),
  })

  expect(told.status).toBe(404)
})

test('a session that ran out is nobody’s', async () => {
  await using people = await startPeople()
  const headers = await people.admin()

  await people.db.updateTable('sessions').set({ expiresAt: '2026-01-01T00:00:00.000Z' }).execute()

  expect((await people.ask('GET', '/api/profile', { headers })).status).toBe(401)
})

test.each(ENGINES)('sessions that ran out are taken away with the next sign-in, on %s', async (engine) => {
  await using people = await startPeople({ engine })
  await people.admin()
  await people.db.updateTable('sessions').set({ expiresAt: '2026-01-01T00:00:00.000Z' }).execute()

  await people.signIn('ada@acme.example')

  expect(await people.db.selectFrom('sessions').select('id').execute()).toHaveLength(1)
})

test('a session in use is prolonged when the console asks who is signed in', async () => {
  await using people = await startPeople()
  const headers = await people.admin()
  const endsAt = new Date(people.clock.now + 60 * 60 * 1000).toISOString()
  await people.db.updateTable('sessions').set({ expiresAt: endsAt }).execute()

  const asked = await people.ask('GET', '/api/auth/get-session', { headers })

  expect(cookieOf(asked)).toContain('session_token=')
  const { expiresAt } = await people.db.selectFrom('sessions').select('expiresAt').executeTakeFirstOrThrow()
  expect(new Date(expiresAt).getTime() - people.clock.now).toBeGreaterThan(6 * 24 * 60 * 60 * 1000)
})

test('a cookie with a forged signature is nobody’s', async () => {
  await using people = await startPeople()
  await people.admin()
  const { token } = await people.db.selectFrom('sessions').select('token').executeTakeFirstOrThrow()

  const told = await people.ask('GET', '/api/profile', {
    headers: { cookie: `switchboard.session_token=${token}.${'A'.repeat(43)}=` },
  })

  expect(told.status).toBe(401)
})

test('no answer and no log line holds a password, a session token or a setup token', async () => {
  const lines: string[] = []
  await using people = await startPeople({ log: (line) => lines.push(line) })
  const told: string[] = []
  told.push((await people.setUp()).text)
  const signedIn = await people.signIn('ada@acme.example')
  told.push(signedIn.text, (await people.signIn('ada@acme.example', 'some wrong password')).text)
  const headers = { cookie: signedIn.cookie, origin: people.url }
  for (const path of ['/api/users', '/api/profile', '/api/audit', '/api/auth/get-session', '/api/api-keys']) {
    told.push((await people.ask('GET', path, { headers })).text)
  }

  const { token } = await people.db.selectFrom('sessions').select('token').executeTakeFirstOrThrow()
  for (const secret of [PASSWORD, 'some wrong password', TOKEN, token]) {
    expect([...told, ...lines].filter((text) => text.includes(secret))).toEqual([])
  }
})
