import { Command } from 'commander'
import { BadSetting } from '../config.ts'
import { DatabaseProblem } from '../db/open.ts'
import { commands } from './commands.ts'

/** Exit codes: 0 done, 1 refused or failed, 2 wrong usage. */
export async function runCli(args: string[]): Promise<number> {
  const program = new Command('switchboard')
    .description('Admin > Integrations console and delivery gateway in front of Slack')
    .showSuggestionAfterError()
    .exitOverride()
  for (const command of commands) command(program)
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (isUsageError(error)) return error.exitCode === 0 ? 0 : 2
    const known = error instanceof BadSetting || error instanceof DatabaseProblem || isAddressInUse(error)
    process.stderr.write(known ? `${(error as Error).message}\n` : `${(error as Error).stack}\n`)
    return 1
  }
}

const isUsageError = (error: unknown): error is { exitCode: number } =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')

function isAddressInUse(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return false
  error.message = `${error.message.replace('listen EADDRINUSE: ', 'The ')}. Set SWITCHBOARD_PORT to a free port, or stop what runs there.`
  return true
}
