import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { PASSWORD, startWorld, type World } from '../support/world.ts'

/* What somebody who means harm would try, from outside, against the whole server. */

describe('an address written to slip past the guard', () => {
  // Raw bytes, since every polite client straightens these before it sends them.
  test.each([
    ['GET', '//api/users'],
    ['GET', '/api//users'],
    ['GET', '/api/users/'],
    ['GET', '/API/users'],
    ['GET', '/%61pi/users'],
    ['GET', '/api%2fusers'],
    ['GET', '/api/./users'],
    ['GET', '/api/docs/../users'],
    ['GET', '/api/docs/..%2fusers'],
    ['GET', '/slack/x/commands/../../../api/users'],
    ['GET', '/assets/..%2f..%2fpackage.json'],
    ['GET', '/api/users;x=/api/setup'],
    ['GET', '/api/users%20'],
    ['GET', 'http://127.0.0.1/api/users'],
    ['GET', '/%6detrics'],
    ['GET', '//metrics'],
    ['HEAD', '/api/users'],
    ['OPTIONS', '/api/users'],
    ['TRACE', '/api/users'],
    ['PUT', '/api/users'],
  ])('%s %s shows nothing', async (method, path) => {
    await using world = await startWorld({ clientDir: 'client' })
    await world.as('admin')

    const answer = await rawly(world, `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`)

    expect(answer).toMatch(/^HTTP\/1.1 (200|400|401|404|405) /)
    // What is no address of the API may be a page of the console, which tells nothing.
    expect(answer).not.toMatch(/^HTTP\/1.1 200 [\s\S]*content-type: application\/json/)
    expect(answer).not.toContain('ada@acme.example')
    expect(answer).not.toMatch(/switchboard_\w+[{ ]/)
  })
})

describe('a body made to hurt', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

  test.each([
    ['100,000 levels of lists', nested(100_000)],
    ['3,000 levels, which some code survives and other code does not', nested(3_000)],
    ['100,000 levels of objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('%s is refused before it becomes a message', async (_, deep) => {
    await using world = await startWorld()
    const { admin, destinationId } = await havingDestination(world)
    const body = `{"message":{"text":"x","blocks":[{"type":"section","a":${deep}}]}}`

    const answer = await admin.post(`/api/destinations/${destinationId}/test`, body)

    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'malformed', field: 'body' } } })
    expect((await admin.get('/api/deliveries')).body.items).toEqual([])
  })

  test('brackets inside a text are no levels', async () => {
    await using world = await startWorld()
    const admin = await world.as('admin')

    const answer = await admin.patch('/api/profile', { name: `Ada \\" ${'['.repeat(70)}` })

    expect(answer.status).toBe(200)
  })

  test('a field’s name as long as the body does not come back whole', async () => {
    await using world = await startWorld()
    const admin = await world.as('admin')

    const answer = await admin.patch('/api/profile', { ['x'.repeat(500_000)]: 1 })

    expect(answer.status).toBe(422)
    expect(answer.text.length).toBeLessThan(3_000)
  })

  test('whose sender hangs up in the middle is no failure of the server', async () => {
    const lines: string[] = []
    await using world = await startWorld({ onLogLine: (line) => lines.push(line) })
    const begun = 'POST /api/auth/sign-in/email HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n'

    const socket = connect(Number(new URL(world.url).port), '127.0.0.1', () => {
      socket.write(`${begun}content-length: 100\r\n\r\n{"email":`, () => setImmediate(() => socket.destroy()))
    })

    await expect.poll(() => lines.some((line) => line.includes('/api/auth/sign-in/email'))).toBe(true)
    expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([])
  })

  test('of a stranger is not waited for where only people who are known may write', async () => {
    await using world = await startWorld()
    const begun = 'POST /api/users HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n'

    const answer = await rawly(world, `${begun}content-length: 900000\r\n\r\n{"name":"`)

    expect(answer).toContain(' 401 ')
  })
})

describe('a name made to deceive', () => {
  const names: [string, string][] = [
    ['a second line', 'Eve\n*Switchboard security*: sign in again at evil.example'],
    ['a line of the trail', 'Eve\r\n2026-01-01 Ada Ferrer deleted everything'],
    ['colours of a terminal', 'Eve \u001b[31m'],
    ['a turned reading direction', 'Eve \u202egnp.exe'],
    ['a line break that only Unicode knows', 'Eve\u2028Ada'],
  ]

  test.each(names)('by %s is refused wherever somebody gives one', async (_, name) => {
    await using world = await startWorld()
    const { admin, integration, destinationId } = await havingDestination(world)
    const person = { email: 'eve@acme.example', role: 'viewer', password: 'three unrelated words' }

    const asked = [
      await admin.patch('/api/profile', { name }),
      await admin.post('/api/users', { ...person, name }),
      await admin.post('/api/api-keys', { name, scopes: ['metrics:read'] }),
      await admin.patch(`/api/integrations/${integration.id}`, { name }),
      await admin.patch(`/api/destinations/${destinationId}`, { name }),
      await admin.patch(`/api/destinations/${destinationId}`, { owner: name }),
    ]

    expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 422))
  })

  test('in any script is taken', async () => {
    await using world = await startWorld()
    const viewer = await world.as('viewer')

    for (const name of ['Zoë Ågren-O’Neil', 'محمد علي', '山田 太郎', 'Team 🚀 #1']) {
      expect((await viewer.patch('/api/profile', { name })).body.name).toBe(name)
    }
  })
})

