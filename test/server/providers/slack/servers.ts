import { createServer, type Server as HttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'

export type Listening = AsyncDisposable & { port: number; url: string }

/** A web server that answers as the test says. */
export function webServer(listener: RequestListener): Promise<Listening> {
  return listening(createServer(listener), 'http')
}

/** The same over TLS. */
export function tlsServer(certificate: { key: string; cert: string }, listener: RequestListener): Promise<Listening> {
  return listening(createHttpsServer(certificate, listener), 'https')
}

/** A server that speaks no HTTP at all. */
export function tcpServer(onSocket: (socket: Socket) => void): Promise<Listening> {
  return listening(createTcpServer(onSocket), 'http')
}

/** A proxy that leads every CONNECT to one port of this machine, or refuses it with a status. */
export async function proxyServer(answer: { toPort: number } | { status: number }) {
  const asked: { target: string; authorization: string | undefined }[] = []
  const server = createServer()
  server.on('connect', (request, client, head) => {
    asked.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] })
    client.on('error', () => {})
    if ('status' in answer) {
      client.end(`HTTP/1.1 ${answer.status} Not today\r\n\r\n`)
      return
    }
    const onward = connect(answer.toPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      onward.write(head)
      onward.pipe(client).pipe(onward)
    })
    onward.on('error', () => client.destroy())
    client.on('close', () => onward.destroy())
  })
  return Object.assign(await listening(server, 'http'), { asked })
}

/** A port that nobody listens on: it was ours a moment ago. */
export async function closedPort(): Promise<number> {
  const server = await tcpServer(() => {})
  await server[Symbol.asyncDispose]()
  return server.port
}

async function listening(server: Server | HttpServer, protocol: string): Promise<Listening> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `${protocol}://localhost:${port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
