import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { havingSender, part, sendForm } from '../support/sending.ts'
import { startWorld, type World } from '../support/world.ts'

/* What somebody who means harm would try against the ways in to the delivery engine. */

describe('POST /api/events straight from the socket', () => {
  test('takes what stands behind one request as a request of its own, with a key of its own', async () => {
    await using world = await startWorld()
    const { sender, event } = await havingSender(world)
    const body = JSON.stringify(event)

    const answers = await rawly(
      world,
      post(body, sender.headers) + post(body, {}) + post(body, { authorization: 'Bearer sk_wrong' }, CLOSE),
    )

    expect(statusesIn(answers)).toEqual(['202', '401', '401'])
    expect((await (await world.as('viewer')).get('/api/deliveries')).body.items).toHaveLength(1)
  })

  test('never takes the rest of a body that it refused to read for another request', async () => {
    await using world = await startWorld()
    const { sender, event } = await havingSender(world)
    const hidden = post(JSON.stringify(event), sender.headers, CLOSE)

    const wrongKey = await rawly(world, post(hidden, { authorization: 'Bearer sk_wrong' }, { declared: 900_000 }))
    const wrongHost = await rawly(world, post(hidden, sender.headers, { host: 'evil.example', declared: 900_000 }))

    expect([wrongKey, wrongHost].map(statusesIn)).toEqual([['401'], ['421']])
    expect((await (await world.as('viewer')).get('/api/deliveries')).body.items).toEqual([])
  })

  test.each([
    ['two lengths', 'content-length: 5\r\ncontent-length: 60\r\n'],
    ['a length beside chunks', 'content-length: 5\r\ntransfer-encoding: chunked\r\n'],
    ['chunks of an unknown kind', 'transfer-encoding: xchunked\r\n'],
    ['a length with a sign', 'content-length: +5\r\n'],
  ])('refuses %s, over which two servers could disagree', async (_, lengths) => {
    await using world = await startWorld()
    const { sender } = await havingSender(world)

    const answer = await rawly(world, `${headOf(sender.headers)}${lengths}\r\n0\r\n\r\nGET /api/users HTTP/1.1\r\n\r\n`)

    expect(statusesIn(answer)).toEqual(['400'])
  })

  test('asks the same of a name and a key as every other route does', async () => {
    await using world = await startWorld()
    const { sender, event } = await havingSender(world)
    const reader = await world.withKey(['deliveries:read', 'messages:write'])
    const body = JSON.stringify(event)

    const asked = {
      otherHost: await rawly(world, post(body, sender.headers, { host: 'evil.example', ...CLOSE })),
      otherScope: await rawly(world, post(body, reader.headers, CLOSE)),
    }

    expect(statusesIn(asked.otherHost)).toEqual(['421'])
    expect(statusesIn(asked.otherScope)).toEqual(['403'])
    for (const answer of Object.values(asked)) expect(answer).toContain('x-content-type-options: nosniff')
  })

  test('forgets a key at the moment it is revoked or expires', async () => {
    await using world = await startWorld()
    const { event } = await havingSender(world)
    const admin = await world.as('admin')
    const expiresAt = new Date(world.clock.now + 60_000).toISOString()
    const made = { name: 'short', scopes: ['events:write'] }
    const revoked = (await admin.post('/api/api-keys', made)).body
    const expired = (await admin.post('/api/api-keys', { ...made, expiresAt })).body
    const send = (key: string, idempotencyKey: string) =>
      fetch(`${world.url}/api/events`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'idempotency-key': idempotencyKey,
        },
        body: JSON.stringify(event),
      })
    expect((await send(revoked.key, 'a')).status).toBe(202)
    expect((await send(expired.key, 'b')).status).toBe(202)

    await admin.delete(`/api/api-keys/${revoked.id}`)
    world.clock.now += 60_000

    // Not even the first answer again.
    expect((await send(revoked.key, 'a')).status).toBe(401)
    expect((await send(expired.key, 'b')).status).toBe(401)
  })

  test('logs no failure when its sender hangs up in the middle', async () => {
    const lines: string[] = []
    await using world = await startWorld({ onLogLine: (line) => lines.push(line) })
    const { sender } = await havingSender(world)

    const socket = connect(Number(new URL(world.url).port), '127.0.0.1', () => {
      const begun = `${headOf(sender.headers)}content-length: 900\r\n\r\n{"type":`
      socket.write(begun, () => setImmediate(() => socket.destroy()))
    })

    await expect.poll(() => lines.some((line) => line.includes('"path":"/api/events"'))).toBe(true)
    expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([])
  })
})

