import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import type { SendLimits } from '../../../../server/providers/provider.ts'
import { callSlack } from '../../../../server/providers/slack/call.ts'
import { makeSlackReach, REACH_TIMES } from '../../../../server/providers/slack/reach.ts'
import { authority, expired, selfSigned, trusted } from './certificates.ts'
import { contextOver, HASTY } from './outside.ts'
import { closedPort, proxyServer, tcpServer, tlsServer, webServer } from './servers.ts'

beforeAll(() => setDefaultCACertificates([...getCACertificates('default'), authority]))

async function ask(apiUrl: string, options: { proxyUrl?: string; times?: typeof HASTY } = {}) {
  const hosts = { webhookHosts: [], uploadHosts: [] }
  const reach = makeSlackReach({ apiUrl, ...hosts, proxyUrl: options.proxyUrl }, options.times ?? REACH_TIMES)
  try {
    // As a change: what is in doubt must show as such.
    return await callSlack(contextOver(reach), 'xoxb-1-2-three', 'chat.postMessage', {}, { changes: true })
  } finally {
    await reach.close()
  }
}

describe('a road that never opens leaves nothing in doubt', () => {
  test('a name that does not exist', async () => {
    const { kind, ...called } = await ask('http://nowhere.invalid/api/')

    expect(kind).toBe('failed')
    expect(called).toMatchObject({
      failure: { kind: 'transient', code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) },
    })
  })

  test('a port that nobody listens on', async () => {
    expect(await ask(`http://127.0.0.1:${await closedPort()}/api/`)).toMatchObject({
      failure: { kind: 'transient', code: 'ECONNREFUSED' },
    })
  })

  test('a certificate that somebody made for themselves', async () => {
    await using server = await tlsServer(selfSigned, () => {})

    expect(await ask(`${server.url}/api/`)).toMatchObject({
      failure: { kind: 'transient', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    })
  })

  test('a certificate of another name', async () => {
    await using server = await tlsServer(trusted, () => {})

    expect(await ask(`${server.url}/api/`)).toMatchObject({
      failure: { kind: 'transient', code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    })
  })

  test('a server that speaks no TLS', async () => {
    await using server = await webServer((_request, response) => response.end('hello'))

    expect(await ask(`https://localhost:${server.port}/api/`)).toMatchObject({
      failure: { kind: 'transient', code: 'EPROTO' },
    })
  })

  test('a server that hangs up during the handshake', async () => {
    await using server = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()))

    expect(await ask(`https://localhost:${server.port}/api/`)).toMatchObject({
      failure: { kind: 'transient', code: 'EPROTO' },
    })
  })

  test('a server that goes silent during the handshake', async () => {
    await using server = await tcpServer(() => {})

    expect(
      await ask(`https://localhost:${server.port}/api/`, { times: { requestMs: 5000, connectMs: 200 } }),
    ).toMatchObject({ failure: { kind: 'transient', code: 'UND_ERR_CONNECT_TIMEOUT' } })
  })
})

describe('a connection that breaks leaves in doubt what it carried', () => {
  test('cut after the request', async () => {
    await using server = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()))

    expect(await ask(`${server.url}/api/`)).toMatchObject({ failure: { kind: 'ambiguous' } })
  })

  test('cut in the middle of the answer', async () => {
    await using server = await webServer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"ok":', () => response.destroy())
    })

    expect(await ask(`${server.url}/api/`)).toMatchObject({ failure: { kind: 'ambiguous' } })
  })

  test('an answer that stops half-way and stays open', async () => {
    await using server = await webServer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"ok":')
    })

    expect(await ask(`${server.url}/api/`, { times: HASTY })).toMatchObject({
      failure: { kind: 'ambiguous', code: expect.stringMatching(/^(timeout|UND_ERR_BODY_TIMEOUT)$/) },
    })
  })

  test('something that is no HTTP', async () => {
    await using server = await tcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'))

    expect(await ask(`${server.url}/api/`)).toMatchObject({ failure: { kind: 'ambiguous', code: 'UND_ERR_SOCKET' } })
  })

  test('an answer without end is not read to the end', async () => {
    await using server = await webServer((_request, response) => {
      response.writeHead(200)
      const flood = () => response.write('x'.repeat(65_536)) && setImmediate(flood)
      response.on('drain', flood)
      response.on('error', () => {})
      flood()
    })

    expect(await ask(`${server.url}/api/`)).toMatchObject({ failure: { kind: 'ambiguous', code: 'not_json' } })
  })
})

test('an answer is read when it comes compressed', async () => {
  await using server = await webServer((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    response.end(gzipSync('{"ok":true,"ts":"1.2"}'))
  })

  expect(await ask(`${server.url}/api/`)).toMatchObject({ kind: 'answered', answer: { ts: '1.2' } })
})

test('a redirect is not followed, so the token goes nowhere else', async () => {
  const seen: string[] = []
  await using elsewhere = await webServer((request, response) => {
    seen.push(request.url ?? '')
    response.end('{"ok":true}')
  })
  await using server = await webServer((_request, response) => {
    response.writeHead(307, { location: `${elsewhere.url}/api/` })
    response.end()
  })

  const called = await ask(`${server.url}/api/`)

  expect(called).toMatchObject({ failure: { kind: 'transient', code: 'redirected' } })
  expect(seen).toEqual([])
})

