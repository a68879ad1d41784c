import { type SimulatorOptions, startSimulator } from '../../../server/simulator/simulator.ts'
import type { Scope } from '../../../shared/users.ts'
import { PROGRAM_SETUP_TOKEN, startProgram } from '../../support/program.ts'
import { sandboxOf } from '../../support/sandbox.ts'
import { PASSWORD } from '../../support/world.ts'
import { type CliRun, runCli, slackEnv } from './run-cli.ts'

/** A server in a process of its own, connected to a simulator, and the command line with a key of it. */
export async function startConnected(options: SimulatorOptions & { env?: Record<string, string> } = {}) {
  const simulator = await startSimulator({ pace: options.pace ?? 'fast' })
  const slack = sandboxOf(simulator)
  const server = await startProgram({ ...slackEnv(simulator), SWITCHBOARD_PACE: 'off', ...options.env })
  const json = { 'content-type': 'application/json', origin: server.url }
  const send = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { ...json, ...headers },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
    return { response, body: JSON.parse(text || 'null') }
  }
  const person = { email: 'ada@acme.example', password: PASSWORD }
  await send('/api/setup', { token: PROGRAM_SETUP_TOKEN, name: 'Ada Ferrer', ...person })
  const { response } = await send('/api/auth/sign-in/email', person)
  const cookie = response.headers.getSetCookie().map((line) => line.split(';')[0])
  const signedIn = { cookie: cookie.join('; '), 'x-switchboard-csrf': '1' }
  /** As the signed-in admin. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the answer has and asserts on it
  const post = async (path: string, body: unknown = {}): Promise<any> => (await send(path, body, signedIn)).body

  const { appId, clientId, clientSecret, signingSecret, botToken, webhooks } = await slack.app()
  const connect = async (name: string): Promise<string> => {
    const secrets = { appId, clientId, clientSecret, signingSecret, botToken }
    return (await post('/api/integrations', { provider: 'slack', name, ...secrets, testChannel: '#compliance' })).id
  }
  const integrationId = await connect('Acme production')
  const keyWith = async (scopes: Scope[]): Promise<string> => (await post('/api/api-keys', { name: 'cli', scopes })).key
  const key = await keyWith(['messages:write', 'deliveries:read', 'deliveries:write', 'config:read', 'config:write'])

  return {
    slack,
    server,
    post,
    connect,
    keyWith,
    integrationId,
    webhookUrl: webhooks[0]?.url ?? '',
    /** Every secret that must never be printed. */
    secrets: [key, clientSecret, signingSecret, botToken],
    destinationAt: async (channel: string): Promise<string> =>
      (await post('/api/destinations', { integrationId, kind: 'channel', channel })).id,
    cli: (args: string[], more: Parameters<typeof runCli>[1] = {}): Promise<CliRun> =>
      runCli(args, { ...more, env: { SWITCHBOARD_URL: server.url, SWITCHBOARD_API_KEY: key, ...more.env } }),
    stop: async () => {
      await server.stop()
      await simulator.stop()
    },
  }
}

export type Connected = Awaited<ReturnType<typeof startConnected>>
