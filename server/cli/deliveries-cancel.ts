import type { Command } from 'commander'
import { Delivery } from '../../shared/deliveries.ts'
import { withServer } from './options.ts'
import { note, plain, print, printJson } from './print.ts'
import { EXIT, Problem } from './problem.ts'
import { ask, findServer } from './server-client.ts'

export function deliveriesCancel(deliveries: Command): void {
  withServer(deliveries.command('cancel').description('Take back deliveries that still wait'))
    .argument('<id...>', 'one or several')
    .action(async (ids: string[], options: Parameters<typeof findServer>[0]) => {
      const server = await findServer(options)
      let refused = 0
      for (const id of ids) {
        const path = `api/deliveries/${encodeURIComponent(id)}/cancel`
        try {
          const delivery = await ask(server, { method: 'POST', path }, Delivery)
          if (options.json) printJson(delivery)
          else print(`${delivery.id} is ${delivery.state}: ${plain(delivery.title)}`)
        } catch (error) {
          // One that can't be taken back keeps none of the others in line; without a server there are no others.
          if (!(error instanceof Problem) || error.exitCode !== EXIT.failed) throw error
          note(`${plain(id)}: ${error.message}${error.fix ? ` ${error.fix}` : ''}`)
          refused += 1
        }
      }
      if (refused > 0) throw new Problem(EXIT.failed, `${refused} of ${ids.length} could not be taken back.`)
    })
}
