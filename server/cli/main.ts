import { Command } from 'commander'
import { CannotStart } from '../errors.ts'
import { redactText } from '../lib/redact.ts'
import { commands } from './commands.ts'
import { note } from './print.ts'
import { EXIT, Problem } from './problem.ts'

/** Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 Slack said no, 4 could not reach the server or Slack. */
export async function runCli(args: string[]): Promise<number> {
  goOnWhenNobodyReads()
  const program = new Command('switchboard')
    .description('Admin > Integrations console and delivery gateway in front of Slack')
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError()
    // An option that is not known is quoted as it was given, and what was given may be a secret.
    .configureOutput({ outputError: (text, write) => write(redactText(text)) })
    .exitOverride()
  for (const command of commands) command(program)
  try {
    await program.parseAsync(args, { from: 'user' })
    return EXIT.done
  } catch (error) {
    if (isUsageError(error)) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    if (error instanceof Problem) {
      note(error.fix ? `${error.message}\n${error.fix}` : error.message)
      return error.exitCode
    }
    note(error instanceof CannotStart ? error.message : String((error as Error).stack))
    return EXIT.failed
  }
}

const EXIT_CODES = `
Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 Slack said no, 4 could not reach the server or Slack.`

const isUsageError = (error: unknown): error is { exitCode: number } =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')

/**
 * `switchboard … | head` closes the pipe before all is printed, which is nobody's mistake, and says nothing about what
 * the command is to do: it does that to its end, and its exit code tells how it went.
 */
function goOnWhenNobodyReads(): void {
  process.stderr.on('error', () => {})
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    note(`The answer could not be written: ${error.message}`)
    process.exit(EXIT.failed)
  })
}
