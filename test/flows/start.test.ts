import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { startSimulator } from '../../server/simulator/simulator.ts'
import { dataFolder, endPrograms, runProgram, startProgram, PROGRAM_SETUP_TOKEN as TOKEN } from '../support/program.ts'
import { sandboxOf } from '../support/sandbox.ts'
import { PASSWORD } from '../support/world.ts'

afterEach(endPrograms)

describe('starting', () => {
  test('prints its address and a setup link that works once', async () => {
    const server = await startProgram({ SWITCHBOARD_SETUP_TOKEN: '' })
    const token = decodeURIComponent(/setup#token=(\S+)/.exec(server.printed())?.[1] ?? '')

    const first = await setUp(server.url, token)
    const second = await setUp(server.url, token)

    expect(token.length).toBeGreaterThan(30)
    expect([first.status, second.status]).toEqual([201, 403])
  })

  test('is ready once it says so, and asks for no setup when there is an admin', async () => {
    const dataDir = dataFolder()
    const first = await startProgram({ SWITCHBOARD_DATA_DIR: dataDir })
    await setUp(first.url, TOKEN)
    await first.stop()

    const again = await startProgram({ SWITCHBOARD_DATA_DIR: dataDir })
    const ready = await fetch(`${again.url}/readyz`)

    expect(ready.status).toBe(200)
    expect(again.printed()).not.toContain('setup#')
  })

  test.each([
    [{ SWITCHBOARD_PORT: 'http' }, 'SWITCHBOARD_PORT can\'t be "http". It takes a port from 0'],
    [
      { SWITCHBOARD_DATABASE_URL: 'postgres://nobody:s3cret@127.0.0.1:1/none' },
      'can’t be reached (connect ECONNREFUSED',
    ],
    [{ SWITCHBOARD_DATABASE_URL: 'postgres://nobody:s3cret#1@127.0.0.1/none' }, '% codes for special characters'],
    [{ SWITCHBOARD_DATA_DIR: join(import.meta.filename, 'data') }, 'SWITCHBOARD_DATA_DIR takes a folder'],
    [{ SWITCHBOARD_MASTER_KEY_FILE: import.meta.dirname }, "SWITCHBOARD_MASTER_KEY_FILE can't be read (EISDIR"],
    [{ SWITCHBOARD_HOST: '203.0.113.1' }, 'Set SWITCHBOARD_HOST to one that is'],
    [{ HTTPS_PROXY: 'socks5://proxy.example.com' }, 'HTTPS_PROXY is no http or https address'],
    [{ SLACK_API_URL: 'ftp://slack.com' }, 'SLACK_API_URL'],
  ])('with %o ends with 1 and one line that says what is wrong', async (env, message) => {
    const ended = await runProgram(['start', '--no-build'], env)

    expect(ended.code).toBe(1)
    expect(ended.errors).toContain(message)
    expect(ended.errors.trim().split('\n')).toHaveLength(1)
    expect(ended.errors).not.toContain('s3cret')
  })

  test.each([
    ['master.key', '', 'remove the file, and the next start makes a new one'],
    ['master.key', 'c2hvcnQ=\n', 'Put back the key that was there before'],
    ['.lock', 'no lock of ours, and longer than nothing', 'remove it, then start again'],
  ])('with a %s that holds %o ends with 1 and the way out', async (name, text, message) => {
    const dataDir = dataFolder()
    writeFileSync(join(dataDir, name), text)

    const ended = await runProgram(['start', '--no-build'], { SWITCHBOARD_DATA_DIR: dataDir })

    expect(ended.code).toBe(1)
    expect(ended.errors).toContain(message)
    expect(ended.errors.trim().split('\n')).toHaveLength(1)
    expect(readFileSync(join(dataDir, name), 'utf8')).toBe(text)
  })

  test('on a port that is taken says so', async () => {
    const first = await startProgram({})

    const ended = await runProgram(['start', '--no-build'], { SWITCHBOARD_PORT: new URL(first.url).port })

    expect(ended.code).toBe(1)
    expect(ended.errors).toContain('Set SWITCHBOARD_PORT to a free port')
  })

  test('takes what a thousand callers send at once, also when it was busy just then', async () => {
    const server = await startProgram({})
    const lostBefore = connectionsLost()
    server.signal('SIGSTOP')

    const answers = Array.from({ length: mostAtOnce() }, () => answerTo(server.url))
    await new Promise((resolve) => setTimeout(resolve, 500))
    server.signal('SIGCONT')

    const statuses = new Set(await Promise.all(answers))
    expect([...statuses]).toEqual(['HTTP/1.1 200 OK'])
    expect(connectionsLost()).toBe(lostBefore)
  })

  test('on a data folder that is in use is refused', async () => {
    const dataDir = dataFolder()
    await startProgram({ SWITCHBOARD_DATA_DIR: dataDir })

    const ended = await runProgram(['start', '--no-build'], { SWITCHBOARD_DATA_DIR: dataDir })

    expect(ended.code).toBe(1)
    expect(ended.errors).toContain('Another Switchboard is running')
  })

  test.each([
    [['strat'], 2, 'Did you mean start?'],
    [['start', '--prot', '1'], 2, "unknown option '--prot'"],
    [['--help'], 0, ''],
  ])('as %o ends with %i', async (args, code, message) => {
    const ended = await runProgram(args, {})

    expect(ended.code).toBe(code)
    expect(ended.errors).toContain(message)
  })
})

describe('the master key', () => {
  test('that does not fit the database gives a locked server that says which one does, and changes nothing', async () => {
    const dataDir = dataFolder()
    const right = Buffer.alloc(32, 1).toString('base64')
    const first = await startProgram({ SWITCHBOARD_DATA_DIR: dataDir, SWITCHBOARD_MASTER_KEY: right })
    await connect(first.url)
    await first.stop()

    const wrong = Buffer.alloc(32, 2).toString('base64')
    const locked = await startProgram({ SWITCHBOARD_DATA_DIR: dataDir, SWITCHBOARD_MASTER_KEY: wrong })
    const ready = await fetch(`${locked.url}/readyz`)
    const asked = await fetch(`${locked.url}/api/integrations`)
    const alive = await fetch(`${locked.url}/healthz`)
    await locked.stop()
    const again = await startProgram({ SWITCHBOARD_DATA_DIR: dataDir, SWITCHBOARD_MASTER_KEY: right })

    expect([ready.status, asked.status, alive.status]).toEqual([503, 503, 200])
    expect(await ready.json()).toMatchObject({
      state: 'locked',
      reason: expect.stringMatching(/sealed with mk_[0-9a-f]{12}/),
    })
    expect(await asked.json()).toMatchObject({ error: { code: 'locked' } })
    expect(locked.printed()).toContain('LOCKED')
    expect((await fetch(`${again.url}/readyz`)).status).toBe(200)
  })

  test('and the database are for their owner only', async () => {
    const dataDir = dataFolder()
    const server = await startProgram({ SWITCHBOARD_DATA_DIR: dataDir })

    const modes = ['master.key', 'switchboard.db'].map((name) => statSync(join(dataDir, name)).mode & 0o777)
    await server.stop()

    expect(modes).toEqual([0o600, 0o600])
  })
})

describe('stopping', () => {
  test('lets a request under way end, folds the log into the database, and ends with 0', async () => {
    const dataDir = dataFolder()
    await using simulator = await startSimulator({ pace: 'fast' })
    const server = await startProgram({
      SWITCHBOARD_DATA_DIR: dataDir,
      SLACK_API_URL: simulator.apiUrl,
      SLACK_WEBHOOK_HOSTS: simulator.host,
    })
    const session = await connect(server.url, simulator.url)
    await fetch(`${simulator.url}/_sim/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ method: 'chat.postMessage', kind: 'slow', delayMs: 1_500 }),
    })
    const destination = await session.post('/api/destinations', {
      integrationId: session.integrationId,
      kind: 'channel',
      channel: '#compliance',
    })
    const { id } = (await destination.json()) as { id: string }
    const sending = session.post(`/api/destinations/${id}/test`, {})
    const { calls } = sandboxOf(simulator)
    await expect.poll(async () => (await calls('chat.postMessage')).length).toBe(1)

    const code = await server.stop()

    expect(await (await sending).json()).toMatchObject({ state: 'delivered' })
    expect(code).toBe(0)
    const wal = join(dataDir, 'switchboard.db-wal')
    expect(existsSync(wal) ? statSync(wal).size : 0).toBe(0)
  })
})

test('a stop cuts off nobody who waits for an answer, and is not held up by whoever sends half a request', async () => {
  const server = await startProgram({})
  const { hostname, port, host } = new URL(server.url)
  let answered = 0
  const callers = Array.from({ length: 50 }, () =>
    untilLast(server.url, () => {
      answered += 1
    }),
  )
  const half = createConnection(Number(port), hostname, () => half.write(`GET /healthz HTTP/1.1\r\nhost: ${host}\r\n`))
  half.on('error', () => {})
  await expect.poll(() => answered).toBeGreaterThan(500)

  const code = await server.stop()

  expect(new Set(await Promise.all(callers))).toEqual(new Set(['told']))
  expect(code).toBe(0)
  half.destroy()
})

/** Asks again and again on one connection, until an answer says that it is the last, or there is none. */
function untilLast(url: string, onAnswer: () => void): Promise<'told' | 'cut off'> {
  const { hostname, port, host } = new URL(url)
  return new Promise((resolve) => {
    const ask = () => socket.write(`GET /healthz HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
    const socket = createConnection(Number(port), hostname, ask)
    socket.on('data', (chunk) => {
      onAnswer()
      if (/^connection: close\r$/im.test(String(chunk))) resolve('told')
      else ask()
    })
    socket.on('error', () => resolve('cut off'))
    socket.on('close', () => resolve('cut off'))
  })
}

/** A thousand callers, where the kernel's own bound lets so many wait. */
const mostAtOnce = (): number => Math.min(1_000, existsSync(SOMAXCONN) ? Number(readFileSync(SOMAXCONN, 'utf8')) : 100)

const SOMAXCONN = '/proc/sys/net/core/somaxconn'

/** Connections that a queue here was too short for, as Linux counts them; elsewhere undefined. */
function connectionsLost(): number | undefined {
  if (!existsSync('/proc/net/netstat')) return undefined
  const [names, values] = readFileSync('/proc/net/netstat', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' '))
  return Number(values?.[names?.indexOf('ListenOverflows') ?? -1])
}

/** The first line of the answer on a connection of its own, or why there is none. */
function answerTo(url: string): Promise<string> {
  const { hostname, port, host } = new URL(url)
  return new Promise((resolve) => {
    const socket = createConnection(Number(port), hostname, () =>
      socket.write(`GET /healthz HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`),
    )
    socket.once('data', (chunk) => {
      resolve(String(chunk).split('\r\n', 1)[0] ?? '')
      socket.destroy()
    })
    socket.once('error', (error) => resolve(error.message))
    socket.once('close', () => resolve('closed without an answer'))
  })
}

function setUp(url: string, token: string): Promise<Response> {
  return fetch(`${url}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ token, name: 'Ada Ferrer', email: 'ada@acme.example', password: PASSWORD }),
  })
}

/** The first admin, signed in, with an integration that has sealed secrets. */
async function connect(url: string, slackUrl?: string) {
  await setUp(url, TOKEN)
  const signedIn = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email: 'ada@acme.example', password: PASSWORD }),
  })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const post = (path: string, body: unknown) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, cookie, 'x-switchboard-csrf': '1' },
      body: JSON.stringify(body),
    })
  const [app] = slackUrl ? ((await (await fetch(`${slackUrl}/_sim/apps`)).json()) as Record<string, string>[]) : []
  const made = await post('/api/integrations', {
    provider: 'slack',
    name: 'Acme',
    appId: app?.appId ?? 'A0123456789',
    clientId: app?.clientId ?? '1234567890.1234567890123',
    clientSecret: app?.clientSecret ?? '0123456789abcdef0123456789abcdef',
    signingSecret: app?.signingSecret ?? 'fedcba9876543210fedcba9876543210',
    ...(app && { botToken: app.botToken }),
  })
  const { id } = (await made.json()) as { id: string }
  return { post, integrationId: id }
}
