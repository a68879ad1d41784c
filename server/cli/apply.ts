import type { Command } from 'commander'
import { Applied } from '../../shared/configuration.ts'
import { type FileOptions, readRequest, withFile } from './configuration-file.ts'
import { askForPlan, PLAN_TIMEOUT_MS, refuseErrors } from './plan.ts'
import { print, printJson } from './print.ts'
import { noteProblems, printPlan } from './print-plan.ts'
import { wrongUsage } from './problem.ts'
import { ask, findServer } from './server-client.ts'

/** Does what the plan says, all of it or nothing, as one set of changes. */
export function applyCommand(program: Command): void {
  withFile(program.command('apply').description('Apply a configuration file: all of it, or nothing'))
    .option('--yes', 'also where --prune deletes something')
    .action(async (file: string, options: FileOptions & { yes?: boolean }) => {
      const server = await findServer(options)
      const request = await readRequest(server, file, options)
      const plan = await askForPlan(server, request)
      noteProblems(file, plan.problems)
      refuseErrors(file, plan)
      if (!options.json) printPlan(plan)
      if (plan.counts.delete > 0 && !options.yes) {
        throw wrongUsage(`${plan.counts.delete} would be deleted. Nothing was changed.`, 'Add --yes if that is meant.')
      }
      const body = { ...request, revision: plan.revision }
      const asked = { method: 'POST', path: 'api/configuration/apply', body, timeoutMs: PLAN_TIMEOUT_MS } as const
      const { changeSet, problems } = await ask(server, asked, Applied)
      if (options.json) return printJson({ changeSet, problems })
      print(changeSet ? `Applied as ${changeSet.id}` : 'Nothing to do: all is as the file has it.')
    })
}
