import { afterEach, expect, test, vi } from 'vitest'
import { startSimulator } from '../../server/simulator/simulator.ts'
import { startPlatform } from '../support/platform.ts'
import { dataFolder, endPrograms, PROGRAM_SETUP_TOKEN, type Program, startProgram } from '../support/program.ts'
import { type Sandbox, sandboxOf } from '../support/sandbox.ts'
import { PASSWORD } from '../support/world.ts'

// Whole programs, on machines that may be slow.
vi.setConfig({ testTimeout: 120_000 })
const PATIENCE = { timeout: 60_000 }

afterEach(endPrograms)

type Ask = (method: string, path: string, body?: unknown) => Promise<Record<string, never>>

async function signUp({ url }: Program): Promise<Ask> {
  const account = { email: 'ada@acme.example', password: PASSWORD }
  const post = (path: string, body: unknown) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
  await post('/api/setup', { token: PROGRAM_SETUP_TOKEN, name: 'Ada', ...account })
  const signedIn = await post('/api/auth/sign-in/email', account)
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const headers = { cookie, 'x-switchboard-csrf': '1', origin: url, 'content-type': 'application/json' }
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
    return response.json()
  }
}

async function connect(ask: Ask, sandbox: Sandbox, platformUrl: string): Promise<string> {
  const { appId, clientId, clientSecret, signingSecret, botToken } = await sandbox.app()
  const app = { appId, clientId, clientSecret, signingSecret, botToken }
  const { id } = await ask('POST', '/api/integrations', { provider: 'slack', name: 'Acme', ...app })
  await ask('PUT', `/api/integrations/${id}/platform`, { url: platformUrl })
  await ask('PUT', '/api/commands/compliance', { description: 'Check status', handler: 'status' })
  return id ?? ''
}

/** Where the app in Slack finds the program, which has another port each time. */
async function pointAt(sandbox: Sandbox, url: string, integrationId: string): Promise<void> {
  const { appId } = await sandbox.app()
  await sandbox.changeApp(appId, { commandsUrl: `${url}/slack/${integrationId}/commands` })
}

test('a command whose server is killed while the platform works is answered by the next one, under the same id', async () => {
  await using simulator = await startSimulator()
  await using platform = await startPlatform()
  const sandbox = sandboxOf(simulator)
  const env = {
    SLACK_API_URL: simulator.apiUrl,
    SLACK_WEBHOOK_HOSTS: simulator.host,
    SWITCHBOARD_PLATFORM_HOSTS: platform.host,
    SWITCHBOARD_DATA_DIR: dataFolder(),
  }
  const first = await startProgram(env)
  const integrationId = await connect(await signUp(first), sandbox, platform.url)
  await pointAt(sandbox, first.url, integrationId)
  const [person] = await sandbox.people()
  const channelId = await sandbox.channel('compliance')
  const seen = async () => (await sandbox.messages(channelId)).map(({ text }) => text)
  const type = (text: string) => sandbox.command({ command: '/compliance', text, userId: person?.id, channelId })

  platform.answer((call, response) => response.end(JSON.stringify({ text: `Fine: ${call.body.data.text}` })))
  await type('first')
  await expect.poll(seen, PATIENCE).toEqual(['Fine: first'])
  platform.answer(() => {})
  const acknowledged = await type('second')
  await expect.poll(() => platform.calls.length, PATIENCE).toBe(2)
  await first.kill()
  platform.answer((call, response) => response.end(JSON.stringify({ text: `Fine: ${call.body.data.text}` })))
  await startProgram(env)

  await expect.poll(async () => (await seen()).at(-1), PATIENCE).toBe('Fine: second')
  expect(acknowledged).toMatchObject({ status: 200, body: '' })
  const ids = platform.calls.map(({ headers }) => headers['webhook-id'])
  expect(ids[2]).toBe(ids[1])
  expect(ids[1]).not.toBe(ids[0])
})
