import { once } from 'node:events'
import { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { authorizeHttp } from './authorize.ts'
import { noCalls } from './calls.ts'
import { controlHttp } from './control/http.ts'
import { onlyFromHere } from './guard.ts'
import { newOutbox } from './outbound.ts'
import { pageHttp } from './page.ts'
import { responseUrlHttp } from './response-urls.ts'
import type { Pace, Sandbox, SeedName } from './sandbox.ts'
import { seedWorkspace } from './seed.ts'
import { uploadHttp } from './uploads.ts'
import { webApi } from './web-api.ts'
import { webhookHttp } from './webhooks.ts'

export type SimulatorOptions = {
  /** 0 or absent: any free port. */
  port?: number
  host?: string
  seed?: SeedName
  /** `slack` keeps Slack's limits; `fast` has none, for measuring. */
  pace?: Pace
  now?: () => number
  /** Where the built pages are; dist/client if absent. */
  clientDir?: string
}

export type Simulator = {
  /** http://127.0.0.1:PORT */
  url: string
  /** What SLACK_API_URL is set to. */
  apiUrl: string
  port: number
  /** 127.0.0.1:PORT, what SLACK_WEBHOOK_HOSTS is set to. */
  host: string
  stop: () => Promise<void>
  [Symbol.asyncDispose]: () => Promise<void>
}

const CLIENT_DIR = fileURLToPath(new URL('../../dist/client', import.meta.url))

/** Starts a Slack workspace in this process. Everything it holds is in memory and ends with it. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const hostname = options.host ?? '127.0.0.1'
  const stopping = new AbortController()
  const sandbox = newSandbox(options, stopping.signal)

  // Routes go in before the port is known: what needs the address reads it from the sandbox when asked.
  const app = new Hono<{ Bindings: HttpBindings }>()
    .use(onlyFromHere(sandbox))
    .route('/api', webApi(sandbox))
    .route('/services', webhookHttp(sandbox))
    .route('/upload/v1', uploadHttp(sandbox))
    .route('/commands', responseUrlHttp(sandbox, 'commands'))
    .route('/actions', responseUrlHttp(sandbox, 'actions'))
    .route('/oauth/v2', authorizeHttp(sandbox))
    .route('/_sim', controlHttp(sandbox))
    .route('/', pageHttp(options.clientDir ?? CLIENT_DIR))

  const server = createAdaptorServer({ fetch: app.fetch, hostname })
  if (!(server instanceof Server)) throw new TypeError('The simulator speaks plain HTTP.')
  server.listen(options.port ?? 0, hostname)
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  sandbox.host = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`
  sandbox.url = `http://${sandbox.host}`

  const stop = async () => {
    stopping.abort()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await sandbox.outbox.agent.destroy()
  }
  const { url, host } = sandbox
  return { url, apiUrl: `${url}/api/`, port, host, stop, [Symbol.asyncDispose]: stop }
}

function newSandbox(options: SimulatorOptions, stopping: AbortSignal): Sandbox {
  const seed = options.seed ?? 'acme'
  return {
    now: options.now ?? Date.now,
    url: '',
    host: '',
    seed,
    pace: options.pace ?? 'slack',
    fileShareMs: options.pace === 'fast' ? 0 : 300,
    historyPageMost: 999,
    dateSkewSeconds: 0,
    retryAfterHeader: true,
    workspace: seedWorkspace(seed),
    faults: [],
    limiter: new Map(),
    calls: noCalls(),
    feed: new Set(),
    outbox: newOutbox(),
    stopping,
  }
}
