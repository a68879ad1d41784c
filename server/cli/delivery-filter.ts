import { type Command, InvalidArgumentError, Option } from 'commander'
import type { z } from 'zod'
import { DeliveryFilter, deliveryStates } from '../../shared/deliveries.ts'
import '../../shared/schema-words.ts'
import { instant } from './options.ts'
import { wrongUsage } from './problem.ts'

/** A filter as it stands in a query; the server reads it with DeliveryFilter. */
export type FilterQuery = z.input<typeof DeliveryFilter>

type FilterOptions = {
  state?: string
  integration?: string
  destination?: string
  code?: string
  method?: string
  from?: string
  to?: string
  by?: FilterQuery['by']
  search?: string
  type?: string
  recipient?: string
  event?: string
  replay?: string
  mark?: FilterQuery['mark']
}

/** Every filter of the API as an option. */
export function withFilters(command: Command): Command {
  return command
    .option('--state <states>', `one or several, with commas: ${deliveryStates.join(', ')}`, knownStates)
    .option('--integration <id>', 'of this integration')
    .option('--destination <id>', 'to this destination')
    .option('--code <code>', 'with this code of Slack or Switchboard')
    .option('--method <method>', 'sent by this method, for example chat.postMessage or webhook')
    .option('--from <instant>', 'at or after; an instant, or 2h, 7d ago', instant('ago'))
    .option('--to <instant>', 'before; likewise', instant('ago'))
    .addOption(
      new Option('--by <instant>', 'which instant --from and --to speak of').choices(['created', 'ended', 'attempted']),
    )
    .option('--search <words>', 'in title, destination or id')
    .option('--type <type>', 'of events of this type')
    .option('--recipient <recipient>', 'of events for this recipient')
    .option('--event <id>', 'of this event')
    .option('--replay <id>', 'made by this replay')
    .addOption(new Option('--mark <mark>', 'sent in doubt').choices(['may_be_duplicate', 'maybe_sent']))
}

/** The options as the API's filter; only what was given. */
export function filterOf(options: FilterOptions): FilterQuery {
  const { state, integration, destination, code, method, from, to, by, search, type, recipient, event, replay, mark } =
    options
  const given = {
    ...{ state, code, method, from, to, by, search, type, recipient, mark },
    ...{ integrationId: integration, destinationId: destination, eventId: event, replayId: replay },
  }
  const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as FilterQuery
  const read = DeliveryFilter.safeParse(filter)
  const [wrong] = read.error?.issues ?? []
  if (wrong) throw wrongUsage(`The filter ${wrong.path.join('.')} can't be used: ${wrong.message}`)
  return filter
}

function knownStates(given: string): string {
  const states = given.split(',').map((state) => state.trim())
  const unknown = states.find((state) => !deliveryStates.some((known) => known === state))
  if (unknown === undefined) return states.join(',')
  throw new InvalidArgumentError(`There is no state "${unknown}". The states are ${deliveryStates.join(', ')}.`)
}
