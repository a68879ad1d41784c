import { expect, test } from 'vitest'
import { callPlatform } from '../../../server/platform/call-platform.ts'
import { isSignedWith, startPlatform } from '../../support/platform.ts'
import { startWorld, type World } from '../../support/world.ts'

/** An integration whose platform is this one; gives its id, the path of its endpoint and the secret. */
async function havingEndpoint(world: World, url: string) {
  const { id } = await world.havingIntegration()
  const admin = await world.as('admin')
  const path = `/api/integrations/${id}/platform`
  const { body } = await admin.put(path, { url })
  return { id, path, admin, secret: body.newSecret as string }
}

test('a platform is set once with its secret shown, asked with a signature, and every call is kept', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { id, path, admin, secret } = await havingEndpoint(world, platform.url)
  platform.trust(secret, { events: [] })

  const result = await callPlatform(world.ctx, id, { kind: 'schedule.run', body: { name: 'Daily' } }, DEADLINE)

  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/)
  expect(result).toMatchObject({ kind: 'answered', status: 200, body: { events: [] } })
  const [call] = platform.calls
  expect(call?.body).toMatchObject({ type: 'schedule.run', data: { name: 'Daily' } })
  const { body: log } = await admin.get(`${path}/calls`)
  expect(log.items).toMatchObject([
    {
      id: call?.headers['webhook-id'],
      kind: 'schedule.run',
      state: 'delivered',
      attempts: [{ number: 1, httpStatus: 200, answer: '{"events":[]}' }],
    },
  ])
  const { body: shown } = await admin.get(path)
  expect(shown).toMatchObject({ url: platform.url, enabled: true, secret: `whsec_••••${secret.slice(-4)}` })
  expect(shown.lastCall).toMatchObject({ ok: true })
})

test.each([
  ['a status that says no', (response: Response) => response.writeHead(503).end('{}'), 'http_503'],
  ['an answer that is not JSON', (response: Response) => response.end('<h1>Hello</h1>'), 'not_json'],
  ['a redirect', (response: Response) => response.writeHead(307, { location: '/x' }).end(), 'redirected'],
  ['silence', () => {}, 'timeout'],
] as const)('%s is a value with a code, kept in the log with what to do', async (_, answer, code) => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { id, path, admin } = await havingEndpoint(world, platform.url)
  platform.answer((_, response) => void answer(response))

  const result = await callPlatform(world.ctx, id, { kind: 'schedule.run', body: {} }, { deadlineMs: 1_000 })

  expect(result).toMatchObject({ kind: 'failed', code })
  const { body } = await admin.get(`${path}/calls`)
  expect(body.items[0]).toMatchObject({ state: 'failed', code, meaning: expect.any(String), fix: expect.any(String) })
})

test('without an endpoint, or with one that is switched off, nothing is asked', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { id } = await world.havingIntegration()
  const admin = await world.as('admin')
  const ask = () => callPlatform(world.ctx, id, { kind: 'schedule.run', body: {} }, DEADLINE)

  const before = await ask()
  await admin.put(`/api/integrations/${id}/platform`, { url: platform.url, enabled: false })

  expect([before, await ask()]).toEqual([
    { kind: 'failed', code: 'no_endpoint' },
    { kind: 'failed', code: 'endpoint_disabled' },
  ])
  expect(platform.calls).toEqual([])
})

test('a rolled secret signs beside the one before it until the overlap ends', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { id, path, admin, secret: old } = await havingEndpoint(world, platform.url)
  const ask = async () => {
    await callPlatform(world.ctx, id, { kind: 'ping', body: {} }, DEADLINE)
    const call = platform.calls.at(-1)
    return call ? [old, fresh].map((secret) => isSignedWith(secret, call)) : []
  }
  const { body } = await admin.post(`${path}/roll-secret`, { overlapHours: 0.05 })
  const fresh = body.newSecret

  const during = await ask()
  world.clock.now += 181_000
  const after = await ask()

  expect([fresh === old, during, after]).toEqual([false, [true, true], [false, true]])
  expect(body.previousSecretUntil).toBeDefined()
  expect((await admin.get(path)).body.previousSecretUntil).toBeUndefined()
})

test('after a leak no older secret holds, not even one whose overlap had not ended', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { id, path, admin, secret: first } = await havingEndpoint(world, platform.url)
  const second = (await admin.post(`${path}/roll-secret`)).body.newSecret
  const third = (await admin.post(`${path}/roll-secret`, { overlapHours: 0 })).body.newSecret

  await callPlatform(world.ctx, id, { kind: 'ping', body: {} }, DEADLINE)

  const [call] = platform.calls
  expect(call && [first, second, third].map((secret) => isSignedWith(secret, call))).toEqual([false, false, true])
})

test('the test says what came back, how fast, and whether a forged call was let in', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { path, admin, secret } = await havingEndpoint(world, platform.url)

  platform.trust(secret, { hello: 'Switchboard' })
  const careful = await admin.post(`${path}/test`)
  platform.answer((_, response) => response.end('OK'))
  const careless = await admin.post(`${path}/test`)
  platform.answer((_, response) => response.writeHead(401).end())
  const refused = await admin.post(`${path}/test`)

  expect(careful.body).toMatchObject({
    ok: true,
    httpStatus: 200,
    answer: '{"hello":"Switchboard"}',
    checksSignatures: true,
    tookMs: expect.any(Number),
  })
  expect(careless.body).toMatchObject({ ok: true, checksSignatures: false })
  expect(refused.body).toMatchObject({ ok: false, code: 'http_401', fix: expect.stringContaining('newest secret') })
})

