import type { Command } from 'commander'
import type { z } from 'zod'
import { Delivery, type ReplayOne } from '../../shared/deliveries.ts'
import { type NewReplay, Replay, ReplayPreview, type ReplayRequest } from '../../shared/replays.ts'
import { filterOf, withFilters } from './delivery-filter.ts'
import { wholeNumber, withServer } from './options.ts'
import { note, plain, print, printJson, shownInstant } from './print.ts'
import { EXIT, Problem, wrongUsage } from './problem.ts'
import { confirm } from './read-secret.ts'
import { ask, findServer, NoAnswer, type Server } from './server-client.ts'

type Options = Parameters<typeof findServer>[0] &
  Parameters<typeof filterOf>[0] & {
    yes?: boolean
    perMinute?: number
    markDelayed?: boolean
    skipSuperseded: boolean
  }

export function deliveriesRetry(deliveries: Command): void {
  const command = deliveries
    .command('retry')
    .description('Send again what did not arrive: by id, or all that the filters find, after a preview')
    .argument('[id...]', 'one or several; without any the filters choose, of what failed unless --state says otherwise')
  withServer(withFilters(command))
    .option('--yes', 'go on without asking')
    .option('--per-minute <number>', 'how many a minute', wholeNumber(1, 6_000))
    .option('--mark-delayed', 'say in each message when it was first meant to arrive: what several do by themselves')
    .option('--no-mark-delayed', 'do not say so: what a single one does by itself')
    .option('--no-skip-superseded', 'also those that a later message made out of date, and those sent again already')
    .action(async (ids: string[], options: Options) => {
      const filter = filterOf(options)
      const isFiltered = Object.keys(filter).length > 0
      if (ids.length > 0 && isFiltered) throw wrongUsage('Ids and filters are given; either of them chooses.')
      if (ids.length === 0 && !isFiltered) {
        throw wrongUsage('Nothing says what to send again.', 'Name ids, or filters such as --state failed --from 2h.')
      }
      const server = await findServer(options)
      const [only] = ids
      if (only !== undefined && ids.length === 1) return retryOne(server, only, options)
      const which = ids.length > 0 ? { ids } : { filter: { state: 'failed', ...filter } }
      return retryMany(server, which, options)
    })
}

async function retryOne(server: Server, id: string, { json, markDelayed }: Options): Promise<void> {
  const path = `api/deliveries/${encodeURIComponent(id)}/replay`
  const body: z.input<typeof ReplayOne> = markDelayed === undefined ? {} : { markDelayed }
  const made = await ask(server, { method: 'POST', path, body }, Delivery).catch(maySendTwice)
  if (json) printJson(made)
  else print(`${made.id} sends it again to ${plain(made.destination.name)}: ${made.state}`)
}

type Which = z.input<typeof ReplayRequest>['which']

async function retryMany(server: Server, which: Which, options: Options): Promise<void> {
  const { perMinute, markDelayed, skipSuperseded, json, yes } = options
  const wanted: z.input<typeof ReplayRequest> = {
    which,
    options: {
      skipSuperseded,
      ...(markDelayed !== undefined && { markDelayed }),
      ...(perMinute !== undefined && { perMinute }),
    },
  }
  const preview = await ask(server, { method: 'POST', path: 'api/replays/preview', body: wanted }, ReplayPreview)
  tellPreview(preview)
  if (preview.count === 0) throw new Problem(EXIT.failed, 'Nothing is left to send again.')
  if (!yes && !(await confirm(`Send ${preview.count} again?`, '--yes'))) {
    throw new Problem(EXIT.failed, 'Nothing was sent again.')
  }
  const body: z.input<typeof NewReplay> = { ...wanted, expected: preview.count }
  const replay = await ask(server, { method: 'POST', path: 'api/replays', body }, Replay).catch(maySendTwice)
  if (json) printJson(replay)
  else {
    const end = replay.estimatedEndAt ? `, until about ${shownInstant(replay.estimatedEndAt)}` : ''
    print(`Replay ${replay.id} sends ${replay.total} again${end}`)
    print(`Follow it: switchboard deliveries list --replay ${replay.id}`)
  }
}

/** Whoever runs it again after a lost answer may send everything a second time. */
function maySendTwice(error: unknown): never {
  if (!(error instanceof NoAnswer) || !error.mayHaveArrived) throw error
  throw new Problem(
    error.exitCode,
    error.message,
    'Look before you run it again, or it may be sent twice: switchboard deliveries list --from 10m tells what was made.',
  )
}

/** On standard error: it is read before the question, not by what comes after the pipe. */
function tellPreview({
  count,
  skipped,
  byDestination,
  oldestAt,
  newestAt,
  sample,
  estimatedEndAt,
}: ReplayPreview): void {
  note(`${count} would be sent again, ${skipped} skipped.`)
  for (const { name, count: number } of byDestination) note(`  ${number} to ${plain(name)}`)
  if (oldestAt && newestAt) note(`  first accepted from ${shownInstant(oldestAt)} to ${shownInstant(newestAt)}`)
  if (sample) note(`  for example: ${plain(sample.text).slice(0, 200)}`)
  if (count > 0) note(`  done at about ${shownInstant(estimatedEndAt)}`)
}
