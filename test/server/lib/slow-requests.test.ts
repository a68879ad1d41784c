import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { arrivalLimits, endSlowRequests, isTooSlow } from '../../../server/lib/slow-requests.ts'

test.each([
  ['an upload that gets on', { isUpload: true, cameBytes: 512 * 1024 }, false],
  ['an upload that crawls', { isUpload: true, cameBytes: 512 * 1024 - 1 }, true],
  ['an upload that stands still', { isUpload: true, cameBytes: 0 }, true],
  ['any other body, however it gets on', { isUpload: false, cameBytes: 10_000_000 }, true],
])('%s', (_, body, expected) => {
  expect(isTooSlow(body, arrivalLimits)).toBe(expected)
})

test.each(['application/json', 'multipart/form-data; boundary=B'])(
  'a body of %s that never ends is cut off',
  async (type) => {
    await using server = await startServer({ everyMs: 20, leastUploadBytes: 1 })

    const socket = await server.send(type)

    expect(await text(socket)).toContain('408 Request Timeout')
  },
)

test('an upload that gets on is waited for, however often it is looked at', async () => {
  let looks = 0
  const limits = {
    everyMs: 5,
    get leastUploadBytes() {
      looks += 1
      return 0
    },
  }
  await using server = await startServer(limits)
  const socket = await server.send('multipart/form-data; boundary=B')
  await expect.poll(() => looks).toBeGreaterThan(3)

  socket.end('12345')

  expect(await text(socket)).toContain('200 OK')
})

/** A server that answers once a body of ten bytes is whole, and a way to send the first five of them. */
async function startServer(limits: { everyMs: number; leastUploadBytes: number }) {
  const server: Server = createServer({ requestTimeout: 0 }, async (request, response) => {
    await text(request).catch(() => '')
    response.setHeader('connection', 'close').end('whole')
  })
  endSlowRequests(server, limits)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    send: async (type: string): Promise<Socket> => {
      const socket = connect(port, '127.0.0.1')
      socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 10\r\n\r\n12345`)
      return socket
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
