import type { Command } from 'commander'
import { deliveriesCancel } from './deliveries-cancel.ts'
import { deliveriesList } from './deliveries-list.ts'
import { deliveriesRetry } from './deliveries-retry.ts'
import { deliveriesShow } from './deliveries-show.ts'

/** What was sent and what waits: list, show, send again, take back. */
export function deliveriesCommand(program: Command): void {
  const deliveries = program
    .command('deliveries')
    .description('What was sent, what waits and why; send again, take back')
  deliveriesList(deliveries)
  deliveriesShow(deliveries)
  deliveriesRetry(deliveries)
  deliveriesCancel(deliveries)
}
