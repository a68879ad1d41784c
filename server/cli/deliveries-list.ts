import type { Command } from 'commander'
import { DeliverySummary } from '../../shared/deliveries.ts'
import { pageOf } from '../../shared/paging.ts'
import { filterOf, withFilters } from './delivery-filter.ts'
import { wholeNumber, withServer } from './options.ts'
import { cut, isRead, note, plain, printJson, printTable, shownInstant } from './print.ts'
import { ask, findServer, type Server } from './server-client.ts'

type Options = Parameters<typeof findServer>[0] & Parameters<typeof filterOf>[0] & { limit: number; cursor?: string }

export function deliveriesList(deliveries: Command): void {
  const command = deliveries.command('list').description('List deliveries, newest first')
  withServer(withFilters(command))
    .option('--limit <number>', 'at most so many, read page by page', wholeNumber(1, 1_000_000), 50)
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .action(async (options: Options) => {
      const server = await findServer(options)
      const filter = filterOf(options)
      const seen: DeliverySummary[] = []
      let cursor = options.cursor
      do {
        const limit = Math.min(MOST_A_PAGE, options.limit - seen.length)
        const page = await readPage(server, { ...filter, limit, cursor })
        // A long list is printed as it comes: a machine need not wait for the end, nor this process hold all of it.
        if (options.json) for (const delivery of page.items) printJson(delivery)
        seen.push(...page.items)
        cursor = page.next
      } while (cursor !== undefined && seen.length < options.limit && isRead())
      if (!options.json && seen.length === 0) note('No delivery fits.')
      else if (!options.json) printSummaries(seen)
      if (cursor !== undefined) note(`There are more: add --limit, or go on with --cursor ${cursor}`)
    })
}

const MOST_A_PAGE = 200
const LONGEST_TITLE = 60

type PageQuery = ReturnType<typeof filterOf> & { limit: number; cursor: string | undefined }

function readPage(server: Server, query: PageQuery) {
  return ask(server, { path: 'api/deliveries', query }, pageOf(DeliverySummary))
}

function printSummaries(deliveries: DeliverySummary[]): void {
  printTable(
    ['ID', 'CREATED', 'STATE', 'DESTINATION', 'TITLE', 'CODE'],
    deliveries.map(({ id, createdAt, state, destination, title, code, mark }) => [
      id,
      shownInstant(createdAt),
      state,
      cut(plain(destination.name), 30),
      cut(plain(title), LONGEST_TITLE),
      [code, mark].filter(Boolean).join(' '),
    ]),
  )
}
