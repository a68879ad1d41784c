import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'

test.each(['http://192.0.2.1/', 'https://slack.com/api/auth.test'])('a test that asks %s is stopped', async (url) => {
  await expect(fetch(url)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('tests stay on loopback') },
  })
})

test('a plain socket to another host is stopped as well', async () => {
  const socket = net.connect(443, '192.0.2.1')

  const error = await new Promise((resolve) => socket.once('error', resolve))

  expect(error).toMatchObject({ message: 'A test tried to reach 192.0.2.1: tests stay on loopback' })
})

test('a name that can’t exist is looked up and not found', async () => {
  await expect(fetch('http://nowhere.invalid/')).rejects.toMatchObject({ cause: { syscall: 'getaddrinfo' } })
})

test('loopback answers', async () => {
  const server = http.createServer((_request, response) => response.end('here')).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))

  const response = await fetch(`http://localhost:${(server.address() as AddressInfo).port}/`)

  expect(await response.text()).toBe('here')
  server.close()
})
