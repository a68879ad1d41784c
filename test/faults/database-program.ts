import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type SimulatorOptions, startSimulator } from '../../server/simulator/simulator.ts'
import { dataFolder, endPrograms, PROGRAM_SETUP_TOKEN } from '../support/program.ts'
import { sandboxOf } from '../support/sandbox.ts'
import { setUp } from './connect.ts'

/* The program as it is started for real, with its database within reach: a disk of its own, limits, signals. */

const SWITCHBOARD = join(import.meta.dirname, '../../server/cli/switchboard.mjs')
const SCOPES = ['events:write', 'messages:write', 'deliveries:read', 'config:read']
const running = new Set<ChildProcess>()
export const run = promisify(execFile)

type Options = {
  env?: Record<string, string>
  dataDir?: string
  seed?: SimulatorOptions['seed']
  /** A disk of its own for the data, in megabytes; only where `canMount`. */
  diskMb?: number
}

export type Answered = { status: number; retryAfter: number; text: string; body: Refused & { id?: string } }
type Refused = { error?: { code: string; message: string; fix?: string } }

/** A server, connected to a simulator, and a program that sends it events with a key. */
export async function startSending(options: Options = {}) {
  const simulator = await startSimulator({ pace: 'fast', seed: options.seed ?? 'acme' })
  const slack = sandboxOf(simulator)
  const dataDir = options.dataDir ?? dataFolder()
  const env = {
    SLACK_API_URL: simulator.apiUrl,
    SLACK_WEBHOOK_HOSTS: simulator.host,
    SLACK_UPLOAD_HOSTS: simulator.host,
    SWITCHBOARD_PACE: 'off',
    ...options.env,
  }
  const start = () => startServer(dataDir, env, options.diskMb)
  let server = await start()
  const { key, integrationId } = await setUp(server.url, slack, SCOPES)
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
    return { status: response.status, retryAfter, text, body: JSON.parse(text || 'null') as Answered['body'] }
  }
  return {
    slack,
    dataDir,
    integrationId,
    server: () => server,
    ask,
    /** An event to some channels; sent twice with one text it counts once. */
    post: (text: string, channels: string[]): Promise<Answered> => {
      const destinations = channels.map((channel) => ({ integrationId, channel }))
      const event = { type: 'test.fault', text, destinations }
      return ask('POST', '/api/events', event, { 'idempotency-key': `key of ${text}` })
    },
    ready: async (): Promise<number> => (await fetch(`${server.url}/readyz`)).status,
    startAgain: async () => {
      server = await start()
    },
    async [Symbol.asyncDispose]() {
      await server.stop()
      await simulator.stop()
    },
  }
}

export type Sending = Awaited<ReturnType<typeof startSending>>

/** Ends whatever a test left running. */
export function endServers(): void {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
  endPrograms()
}

/** Whether this user may mount a disk that only one process sees; it goes when the process does. */
export async function canMount(): Promise<boolean> {
  const probe = run('unshare', [...ownMounts(), 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp'])
  return probe.then(
    () => true,
    () => false,
  )
}

async function startServer(dataDir: string, env: Record<string, string>, diskMb?: number) {
  const command = [process.execPath, SWITCHBOARD, 'start', '--no-build']
  const mounted = `mount -t tmpfs -o size=${diskMb}m tmpfs "$0" && exec "$@"`
  const [file = '', ...args] = diskMb ? ['unshare', ...ownMounts(), 'sh', '-c', mounted, dataDir, ...command] : command
  const child = spawn(file, args, {
    env: {
      PATH: process.env.PATH ?? '',
      SWITCHBOARD_PORT: '0',
      SWITCHBOARD_DATA_DIR: dataDir,
      SWITCHBOARD_LOG_LEVEL: 'error',
      SWITCHBOARD_SETUP_TOKEN: PROGRAM_SETUP_TOKEN,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let printed = ''
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      printed += chunk
      const match = /Switchboard is at (\S+)\n/.exec(printed)
      if (match?.[1]) resolve(match[1])
    })
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${errors}`)))
  })
  const exited = once(child, 'exit')
  const pid = child.pid ?? 0
  return {
    url,
    pid,
    /** Everything it has logged. */
    printed: () => printed + errors,
    /** Runs a program that sees the same disks. */
    inside: (...command: string[]) => {
      const enter = diskMb ? ['nsenter', '-t', String(pid), ...sameMounts(), ...command] : command
      return run(enter[0] ?? '', enter.slice(1))
    },
    /** SIGTERM, then the exit code. */
    stop: async (): Promise<number | null> => {
      child.kill('SIGTERM')
      await exited
      running.delete(child)
      return child.exitCode
    },
  }
}

const isRoot = () => process.getuid?.() === 0
const ownMounts = () => (isRoot() ? ['-m'] : ['-Urm'])
const sameMounts = () => (isRoot() ? ['-m'] : ['-U', '-m', '--preserve-credentials'])
