import type { Command } from 'commander'
import { CLIENT_DIR } from './build.ts'

export function simulatorCommand(program: Command): void {
  program
    .command('simulator')
    .description('Start a Slack workspace on this machine: a sandbox with people, channels and a fault dial')
    .option('--port <port>', 'port to listen on; 0 takes any free one', '4600')
    .option('--seed <name>', 'acme, large (20,000 channels) or empty', 'acme')
    .option('--pace <pace>', "slack (Slack's limits) or fast (none)", 'slack')
    .action(async (options: { port: string; seed: string; pace: string }) => {
      const { runSimulator } = await import('../simulator/main.ts')
      await runSimulator({ ...options, clientDir: CLIENT_DIR })
    })
}
