import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type BenchServer = { url: string; startedInMs: number; process: ChildProcess; stop: () => Promise<void> }

/** Starts a server in a process of its own and waits until it says where it is. */
export async function startChild(
  args: string[],
  env: Record<string, string>,
  says: RegExp,
): Promise<BenchServer & { said: string }> {
  const startedMs = performance.now()
  const child = spawn('node', args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const said = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk) => {
      text += String(chunk)
      if (says.test(text)) resolve(text)
    })
    child.once('exit', (code) => reject(new Error(`node ${args.join(' ')} ended with ${code}: ${text}`)))
  })
  const url = /https?:\/\/[\w.:[\]-]+/.exec(said)?.[0] ?? ''
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return { url, said, startedInMs: performance.now() - startedMs, process: child, stop }
}

/** Switchboard as its users run it: SQLite in a folder of its own, every loop running. */
export async function startSwitchboard(dataDir: string, settings: Record<string, string> = {}): Promise<BenchServer> {
  const env = {
    SWITCHBOARD_PORT: '0',
    SWITCHBOARD_DATA_DIR: dataDir,
    SWITCHBOARD_SETUP_TOKEN: SETUP_TOKEN,
    SWITCHBOARD_LOG_LEVEL: 'warn',
    // Nothing in a bench leaves this machine: nobody listens there.
    SLACK_API_URL: 'http://127.0.0.1:9/api/',
    ...settings,
  }
  const server = await startChild(['server/cli/switchboard.mjs', 'start', '--no-build'], env, /Switchboard is at \S+\n/)
  // Its log: a figure from a server in trouble should not look like any other.
  server.process.stdout?.on('data', (chunk) => {
    for (const line of String(chunk).split('\n')) if (line.startsWith('{')) process.stderr.write(`${line}\n`)
  })
  return server
}

type App = Record<'appId' | 'clientId' | 'clientSecret' | 'signingSecret' | 'botToken', string>
type Channel = { id: string; kind: string; archived: boolean; readOnly: boolean }
export type Simulator = {
  url: string
  apiUrl: string
  app: App
  /** So many that anything may be posted to. */
  channels: (count: number) => Promise<string[]>
  /** Forgets what was said, so that no run finds it fuller than another did. */
  reset: () => Promise<void>
  stop: () => Promise<void>
}

/** A Slack workspace with 20,000 channels in a process of its own. */
export async function startSimulator(pace: 'fast' | 'slack'): Promise<Simulator> {
  const args = ['server/cli/switchboard.mjs', 'simulator', '--port', '0', '--seed', 'large', '--pace', pace]
  const { url, said, stop } = await startChild(args, {}, /SLACK_API_URL=\S+ /)
  const ask = async <Answer>(path: string) => (await (await fetch(`${url}/_sim${path}`)).json()) as Answer
  const [app] = await ask<App[]>('/apps')
  if (!app) throw new Error('The simulator has no app.')
  return {
    url,
    apiUrl: /SLACK_API_URL=(\S+)/.exec(said)?.[1] ?? '',
    app,
    channels: async (count) => {
      const all = await ask<Channel[]>('/channels')
      const open = all.filter(({ kind, archived, readOnly }) => kind === 'public' && !archived && !readOnly)
      return open.slice(0, count).map(({ id }) => id)
    },
    reset: async () => void (await fetch(`${url}/_sim/reset`, { method: 'POST' })),
    stop,
  }
}

/** What a process has used of the processors so far; tells work from waiting where others share the machine. */
export function cpuMs(pid: number | undefined): number {
  const fields = procFile(pid, 'stat')?.split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** What the kernel counts as resident. */
export const residentMb = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(procFile(pid, 'status') ?? '')?.[1]) / 1_024

/** Linux tells; elsewhere these figures are not a number. */
function procFile(pid: number | undefined, name: string): string | undefined {
  const path = `/proc/${pid}/${name}`
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

const TICK_MS = 10

/** A folder that is gone afterwards. */
export async function withFolder<Answer>(use: (folder: string) => Promise<Answer>): Promise<Answer> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-bench-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The first admin's cookie. */
export async function signUp(url: string): Promise<Record<string, string>> {
  const person = { email: 'bench@acme.example', password: 'correct horse battery staple' }
  await post(url, '/api/setup', {}, { token: SETUP_TOKEN, name: 'Bench', ...person })
  const answer = await post(url, '/api/auth/sign-in/email', {}, person)
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0])
  return { cookie: cookie.join('; '), 'x-switchboard-csrf': '1', origin: url }
}

export async function post(
  url: string,
  path: string,
  headers: Record<string, string>,
  body: unknown,
): Promise<Response> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return answer
}

const SETUP_TOKEN = 'setup-token-of-the-bench'
