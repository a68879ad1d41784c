import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import type { CommandAnswer, CommandUse } from './commands/command.ts'
import { handlerOf } from './commands/table.ts'

/** What a use of a command came to: the answer is there in any case, since Slack shows nothing else. */
export type CommandResult = { answer: CommandAnswer } & (
  | { outcome: 'answered'; code: null }
  | { outcome: 'failed'; code: string }
)

/** Runs the command. One that breaks, or takes longer than Slack waits, is answered with an apology and its code. */
export async function runCommand(ctx: AppContext, use: CommandUse): Promise<CommandResult> {
  try {
    const handled = handlerOf(use.command)(ctx, use)
    const answer = handled instanceof Promise ? await inTime(handled) : handled
    return answer === 'late' ? failed('timeout', LATE) : { answer, outcome: 'answered', code: null }
  } catch (error) {
    if (error instanceof Refusal) return failed(error.code, `Switchboard could not do that. ${error.message}`)
    ctx.log.error('command.broke', { integrationId: use.integrationId, command: use.command, error })
    return failed('internal', BROKE)
  }
}

async function inTime(handled: Promise<CommandAnswer>): Promise<CommandAnswer | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, MOST_MS, 'late')
  })
  return Promise.race([handled, late]).finally(() => clearTimeout(timer))
}

const failed = (code: string, text: string): CommandResult => ({ answer: { text }, outcome: 'failed', code })

/** Slack gives up after three seconds; the rest is for keeping the use and for the way back. */
const MOST_MS = 2_000
const BROKE = 'Sorry, Switchboard could not answer: something broke on its side. It was logged; please try again later.'
const LATE = 'Sorry, Switchboard could not answer in time. Please try again in a minute.'
