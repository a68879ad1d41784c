import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { CannotStart } from '../errors.ts'

const SWITCHBOARD = fileURLToPath(new URL('./switchboard.mjs', import.meta.url))

export type Child = {
  /** What `ready` captured, for example an address. */
  ready: Promise<string>
  stop: () => Promise<void>
}

/** Runs another command of this program in its own process; `ready` settles with the first match in what it prints. */
export function startChild(args: string[], env: Record<string, string>, ready: RegExp, nodeArgs: string[] = []): Child {
  return startProgram([...nodeArgs, SWITCHBOARD, ...args], env, ready)
}

/** The same of any program that Node runs. */
export function startProgram(nodeArgs: string[], env: Record<string, string>, ready: RegExp): Child {
  const child = spawn(process.execPath, nodeArgs, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { ready: firstMatch(child, ready, nodeArgs.join(' ')), stop: () => ended(child) }
}

function firstMatch(child: ChildProcess, pattern: RegExp, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      printed = `${printed}${chunk}`.slice(-10_000)
      const match = pattern.exec(printed)
      if (match) resolve(match[1] ?? match[0])
    })
    child.once('exit', (code) =>
      reject(new CannotStart(`${name} ended with ${code ?? 'a signal'} before it was ready`)),
    )
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await exit
}