describe.each(['sqlite', 'postgres'] as const)('what no database can look for, on %s', (engine) => {
  test('is answered without breaking', async () => {
    const broken: string[] = []
    const onLogLine = (line: string) => line.includes('"level":"error"') && broken.push(line)
    await using world = await startWorld({ engine, onLogLine })
    const { admin, integration } = await havingDestination(world)
    const ids = [
      '%00',
      '%2500',
      '%ff',
      '%ed%a0%80',
      '%F0%9F%92%A9',
      '__proto__',
      '%27%3B--',
      '..%2f..',
      '%',
      'a'.repeat(65),
    ]
    const queries = ['state=,', 'state=', 'cursor=%ed%a0%80', 'search=%5C%25_', 'from=0000-01-01T00:00:00Z']
    const strange = await Promise.all([
      ...ids.map((id) => admin.get(`/api/deliveries/${id}`)),
      ...ids.map((id) => admin.patch(`/api/users/${id}`, { name: 'x' })),
      ...ids.map((id) => world.anonymous.post(`/slack/${id}/commands?`, {})),
      ...queries.map((query) => admin.get(`/api/deliveries?${query}`)),
      ...queries.map((query) => admin.get(`/api/deliveries/counts?${query}`)),
      admin.post(`/api/integrations/${integration.id}/test`, '{"clientId":"1.2\\ud800"}'),
      admin.patch('/api/profile', '{"name":"half \\udc00"}'),
      admin.patch('/api/profile', '{"__proto__":{"role":"admin"},"constructor":{"prototype":{"role":"admin"}}}'),
    ])

    expect(strange.filter(({ status }) => status >= 500)).toEqual([])
    expect(strange.slice(-3).map(({ status }) => status)).toEqual([400, 400, 422])
    expect(broken).toEqual([])
  })
})

describe.each(['sqlite', 'postgres'] as const)('several at the same moment, on %s', (engine) => {
  test('an integration deleted while its destination is looked up takes no destination', async () => {
    await using world = await startWorld({ engine })
    const { admin, integration } = await havingDestination(world)
    await world.slack.fault({ kind: 'slow', method: 'users.lookupByEmail', delayMs: 2_000 })
    const [person] = (await world.slack.people()).filter(({ email }) => email)
    const wanted = { integrationId: integration.id, kind: 'person', person: person?.email }

    const adding = admin.post('/api/destinations', wanted)
    await expect.poll(async () => (await world.slack.calls('users.lookupByEmail')).length).toBeGreaterThan(0)
    const deleted = await admin.delete(
      `/api/integrations/${integration.id}?name=${encodeURIComponent(integration.name)}`,
    )

    expect(deleted.status).toBe(200)
    expect((await adding).status).toBe(404)
  })

  test('two admins who demote each other leave one', async () => {
    await using world = await startWorld({ engine })
    const ada = await world.as('admin')
    const { id: adaId } = (await ada.get('/api/profile')).body
    const made = { name: 'Bob', email: 'bob@acme.example', role: 'admin', password: PASSWORD }
    const { id: bobId } = (await ada.post('/api/users', made)).body
    const bob = await world.signIn('bob@acme.example')

    await Promise.all([
      ada.patch(`/api/users/${bobId}`, { role: 'viewer' }),
      bob.patch(`/api/users/${adaId}`, { disabled: true }),
      ada.patch(`/api/users/${adaId}`, { role: 'viewer' }),
      bob.patch(`/api/users/${bobId}`, { role: 'operator' }),
    ])

    const seen = await Promise.all([ada.get('/api/users'), bob.get('/api/users')])
    expect(seen.map(({ status }) => status)).toContain(200)
  })
})

async function havingDestination(world: World) {
  const admin = await world.as('admin')
  const integration = await world.havingIntegration()
  const made = await admin.post('/api/destinations', {
    integrationId: integration.id,
    kind: 'channel',
    channel: '#compliance',
  })
  return { admin, integration, destinationId: made.body.id as string }
}

/** What is answered to these bytes, as far as it comes in one piece. */
function rawly(world: World, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1', () => socket.write(bytes))
    socket.once('data', (chunk) => {
      resolve(chunk.toString('latin1'))
      socket.destroy()
    })
    socket.once('error', reject)
  })
}
