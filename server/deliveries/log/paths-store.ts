import { sql } from 'kysely'
import type { DeliveryState } from '../../../shared/deliveries.ts'
import type { Condition, ExactColumn, Sought } from './filter-store.ts'

/** `id`: the order in which they were made. */
export type Order = 'id' | 'end'

/** An index, the conditions that make it the one to go along, and the columns that it answers for. */
export type Path = { index: string; columns: string[]; conditions: Condition[] }

/** States that few deliveries are in at a time, and that an index of 0010 or 0012 finds whatever their age. */
const inTrouble = ['retrying', 'unconfirmed', 'held', 'failed', 'suppressed', 'cancelled'] as const
export const statesWithIndex: readonly DeliveryState[] = ['sending', ...inTrouble]

/** One integration has a large share of all rows, and what carries a mark is found beside its state: walked by id. */
const withoutIndex = ['mark', 'integrationId'] as const satisfies ExactColumn[]
type Indexed = Exclude<ExactColumn, (typeof withoutIndex)[number]>

const INDEXES: Record<Indexed, string> = {
  id: 'sqlite_autoindex_deliveries_1',
  eventId: 'deliveries_by_event_id',
  replayId: 'deliveries_by_replay_id',
  recipient: 'deliveries_by_recipient',
  destinationId: 'deliveries_by_destination',
  code: 'deliveries_by_code',
  type: 'deliveries_by_type',
}
/** Narrower than a state; the others leave more rows than that. */
const NARROW: readonly string[] = ['id', 'eventId', 'replayId', 'recipient', 'destinationId']

/** One path, or one for each of the states: those of one index stand in it one after the other. */
export function pathsOf({ exact, states }: Sought, order: Order): Path[] {
  if (order === 'end') return [{ index: 'deliveries_ended', columns: [], conditions: [] }]
  const first = exact[0]
  if (first && NARROW.includes(first.column)) return [exactPath(first)]
  if (states?.every((state) => statesWithIndex.includes(state))) return states.map(statePath)
  return first && isIndexed(first.column) ? [exactPath(first)] : [{ index: INDEXES.id, columns: [], conditions: [] }]
}

const isIndexed = (column: ExactColumn): column is Indexed => !withoutIndex.some((each) => each === column)

function exactPath({ column, value }: Sought['exact'][number]): Path {
  const index = isIndexed(column) ? INDEXES[column] : INDEXES.id
  return { index, columns: [column], conditions: [(row) => row(column, '=', value)] }
}

/** Written as literals, and as in the index: else an engine can't tell that the index holds all of them. */
function statePath(state: DeliveryState): Path {
  const isIt: Condition = (row) => row('state', '=', sql.lit(state))
  if (state === 'sending') return { index: 'deliveries_one_in_flight', columns: ['state'], conditions: [isIt] }
  const isAny: Condition = (row) =>
    row(
      'state',
      'in',
      inTrouble.map((each) => sql.lit(each)),
    )
  return { index: 'deliveries_in_trouble', columns: ['state'], conditions: [isAny, isIt] }
}
