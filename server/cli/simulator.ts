import { type Command, Option } from 'commander'
import { CannotStart } from '../errors.ts'
import { CLIENT_DIR } from './build.ts'
import { wholeNumber } from './options.ts'

export function simulatorCommand(program: Command): void {
  program
    .command('simulator')
    .description('Start a Slack workspace on this machine: a sandbox with people, channels and a fault dial')
    .option('--port <port>', 'port to listen on; 0 takes any free one', wholeNumber(0, 65_535), 4_600)
    .addOption(
      new Option('--seed <name>', 'large has 20,000 channels').choices(['acme', 'large', 'empty']).default('acme'),
    )
    .addOption(new Option('--pace <pace>', "Slack's limits, or none").choices(['slack', 'fast']).default('slack'))
    .action(async (options: { port: number; seed: string; pace: string }) => {
      const { runSimulator } = await import('../simulator/main.ts')
      await runSimulator({ ...options, clientDir: CLIENT_DIR }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error
        throw new CannotStart(
          `Port ${options.port} is in use already. Give another one by --port, or stop what runs there.`,
        )
      })
    })
}
