/** How a command ends: scripts tell causes apart by it. */
export const EXIT = { done: 0, failed: 1, usage: 2, slackSaidNo: 3, unreachable: 4 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Ends the command. The message says what happened and why, `fix` what to do about it. */
export class Problem extends Error {
  readonly exitCode: ExitCode
  readonly fix: string | undefined

  constructor(exitCode: ExitCode, message: string, fix?: string) {
    super(message)
    this.name = 'Problem'
    this.exitCode = exitCode
    this.fix = fix
  }
}

/** The command line itself can't be right. */
export function wrongUsage(message: string, fix?: string): Problem {
  return new Problem(EXIT.usage, message, fix)
}