test('an address that is not allowed is refused by name of the field, with the setting that would allow it', async () => {
  await using world = await startWorld({ platformHosts: [] })
  const { id } = await world.havingIntegration()
  const admin = await world.as('admin')

  const refused = await admin.put(`/api/integrations/${id}/platform`, { url: 'https://169.254.169.254/latest' })

  expect(refused.status).toBe(422)
  expect(refused.body.error).toMatchObject({ field: 'url', fix: expect.stringContaining('SWITCHBOARD_PLATFORM_HOSTS') })
  expect((await admin.put(`/api/integrations/${id}/platform`, { url: 'not an address' })).body.error.field).toBe('url')
  expect((await admin.put('/api/integrations/int_none/platform', { url: 'https://a.example' })).status).toBe(404)
  expect((await admin.get(`/api/integrations/${id}/platform`)).status).toBe(404)
})

test('an address that was saved while its host was named is not called once it is not', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { id, path, admin } = await havingEndpoint(world, platform.url)
  await world.db.updateTable('platformEndpoints').set({ url: 'https://127.0.0.1:9/' }).execute()
  world.ctx.platform.hosts.splice(0)

  const result = await callPlatform(world.ctx, id, { kind: 'ping', body: {} }, DEADLINE)

  expect(result).toMatchObject({ kind: 'failed', code: 'address_forbidden' })
  expect((await admin.post(`${path}/test`)).body).toMatchObject({ ok: false, code: 'address_forbidden' })
})

test('secrets stay in: not in an answer, the audit trail, the log of calls, or a log line', async () => {
  const lines: string[] = []
  await using world = await startWorld({ onLogLine: (line) => lines.push(line) })
  await using platform = await startPlatform()
  const { path, admin, secret } = await havingEndpoint(world, `${platform.url}?token=tell-nobody`)
  // A platform that throws back whatever it was sent, and says its own secrets besides.
  platform.answer((call, response) => response.end(JSON.stringify({ echo: call.headers, secret, api_key: 'k-123456' })))
  await admin.post(`${path}/test`)
  const rolled = (await admin.post(`${path}/roll-secret`)).body.newSecret

  const told = [
    ...(await Promise.all([path, `${path}/calls`, '/api/audit'].map(async (each) => (await admin.get(each)).text))),
    JSON.stringify(await world.db.selectFrom('platformSecrets').selectAll().execute()),
    JSON.stringify(await world.db.selectFrom('platformAttempts').selectAll().execute()),
    lines.join('\n'),
  ].join('\n')

  for (const hidden of [secret, rolled]) expect(told).not.toContain(hidden.slice('whsec_'.length))
  expect(told).not.toContain('k-123456')
  expect((await admin.get('/api/audit')).text + lines.join('\n')).not.toContain('tell-nobody')
})

test('who changed what is in the audit trail, and nobody but an admin changes it', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { path, admin } = await havingEndpoint(world, platform.url)
  await admin.put(path, { url: platform.url, enabled: false })
  await admin.post(`${path}/roll-secret`)
  await admin.post(`${path}/test`)
  await admin.delete(path)

  const operator = await world.as('operator')
  const refused = await Promise.all([
    operator.put(path, { url: platform.url }),
    operator.delete(path),
    operator.post(`${path}/roll-secret`),
    (await world.as('viewer')).post(`${path}/test`),
    (await world.withKey(['events:write'])).get(`${path}/calls`),
  ])

  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
  expect(
    (await admin.get('/api/audit?action=platform_endpoint')).body.items.map(({ action }: { action: string }) => action),
  ).toEqual([
    'platform_endpoint.deleted',
    'platform_endpoint.tested',
    'platform_endpoint.secret_rolled',
    'platform_endpoint.changed',
    'platform_endpoint.made',
  ])
})

test('an integration that is deleted takes its platform along', async () => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { id, path, admin } = await havingEndpoint(world, platform.url)
  await admin.post(`${path}/test`)

  await admin.delete(`/api/integrations/${id}?name=${encodeURIComponent('Acme production')}`)

  for (const table of ['platformEndpoints', 'platformSecrets', 'platformCalls', 'platformAttempts'] as const) {
    expect(await world.db.selectFrom(table).selectAll().execute()).toEqual([])
  }
})

type Response = import('node:http').ServerResponse
const DEADLINE = { deadlineMs: 10_000 }

test('what stands in the query of its address is shown to those alone who may set it', async () => {
  await using world = await startWorld()
  const { path, admin } = await havingEndpoint(world, 'https://platform.example.com/hook?token=abc123')
  const urlFor = async (caller: typeof admin) => (await caller.get(path)).body.url

  expect(await urlFor(admin)).toContain('abc123')
  for (const caller of [await world.as('viewer'), await world.as('operator'), await world.withKey(['config:read'])]) {
    expect(await urlFor(caller)).toBe('https://platform.example.com/hook?…')
  }
})
