import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import type { Running } from '../main.ts'
import { buildConsole, CLIENT_DIR } from './build.ts'

export function startCommand(program: Command): void {
  program
    .command('start')
    .description('Start the server; builds the console first when its sources changed')
    .option('--no-build', 'serve the console as it was last built')
    .action(async (options: { build: boolean }) => {
      const config = readConfig()
      if (options.build && config.roles.includes('api')) await buildConsole()
      // Whatever is written from here on (database, log, master key) is its owner's to read.
      process.umask(0o077)
      // Read only now: the other commands do without the server, and start sooner.
      const { startServer } = await import('../main.ts')
      const running = await startServer(config, CLIENT_DIR)
      // Whoever reads that it runs may end it at once.
      const stopped = untilStopped(running.stop)
      process.stdout.write(welcome(running))
      await stopped
    })
}

export function buildCommand(program: Command): void {
  program
    .command('build')
    .description('Build the console')
    .action(async () => {
      await buildConsole({ always: true })
    })
}

/** Resolves after SIGINT or SIGTERM, once `stop` is done. A second signal does not wait. */
export async function untilStopped(stop: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    const signals = ['SIGINT', 'SIGTERM'] as const
    const onSignal = () => {
      for (const signal of signals) process.off(signal, onSignal)
      resolve()
    }
    for (const signal of signals) process.on(signal, onSignal)
  })
  await stop()
}

export function welcome({ url, setupLink, locked }: Running): string {
  const lines = [`\nSwitchboard is at ${url}`]
  if (locked) lines.push(`\nLOCKED. ${locked}`)
  if (setupLink) lines.push(`\nCreate the first admin here (the link works once):\n  ${setupLink}`)
  return `${lines.join('\n')}\n\n`
}