describe.each(['sqlite', 'postgres'] as const)('a hurtful body, on %s', (engine) => {
  test('is refused or kept as it is, and breaks nothing', async () => {
    const broken: string[] = []
    const onLogLine = (line: string) => line.includes('"level":"error"') && broken.push(line)
    await using world = await startWorld({ engine, onLogLine })
    const { sender, event, destinationId } = await havingSender(world)
    const to = `"destinations":["${destinationId}"]`
    const bodies: [body: string | Uint8Array<ArrayBuffer>, status: number][] = [
      [`{"type":"x\\u0000",${to}}`, 400],
      [`{"type":"x","title":"\\ud800",${to}}`, 400],
      [`{"type":"x","data":{"\\udc00":1},${to}}`, 400],
      [new Uint8Array([...new TextEncoder().encode(`{"type":"x",${to},"text":"`), 0xff, 0x22, 0x7d]), 400],
      [`\ufeff{"type":"bom",${to}}`, 202],
      [`{"type":"deep",${to},"data":${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}}`, 400],
      [`{"type":"huge",${to},"data":{"n":1e400,"m":${'9'.repeat(5_000)}}}`, 202],
      [`{"type":"a","type":"twice",${to}}`, 202],
      [`{"__proto__":{"priority":"urgent"},"type":"x",${to}}`, 422],
      [`{"type":"proto",${to},"data":{"__proto__":{"a":1},"constructor":{"prototype":{"a":1}}}}`, 202],
      [`{"type":"__proto__",${to}}`, 202],
      [`{"type":"x","url":"javascript:alert(1)",${to}}`, 422],
      [`{"type":"x","destinations":["__proto__"]}`, 422],
      ['[]', 422],
      ['null', 422],
      ['"text"', 422],
      ['', 422],
    ]

    for (const [body, status] of bodies) {
      const headers = { ...sender.headers, 'content-type': 'application/json' }
      const answer = await fetch(`${world.url}/api/events`, { method: 'POST', headers, body })
      expect(answer.status, String(body).slice(0, 80)).toBe(status)
    }
    expect(({} as Record<string, unknown>).a).toBeUndefined()
    await deliverDue(world.ctx)
    expect((await sender.post('/api/events', event)).status).toBe(202)
    expect(broken).toEqual([])
  })

  test('with a file that breaks off, comes twice, first or nameless leaves nothing behind', async () => {
    const broken: string[] = []
    const onLogLine = (line: string) => line.includes('"level":"error"') && broken.push(line)
    await using world = await startWorld({ engine, onLogLine })
    const { messenger, destinationId } = await havingSender(world)
    const message = part('message', JSON.stringify({ destination: destinationId }))
    const bodies = [
      message + part('file', 'cut off', 'a.txt').trimEnd(),
      `${message}--B\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n`,
      `${message}--B--\r\n`,
      `${part('file', 'before', 'a.txt')}${message}--B--\r\n`,
      `${message + message}${part('file', 'x', 'a.txt')}--B--\r\n`,
      `${message}${part('other', 'x', 'a.txt')}--B--\r\n`,
      `${part('message', '{"__proto__":1}')}${part('file', 'x', 'a.txt')}--B--\r\n`,
      `${part('message', `${'['.repeat(5_000)}`)}${part('file', 'x', 'a.txt')}--B--\r\n`,
      `${message}${part('file', '', 'a.txt')}--B--\r\n`,
      '',
    ]

    for (const body of bodies) {
      const answer = await sendForm(world, messenger, body)
      expect(answer.status, body.slice(-80)).toBeGreaterThanOrEqual(400)
      expect(answer.status, body.slice(-80)).toBeLessThan(500)
    }

    expect(await world.db.selectFrom('fileChunks').select('fileId').execute()).toEqual([])
    expect((await (await world.as('viewer')).get('/api/deliveries')).body.items).toEqual([])
    expect(broken).toEqual([])
  })
})

test('a file’s name brings no line, folder or turned direction along', async () => {
  await using world = await startWorld()
  const { messenger, destinationId } = await havingSender(world)
  const message = part('message', JSON.stringify({ destination: destinationId, text: 'Here' }))
  const viewer = await world.as('viewer')
  const named: string[] = []

  for (const name of ['../../etc/passwd', 'C:\\\\temp\\\\a.txt', 'a\u202egnp.exe', '..', `${'x'.repeat(600)}.txt`]) {
    const answer = await sendForm(world, messenger, `${message}${part('file', 'bytes', name)}--B--\r\n`)
    const { id } = (await answer.json()) as { id: string }
    named.push((await viewer.get(`/api/deliveries/${id}`)).body.file.name)
  }

  expect(named.slice(0, 4)).toEqual(['passwd', 'a.txt', 'agnp.exe', 'file'])
  expect(named[4]).toMatch(/^x{196}\.txt$/)
})

const CLOSE = { connection: 'close' }

type Extra = { host?: string; connection?: string; declared?: number }

function headOf(headers: Record<string, string>, { host = '127.0.0.1', connection }: Extra = {}): string {
  const lines = Object.entries({
    host,
    'content-type': 'application/json',
    ...headers,
    ...(connection && { connection }),
  })
  return `POST /api/events HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}`
}

function post(body: string, headers: Record<string, string>, extra: Extra = {}): string {
  return `${headOf(headers, extra)}content-length: ${extra.declared ?? Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** All that is answered to these bytes, until the server hangs up. */
function rawly(world: World, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.once('close', () => resolve(answer))
    socket.once('error', (error) => (answer ? resolve(answer) : reject(error)))
  })
}

const statusesIn = (answers: string) => [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status)
