import type { Command } from 'commander'
import { ConfigurationPlan } from '../../shared/configuration.ts'
import { type FileOptions, readRequest, withFile } from './configuration-file.ts'
import { printJson } from './print.ts'
import { noteProblems, printPlan } from './print-plan.ts'
import { EXIT, Problem } from './problem.ts'
import { ask, findServer, type Server } from './server-client.ts'

/** What applying a file would change. Nothing is written. */
export function planCommand(program: Command): void {
  withFile(program.command('plan').description('Show what applying a configuration file would change')).action(
    async (file: string, options: FileOptions) => {
      const server = await findServer(options)
      const plan = await askForPlan(server, await readRequest(server, file, options))
      noteProblems(file, plan.problems)
      if (options.json) printJson(plan)
      else if (plan.canApply) printPlan(plan)
      refuseErrors(file, plan)
      refuseFailingCases(file, plan)
    },
  )
}

/** What is planned may be broken all the same: a build that tries a file before it is merged has to stop here. */
function refuseFailingCases(file: string, { problems }: ConfigurationPlan): void {
  const count = problems.filter(({ about }) => about === 'case').length
  if (count === 0) return
  const what = count === 1 ? 'one case of a template fails' : `${count} cases of templates fail`
  throw new Problem(
    EXIT.failed,
    `${file} could be applied, but ${what}.`,
    'Mend the template, or what its case expects.',
  )
}

/** Slack is asked for each channel that is not known yet. */
export const PLAN_TIMEOUT_MS = 120_000

export function askForPlan(server: Server, body: unknown): Promise<ConfigurationPlan> {
  const asked = { method: 'POST', path: 'api/configuration/plan', body, timeoutMs: PLAN_TIMEOUT_MS } as const
  return ask(server, asked, ConfigurationPlan)
}

export function refuseErrors(file: string, { problems, canApply }: ConfigurationPlan): void {
  if (canApply) return
  const count = problems.filter(({ severity }) => severity === 'error').length
  throw new Problem(EXIT.failed, `${file} can't be applied: ${count === 1 ? 'one error' : `${count} errors`}.`)
}
