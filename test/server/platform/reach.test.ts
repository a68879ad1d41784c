import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer, type LookupFunction } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { ForbiddenAddress } from '../../../server/platform/failure.ts'
import { guardedLookup, LONGEST_ANSWER_BYTES, makePlatformReach } from '../../../server/platform/reach.ts'
import { startPlatform } from '../../support/platform.ts'

const asked = (deadlineMs = 10_000) => ({ headers: { 'webhook-id': 'pcl_1' }, body: '{"type":"ping"}', deadlineMs })

/** A resolver that answers with the next of these each time, as one that rebinds does. */
function answering(...answers: string[][]) {
  const names: string[] = []
  const lookup: LookupFunction = (name, { all }, done) => {
    names.push(name)
    const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? []
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    if (all) done(null, found)
    else done(null, found[0]?.address ?? '', found[0]?.family ?? 4)
  }
  return { lookup, names }
}

function reachOf(hosts: string[], lookup?: LookupFunction, proxyUrl?: string) {
  const reach = makePlatformReach({ hosts, proxyUrl, ...(lookup && { lookup }) })
  return Object.assign(reach, { [Symbol.asyncDispose]: () => reach.close() })
}

describe('where a name points', () => {
  test.each([
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['192.168.0.1'],
    ['169.254.169.254'],
    ['100.64.0.1'],
    ['224.0.0.1'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
    ['2002:7f00:1::'],
    ['fd00::1'],
    ['fe80::1'],
  ])('a name that points at %s is not connected to', async (address) => {
    await using reach = reachOf([], answering([address]).lookup)

    expect(await reach.ask('https://platform.test/', asked())).toMatchObject({
      kind: 'failed',
      code: 'address_forbidden',
      detail: expect.stringContaining(address),
    })
  })

  test('one private address among public ones is enough', async () => {
    await using reach = reachOf([], answering(['93.184.216.34', '10.0.0.1']).lookup)

    expect(await reach.ask('https://platform.test/', asked())).toMatchObject({ code: 'address_forbidden' })
  })

  test('a name that changes its mind is looked at anew for each connection, and what was looked at is connected to', async () => {
    await using platform = await startPlatform()
    const { port } = new URL(platform.url)
    const { lookup, names } = answering(['93.184.216.34'], ['127.0.0.1'])
    const guarded = guardedLookup(lookup)
    const look = () =>
      new Promise((resolve) => guarded('platform.test', { all: true }, (error, found) => resolve(error ?? found)))

    // The connection goes to the very addresses that were let through: nobody looks the name up in between.
    expect(await look()).toEqual([{ address: '93.184.216.34', family: 4 }])
    expect(await look()).toBeInstanceOf(ForbiddenAddress)

    await using reach = reachOf([], lookup)
    expect(await reach.ask(`https://platform.test:${port}/`, asked())).toMatchObject({ code: 'address_forbidden' })
    expect([names.length, platform.calls.length]).toEqual([3, 0])
  })

  test('a host that is named may be of this network, by its name or its bare address', async () => {
    await using platform = await startPlatform()
    const { port } = new URL(platform.url)
    await using reach = reachOf([`platform.internal:${port}`, platform.host], answering(['127.0.0.1']).lookup)

    expect(await reach.ask(platform.url, asked())).toMatchObject({ kind: 'answered', status: 200, text: '{}' })
    // Another port of the same machine was not named.
    expect(await reach.ask('http://127.0.0.1:9/', asked())).toMatchObject({ code: 'address_forbidden' })
  })

  test('an address in the URL is refused without a connection', async () => {
    await using reach = reachOf([])

    expect(await reach.ask('https://127.0.0.1:8443/', asked())).toMatchObject({ code: 'address_forbidden' })
    expect(await reach.ask('https://[::ffff:7f00:1]/', asked())).toMatchObject({ code: 'address_forbidden' })
  })

  test('behind a proxy a name that points inside is refused before the proxy is asked, and a named host goes past it', async () => {
    await using platform = await startPlatform()
    let proxied = 0
    const proxy = createTcpServer((socket) => {
      proxied += 1
      socket.destroy()
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    await using reach = reachOf([platform.host], answering(['10.0.0.1'], ['93.184.216.34']).lookup, proxyUrl)

    expect(await reach.ask('https://platform.test/', asked())).toMatchObject({ code: 'address_forbidden' })
    expect(proxied).toBe(0)
    expect(await reach.ask(platform.url, asked())).toMatchObject({ kind: 'answered' })
    expect(proxied).toBe(0)
    expect(await reach.ask('https://platform.test/', asked())).toMatchObject({ kind: 'failed' })
    expect(proxied).toBeGreaterThan(0)
    await new Promise((resolve) => proxy.close(resolve))
  })
})

describe('what it answers', () => {
  test('a redirect is not followed, wherever it leads', async () => {
    await using inside = await startPlatform()
    await using platform = await startPlatform()
    await using reach = reachOf([platform.host])
    platform.answer((_, response) => response.writeHead(302, { location: inside.url }).end())

    expect(await reach.ask(platform.url, asked())).toMatchObject({ kind: 'answered', status: 302 })
    expect([platform.calls.length, inside.calls.length]).toEqual([1, 0])
  })

  test('a body that comes by drops ends with the deadline', async () => {
    await using platform = await startPlatform()
    await using reach = reachOf([platform.host])
    platform.answer((_, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
    })

    expect(await reach.ask(platform.url, asked(300))).toMatchObject({ code: 'timeout', httpStatus: 200 })
  })

  test('headers that come by drops end with the deadline too', async () => {
    const server = createTcpServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const drip = setInterval(() => socket.write('x: y\r\n'), 20)
      socket.on('close', () => clearInterval(drip)).on('error', () => {})
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await using reach = reachOf([`127.0.0.1:${port}`])

    expect(await reach.ask(`http://127.0.0.1:${port}/`, asked(300))).toMatchObject({ code: 'timeout' })
    await new Promise((resolve) => server.close(resolve))
  })

  test('a body without an end is cut at its limit', async () => {
    await using platform = await startPlatform()
    await using reach = reachOf([platform.host])
    let written = 0
    platform.answer((_, response) => {
      const chunk = Buffer.alloc(64 * 1024, 'x')
      const more = () => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length
      }
      response.on('drain', more)
      more()
    })

    expect(await reach.ask(platform.url, asked())).toMatchObject({ code: 'too_large', httpStatus: 200 })
    expect(written).toBeLessThan(32 * LONGEST_ANSWER_BYTES)
  })

  test('a small body that unpacks to a huge one is given up', async () => {
    await using platform = await startPlatform()
    await using reach = reachOf([platform.host])
    const bomb = gzipSync(Buffer.alloc(200 * LONGEST_ANSWER_BYTES))
    platform.answer((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))

    expect(bomb.length).toBeLessThan(LONGEST_ANSWER_BYTES)
    expect(await reach.ask(platform.url, asked())).toMatchObject({ code: 'too_large' })
  })

  test('what was packed although nobody asked for it is read all the same', async () => {
    await using platform = await startPlatform()
    await using reach = reachOf([platform.host])
    platform.answer((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}')))

    expect(await reach.ask(platform.url, asked())).toMatchObject({ kind: 'answered', text: '{"a":1}' })
    expect(platform.calls[0]?.headers['accept-encoding']).toBe('identity')
  })

  test('what never answers, hangs up or is not there has a code of its own', async () => {
    await using platform = await startPlatform()
    await using reach = reachOf([platform.host, '127.0.0.1:1', 'platform.invalid'])

    platform.answer((_, response) => response.destroy())
    expect(await reach.ask(platform.url, asked())).toMatchObject({ code: 'connection_broke' })
    platform.answer(() => {})
    expect(await reach.ask(platform.url, asked(200))).toMatchObject({ code: 'timeout' })
    expect(await reach.ask('http://127.0.0.1:1/', asked())).toMatchObject({ code: 'unreachable' })
    expect(await reach.ask('http://platform.invalid/', asked())).toMatchObject({ code: 'host_not_found' })
    expect(await reach.ask(platform.url.replace('http:', 'https:'), asked())).toMatchObject({ code: 'tls_failed' })
  })
})
