import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/* The program as it is started for real: its own process, its own folder, signals and exit codes. */

const SWITCHBOARD = join(import.meta.dirname, '../../server/cli/switchboard.mjs')
export const PROGRAM_SETUP_TOKEN = 'a-setup-token-for-tests-only'
const running = new Set<ChildProcess>()
const folders: string[] = []

export type Program = {
  url: string
  setupLink: string | undefined
  printed: () => string
  /** SIGTERM, then the exit code. */
  stop: () => Promise<number | null>
  /** SIGKILL: nothing is tidied up. */
  kill: () => Promise<void>
  /** For SIGSTOP and SIGCONT. */
  signal: (signal: NodeJS.Signals) => void
}

/** `switchboard start` on a free port; resolves once it says where it is. */
export async function startProgram(env: Record<string, string> = {}): Promise<Program> {
  const started = await untilPrinted(
    launch(['start', '--no-build'], { SWITCHBOARD_SETUP_TOKEN: PROGRAM_SETUP_TOKEN, ...env }),
    (printed) => (printed.endsWith('\n\n') ? /Switchboard is at (\S+)\n/.exec(printed)?.[1] : undefined),
  )
  const { found, ...program } = started
  return { ...program, url: found, setupLink: /^\s*(\S+\/setup#token=\S+)$/m.exec(program.printed())?.[1] }
}

/** `switchboard simulator` in a process of its own, as `sandboxOf` takes it. */
export async function startSimulatorProgram(pace: 'slack' | 'fast' = 'fast') {
  const child = launch(['simulator', '--port', '0', '--pace', pace], {})
  const { found, stop } = await untilPrinted(child, (printed) => /SLACK_API_URL=(\S+) /.exec(printed)?.[1])
  const { origin, host, port } = new URL(found)
  const ended = async () => void (await stop())
  return { url: origin, apiUrl: found, port: Number(port), host, stop: ended, [Symbol.asyncDispose]: ended }
}

/** Runs a command that ends by itself. */
export async function runProgram(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; errors: string }> {
  const child = launch(args, env)
  let errors = ''
  child.stderr?.on('data', (chunk) => {
    errors += chunk
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, errors }
}

/** A folder for one test's data. */
export function dataFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'switchboard-program-'))
  folders.push(path)
  return path
}

/** Ends whatever a test left running, and its folders. */
export function endPrograms(): void {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true })
}

/** Reads what a process prints until there is in it what was looked for. */
async function untilPrinted(child: ChildProcess, find: (printed: string) => string | undefined) {
  let printed = ''
  let errors = ''
  child.stderr?.on('data', (chunk) => {
    errors += chunk
  })
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      running.delete(child)
      resolve(code)
    }),
  )
  const found = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      printed += chunk
      const match = find(printed)
      if (match !== undefined) resolve(match)
    })
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${errors}`)))
  })
  return {
    found,
    printed: () => printed,
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
  }
}

function launch(args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [SWITCHBOARD, ...args], {
    env: {
      PATH: process.env.PATH ?? '',
      SWITCHBOARD_PORT: '0',
      SWITCHBOARD_DATA_DIR: env.SWITCHBOARD_DATA_DIR ?? dataFolder(),
      SWITCHBOARD_LOG_LEVEL: 'silent',
      SLACK_API_URL: 'http://127.0.0.1:9/api/',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  return child
}