test('connections are kept open between requests', async () => {
  const sockets = new Set<unknown>()
  await using server = await webServer((request, response) => {
    sockets.add(request.socket)
    response.end('{"ok":true}')
  })
  const reach = makeSlackReach({
    apiUrl: `${server.url}/api/`,
    webhookHosts: [],
    uploadHosts: [],
    proxyUrl: undefined,
  })

  for (let round = 0; round < 5; round += 1) await callSlack(contextOver(reach), 'xoxb-1', 'auth.test', {})

  // A second one may be opened while the first is still being put back.
  expect(sockets.size).toBeLessThanOrEqual(2)
  await reach.close()
})

describe('a fence', () => {
  const CONNECTIONS = 4

  /** Holds every request until it is told to answer, so that the pool runs out of connections. */
  async function holding() {
    const held: (() => void)[] = []
    const seen: string[] = []
    const sockets = new Set<unknown>()
    const server = await webServer((request, response) => {
      seen.push(request.url ?? '')
      sockets.add(request.socket)
      held.push(() => response.end('{"ok":true}'))
    })
    const hosts = { webhookHosts: [], uploadHosts: [], proxyUrl: undefined }
    const reach = makeSlackReach({ apiUrl: `${server.url}/api/`, ...hosts }, REACH_TIMES, CONNECTIONS)
    const call = (method: string, limits: SendLimits = {}) =>
      callSlack(contextOver(reach), 'xoxb-1', method, {}, { changes: true, ...limits })
    return {
      seen,
      sockets,
      call,
      release: () => {
        for (const answer of held.splice(0)) answer()
      },
      [Symbol.asyncDispose]: async () => {
        await reach.close()
        await server[Symbol.asyncDispose]()
      },
    }
  }

  test('that is passed lets no byte out, and leaves nothing in doubt', async () => {
    await using server = await holding()

    const called = await server.call('chat.postMessage', { notAfterMs: performance.now() - 1 })

    expect(called).toMatchObject({ failure: { kind: 'transient', code: 'claim_lost' } })
    expect(server.seen).toEqual([])
  })

  test('that passes while the request waits for a connection lets no byte out', async () => {
    await using server = await holding()
    const first = Array.from({ length: CONNECTIONS }, () => server.call('auth.test'))
    await expect.poll(() => server.seen.length).toBe(CONNECTIONS)

    const late = server.call('chat.postMessage', { notAfterMs: performance.now() + 50 })
    await new Promise((resolve) => setTimeout(resolve, 80))
    server.release()

    expect(await late).toMatchObject({ failure: { kind: 'transient', code: 'claim_lost' } })
    expect((await Promise.all(first)).every(({ kind }) => kind === 'answered')).toBe(true)
    expect(server.seen).not.toContain('/api/chat.postMessage')
  })

  test('costs no connection: the next request goes out over one that was open', async () => {
    await using server = await holding()
    const answering = setInterval(server.release, 5)

    await server.call('chat.postMessage')
    await server.call('chat.postMessage', { notAfterMs: performance.now() - 1 })
    await server.call('chat.postMessage')
    clearInterval(answering)

    expect(server.seen).toHaveLength(2)
    expect(server.sockets.size).toBe(1)
  })

  test('is not what stops a request that begins in time', async () => {
    await using server = await holding()
    const called = server.call('chat.postMessage', { notAfterMs: performance.now() + 1_000 })
    await expect.poll(() => server.seen.length).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 1_050))
    server.release()

    expect((await called).kind).toBe('answered')
  })

  test('or not: whoever calls off a request that waits for a connection knows that nothing was sent', async () => {
    await using server = await holding()
    const first = Array.from({ length: CONNECTIONS }, () => server.call('auth.test'))
    await expect.poll(() => server.seen.length).toBe(CONNECTIONS)
    const stop = new AbortController()

    const late = server.call('chat.postMessage', { signal: stop.signal })
    stop.abort()

    expect(await late).toMatchObject({ failure: { kind: 'transient', code: 'canceled' } })
    server.release()
    await Promise.all(first)
    expect(server.seen).not.toContain('/api/chat.postMessage')
  })

  test('or not: a request that is called off after it began is in doubt', async () => {
    await using server = await holding()
    const stop = new AbortController()
    const called = server.call('chat.postMessage', { signal: stop.signal })
    await expect.poll(() => server.seen.length).toBe(1)

    stop.abort()

    expect(await called).toMatchObject({ failure: { kind: 'ambiguous', code: 'canceled' } })
  })
})

