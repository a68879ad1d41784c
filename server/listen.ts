import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import type { ErrorAnswer } from '../shared/refusals.ts'
import type { Config } from './config.ts'
import { CannotStart } from './errors.ts'

export type Listening = {
  server: Server
  url: string
  /** From now on the app answers, and no longer that one should come back. */
  open: () => void
  /** Ends once every request under way has its answer, or had its time. */
  close: () => Promise<void>
}

/**
 * Connections that may come while the event loop is busy. Of those beyond it the kernel loses what they send, and their
 * callers are reset or wait for a minute; Node's own 511 is fewer than a large platform opens at once. The kernel has a
 * bound of its own besides (net.core.somaxconn, 4096 on Linux).
 */
const MOST_UNACCEPTED = 4_096

const STARTING = JSON.stringify({
  error: { code: 'unavailable', message: 'Switchboard is starting.', fix: 'Come back in a second.' },
} satisfies ErrorAnswer)

/** Takes the port. Until the app stands, a request is told to come back. */
export async function listen(config: Pick<Config, 'port' | 'host'>): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: 65_000, headersTimeout: 20_000, requestTimeout: 0 })
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('request', (_, response) => {
    response.writeHead(503, { 'retry-after': '1', 'content-type': 'application/json' }).end(STARTING)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new CannotStart(whyNotListening(config, error))))
    server.listen({ port: config.port, host: config.host, backlog: MOST_UNACCEPTED }, resolve)
  })
  const { port, address, family } = server.address() as AddressInfo
  const host = family === 'IPv6' ? `[${address}]` : address
  const url = `http://${host === '0.0.0.0' || host === '[::]' ? '127.0.0.1' : host}:${port}`
  let answers: Answers | undefined
  const open = () => {
    server.removeAllListeners('request')
    answers = followAnswers(server)
  }
  return { server, url, open, close: () => closeServer(server, sockets, answers) }
}

function whyNotListening({ host, port }: Pick<Config, 'port' | 'host'>, error: NodeJS.ErrnoException): string {
  const place = `${host}:${port}`
  switch (error.code) {
    case 'EADDRINUSE':
      return `The address ${place} is in use already. Set SWITCHBOARD_PORT to a free port, or stop what runs there.`
    case 'EACCES':
      return `This user may not listen on ${place}. Set SWITCHBOARD_PORT to a port from 1024 on, or let a reverse proxy take that one.`
    default:
      return `${host} is no address of this machine (${error.message}). Set SWITCHBOARD_HOST to one that is, for example 127.0.0.1, or 0.0.0.0 for all.`
  }
}

type Answers = {
  unanswered: ReadonlySet<ServerResponse>
  /** From now on each answer says that it is the last on its connection: whoever sent on would be cut off. */
  sayLast: () => void
}

function followAnswers(server: Server): Answers {
  const unanswered = new Set<ServerResponse>()
  let isLast = false
  server.on('request', (_, response) => {
    if (isLast) response.shouldKeepAlive = false
    unanswered.add(response)
    response.once('close', () => unanswered.delete(response))
  })
  const sayLast = () => {
    isLast = true
    for (const response of unanswered) response.shouldKeepAlive = false
  }
  return { unanswered, sayLast }
}

/** What callers had sent before they could know is read by then, and answered: its connection looks idle until it is. */
const READ_WITHIN_MS = 150
/** How long a request may take to arrive once the server stops: what stalls must not hold up what is being sent. */
const ARRIVE_WITHIN_MS = 3_000
/** How long requests under way may take; after that their connections are cut. */
const DRAIN_MS = 15_000

async function closeServer(server: Server, sockets: Set<Socket>, answers: Answers | undefined): Promise<void> {
  answers?.sayLast()
  if (sockets.size > 0) {
    await wait(READ_WITHIN_MS)
    await turn()
  }
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const idle = setInterval(() => {
    server.closeIdleConnections()
    // Browsers open connections ahead of need, and Node takes one for busy until its first request.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  }, 100)
  const stalled = setTimeout(() => {
    const arrived = new Set(
      [...(answers?.unanswered ?? [])].filter(({ req }) => req.complete).map(({ req }) => req.socket),
    )
    for (const socket of sockets) if (!arrived.has(socket)) socket.destroy()
  }, ARRIVE_WITHIN_MS)
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
  await closed
  clearInterval(idle)
  clearTimeout(stalled)
  clearTimeout(cut)
}
