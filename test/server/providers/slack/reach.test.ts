import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
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

describe('through a proxy', () => {
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