describe('a body that is sent as it comes', () => {
  const reachOf = (server: { url: string }) =>
    makeSlackReach({ apiUrl: `${server.url}/api/`, webhookHosts: [], uploadHosts: [], proxyUrl: undefined }, HASTY)

  test('may take longer than a request, as long as it moves', async () => {
    let bytes = 0
    await using server = await webServer((request, response) => {
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      request.on('end', () => response.end('OK'))
    })
    const reach = reachOf(server)
    async function* body() {
      for (let part = 0; part < 6; part += 1) {
        await new Promise((resolve) => setTimeout(resolve, 200))
        yield Buffer.alloc(1000)
      }
    }

    const response = await reach.fetch(`${server.url}/upload`, {
      headers: { 'content-length': '6000' },
      body: body(),
      stallMs: 1_000,
    })

    expect([response.status, bytes]).toEqual([200, 6000])
    await reach.close()
  })

  test('ends when it has not moved for so long', async () => {
    await using server = await webServer(() => {})
    const reach = reachOf(server)
    async function* body() {
      yield Buffer.alloc(1000)
      await new Promise(() => {})
    }

    const stalled = reach.fetch(`${server.url}/upload`, {
      headers: { 'content-length': '6000' },
      body: body(),
      stallMs: 200,
    })

    await expect(stalled).rejects.toThrow('took too long')
    await reach.close()
  })
})

test('parallel calls with one token hear each its own answer', async () => {
  await using server = await webServer((request, response) => {
    const method = request.url?.slice('/api/'.length)
    const waitMs = Number(method?.split('.')[1]) % 7
    response.setHeader('x-slack-req-id', `req-${method}`)
    setTimeout(() => response.end(JSON.stringify({ ok: true, method })), waitMs)
  })
  const reach = makeSlackReach({ apiUrl: `${server.url}/api/`, webhookHosts: [], uploadHosts: [], proxyUrl: undefined })
  const methods = Array.from({ length: 300 }, (_, at) => `call.${at}`)

  const called = await Promise.all(methods.map((method) => callSlack(contextOver(reach), 'xoxb-1', method, {})))

  const heard = called.map((one) => one.kind === 'answered' && [one.answer.method, one.exchange.requestId])
  expect(heard).toEqual(methods.map((method) => [method, `req-${method}`]))
  await reach.close()
})

describe('through a proxy', () => {
  test.each([
    ['p%40ss', 'p@ss'],
    ['pa%ss', 'pa%ss'],
    ['100%', '100%'],
    ['%40%zz%', '@%zz%'],
    ['%ff', '%ff'],
  ])('whose password stands as %s in its address, it is asked with %s', async (written, meant) => {
    await using proxy = await proxyServer({ status: 503 })

    await ask('https://slack.test/api/', { proxyUrl: `http://gate:${written}@127.0.0.1:${proxy.port}` })

    const login = Buffer.from(`gate:${meant}`).toString('base64')
    expect(proxy.asked).toMatchObject([{ authorization: `Basic ${login}` }])
  })

  test('Slack is reached, with the name looked up by the proxy and its password given', async () => {
    await using slack = await tlsServer(trusted, (_request, response) => response.end('{"ok":true}'))
    await using proxy = await proxyServer({ toPort: slack.port })

    const called = await ask('https://slack.test/api/', { proxyUrl: `http://kim:s%40fe@127.0.0.1:${proxy.port}` })

    expect(called.kind).toBe('answered')
    const authorization = `Basic ${Buffer.from('kim:s@fe').toString('base64')}`
    expect(proxy.asked).toEqual([{ target: 'slack.test:443', authorization }])
  })

  test('an expired certificate is named', async () => {
    await using slack = await tlsServer(expired, () => {})
    await using proxy = await proxyServer({ toPort: slack.port })

    expect(await ask('https://slack.test/api/', { proxyUrl: `http://127.0.0.1:${proxy.port}` })).toMatchObject({
      failure: { kind: 'transient', code: 'CERT_HAS_EXPIRED' },
    })
  })

  test.each([
    [407, 'proxy_auth_required'],
    [403, 'proxy_refused'],
    [502, 'proxy_refused'],
  ])('its %i is told apart as %s', async (status, code) => {
    await using proxy = await proxyServer({ status })

    expect(await ask('https://slack.test/api/', { proxyUrl: `http://127.0.0.1:${proxy.port}` })).toMatchObject({
      failure: { kind: 'transient', code },
    })
  })

  test('a proxy that hangs up is not asked for ever', async () => {
    await using proxy = await tcpServer((socket) => socket.once('data', () => socket.destroy()))

    expect(await ask('https://slack.test/api/', { proxyUrl: `http://127.0.0.1:${proxy.port}` })).toMatchObject({
      failure: { kind: 'transient', code: 'proxy_refused' },
    })
  })

  test('this very machine is reached without it', async () => {
    await using server = await webServer((_request, response) => response.end('{"ok":true}'))

    const called = await ask(`${server.url}/api/`, { proxyUrl: `http://127.0.0.1:${await closedPort()}` })

    expect(called.kind).toBe('answered')
  })

  test.each(['socks5://127.0.0.1:1080', 'http://'])('%s is refused at the start, without quoting it', (proxyUrl) => {
    const parts = { apiUrl: 'https://slack.test/api/', webhookHosts: [], uploadHosts: [] }

    expect(() => makeSlackReach({ ...parts, proxyUrl })).toThrow(/^HTTPS_PROXY is no http or https address/)
  })
})
