import type { Command } from 'commander'
import { startChild } from './child.ts'
import { untilStopped } from './start.ts'

const VITE_PORT = 5173

/** The server, started anew when its sources change, behind Vite, which reloads the pages as they are edited. */
export function devCommand(program: Command): void {
  program
    .command('dev')
    .description('Develop: the server restarts and pages reload when their sources change')
    .action(async () => {
      const { createServer } = await import('vite')
      const pages = await createServer({ configFile: 'vite.config.ts', server: { port: VITE_PORT, strictPort: true } })
      await pages.listen()
      const address = `http://127.0.0.1:${VITE_PORT}`
      const server = startChild(
        ['start', '--no-build'],
        { SWITCHBOARD_PUBLIC_URL: address },
        /Switchboard is at \S+\n(?:\nCreate the first admin[^\n]*\n\s*(\S+)\n)?\n/,
        ['--watch', '--watch-preserve-output'],
      )
      const ready = await server.ready
      process.stdout.write(
        `\nPages with hot reload: ${address}\n${ready.startsWith('http') ? `First admin: ${ready}\n` : ''}\n`,
      )
      await untilStopped(async () => {
        await server.stop()
        await pages.close()
      })
    })
}
