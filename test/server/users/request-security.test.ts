import { describe, expect, test } from 'vitest'
import { startPeople } from './people-server.ts'

describe('the name a request is sent to', () => {
  test.each([
    ['our public name', 'switchboard.example.com', 200],
    ['our public name with the usual port', 'switchboard.example.com:443', 200],
    ['our public name in capitals', 'Switchboard.Example.com', 200],
    ['localhost', 'localhost:3000', 200],
    ['the loopback address', '127.0.0.1:3000', 200],
    ['the loopback address of IPv6', '[::1]:3000', 200],
    ['a name that points here', 'evil.example', 421],
    ['our name on another port', 'switchboard.example.com:8080', 421],
    ['our name with more behind it', 'switchboard.example.com.evil.example', 421],
    ['a loopback name with more behind it', 'localhost.evil.example:3000', 421],
  ])('%s: %s gets %i', async (_, host, status) => {
    await using people = await startPeople({ publicUrl: 'https://switchboard.example.com' })

    const told = await people.ask('GET', '/api/setup', { headers: { host } })

    expect(told.status).toBe(status)
    if (status === 421) expect(told.body.error.code).toBe('wrong_host')
  })

  test('a forwarded name is not believed', async () => {
    await using people = await startPeople({ publicUrl: 'https://switchboard.example.com' })

    const told = await people.ask('GET', '/api/setup', {
      headers: { host: 'evil.example', 'x-forwarded-host': 'switchboard.example.com' },
    })

    expect(told.status).toBe(421)
  })

  test('the health check answers under any name', async () => {
    await using people = await startPeople({ publicUrl: 'https://switchboard.example.com' })

    expect((await people.ask('GET', '/healthz', { headers: { host: '10.0.0.7:3000' } })).status).toBe(200)
  })
})

describe('bodies', () => {
  const post = async (raw: Buffer | string, headers: Record<string, string>, path = '/api/integrations') => {
    await using people = await startPeople()
    return await people.ask('POST', path, { headers: { ...(await people.admin()), ...headers }, raw })
  }
  const json = { 'content-type': 'application/json' }

  test.each([
    ['JSON', '{"name":"x"}', json, 200],
    ['JSON that names its charset', '{"name":"x"}', { 'content-type': 'application/json; charset=utf-8' }, 200],
    ['a form', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', '{"name":"x"}', { 'content-type': 'text/plain' }, 415],
    ['a type that only begins like JSON', '{"name":"x"}', { 'content-type': 'application/jsonp' }, 415],
    ['no type', '{"name":"x"}', {}, 415],
    ['half of it', '{"name":', json, 400],
    ['no UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), json, 400],
    ['half a character', Buffer.from([0x22, 0xe2, 0x82, 0x22]), json, 400],
    ['a NUL', '{"name":"a\\u0000b"}', json, 400],
    ['a number where a text belongs', '{"name":7}', json, 422],
    ['a list', '[]', json, 422],
    ['more than 1 MB', `{"name":"${'x'.repeat(1024 * 1024)}"}`, json, 413],
  ])('%s', async (_, raw, headers, status) => {
    const told = await post(raw, headers)

    expect(told.status).toBe(status)
    if (status === 400 || status === 415 || status === 413) expect(told.body.error.field).toMatch(/body|name/)
  })

  test('signing in takes no more than 16 kB', async () => {
    const raw = JSON.stringify({ email: 'ada@acme.example', password: 'x'.repeat(17_000) })

    expect((await post(raw, json, '/api/auth/sign-in/email')).status).toBe(413)
  })

  test('a large body without a length is stopped too', async () => {
    const told = await post(`{"name":"${'x'.repeat(1024 * 1024)}"}`, { ...json, 'transfer-encoding': 'chunked' })

    expect(told.status).toBe(413)
  })

  test('a small body without a length is read', async () => {
    const told = await post('{"name":"x"}', { ...json, 'transfer-encoding': 'chunked' })

    expect(told).toMatchObject({ status: 200, body: { name: 'x' } })
  })

  test('a NUL in the address is refused', async () => {
    await using people = await startPeople()

    const told = await people.ask('GET', '/api/audit?subject=%00', { headers: await people.admin() })

    expect(told.status).toBe(400)
  })
})

describe('headers', () => {
  test('an answer of the API can’t be framed, sniffed, kept or run', async () => {
    await using people = await startPeople()

    const { headers } = await people.ask('GET', '/api/setup')

    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['strict-transport-security']).toBeUndefined()
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  test('a refusal carries them as well', async () => {
    await using people = await startPeople()

    const { headers } = await people.ask('GET', '/api/users')

    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    expect(headers['x-request-id']).toMatch(/^req_/)
  })

  test('a page runs our own scripts only, and each page has a nonce of its own', async () => {
    await using people = await startPeople()

    const policies = await Promise.all(
      ['/', '/'].map(async (path) => String((await people.ask('GET', path)).headers['content-security-policy'])),
    )

    for (const policy of policies) {
      expect(policy).toContain("default-src 'none'; script-src 'self';")
      expect(policy).toMatch(/style-src 'self' 'nonce-[A-Za-z0-9+/=]{24}';/)
      expect(policy).toContain("frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
      expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|https?:/)
    }
    expect(policies[0]).not.toBe(policies[1])
  })

  test('over https the browser is told to stay there', async () => {
    await using people = await startPeople({ publicUrl: 'https://switchboard.example.com' })

    const { headers } = await people.ask('GET', '/', { headers: { host: 'switchboard.example.com' } })

    expect(headers['strict-transport-security']).toBe('max-age=31536000')
  })

  test.each([
    ['proxy-4711.a', true],
    ['short', false],
    ['has a space in it', false],
    ['x'.repeat(65), false],
  ])('a request id of %j is taken over: %s', async (given, taken) => {
    await using people = await startPeople()

    const { headers } = await people.ask('GET', '/api/setup', { headers: { 'x-request-id': given } })

    expect(headers['x-request-id'] === given).toBe(taken)
  })
})
