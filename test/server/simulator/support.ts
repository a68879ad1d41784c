import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebAPICallResult, WebClient } from '@slack/web-api'
import { type SimulatorOptions, startSimulator } from '../../../server/simulator/simulator.ts'
import { sandboxOf } from '../../support/sandbox.ts'

const START = Date.UTC(2026, 10, 24, 9)

/** A simulator with a clock to push, a real Slack client and the control API. */
export async function startSandbox(options: SimulatorOptions = {}) {
  const clock = { now: START }
  const simulator = await startSimulator({ pace: 'fast', now: () => clock.now, ...options })
  const sandbox = sandboxOf(simulator)
  const app = await sandbox.app()
  const [hook] = app.webhooks
  return {
    ...sandbox,
    clock,
    credentials: app,
    hook: hook ?? { id: '', url: '', channelId: '', channel: '' },
    client: (token = app.botToken) => slackClient(simulator.apiUrl, token),
    /** A control request whose refusal is the subject. */
    control: async (method: string, path: string, body?: unknown) =>
      fetch(`${simulator.url}/_sim${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
    /** A Web API call without the SDK in between. */
    raw: async (method: string, args: Record<string, string> = {}, token: string | null = app.botToken) =>
      fetch(`${simulator.apiUrl}${method}`, {
        method: 'POST',
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
        body: new URLSearchParams(args),
      }),
    post: async (url: string, body: unknown) =>
      fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
  }
}

export type TestSandbox = Awaited<ReturnType<typeof startSandbox>>

/** One call is one request, as the product has it. */
export function slackClient(slackApiUrl: string, token: string): WebClient {
  const quiet = () => undefined
  const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet, setLevel: quiet, setName: quiet }
  const getLevel = () => 'error' as never
  return new WebClient(token, {
    slackApiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: { ...logger, getLevel },
  })
}

/** `ok`, or the platform's error code, or else the SDK's own. */
export async function codeOf(call: Promise<WebAPICallResult>): Promise<string> {
  return call.then(
    () => 'ok',
    (error: { data?: { error?: string }; code?: string }) => error.data?.error ?? error.code ?? String(error),
  )
}

export type Received = { headers: IncomingHttpHeaders; body: string }
type Given = { status?: number; body?: string; type?: string }

/** An app on this machine that keeps what it received and answers as told; null: it never answers. */
export async function startApp(answer: (received: Received) => Given | null) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const one = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') }
    received.push(one)
    const given = answer(one)
    if (given === null) return
    response.writeHead(given.status ?? 200, { 'content-type': given.type ?? 'text/plain' }).end(given.body ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${port}/slack`, received, [Symbol.asyncDispose]: stop }
}
