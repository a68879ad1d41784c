import { setImmediate } from 'node:timers/promises'
import { ReplayOptions, ReplayWhich } from '../../shared/replays.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { findPlace, type Place } from '../deliveries/replay-delivery.ts'
import { type Candidate, listCandidates, type Wanted } from '../deliveries/replayable-store.ts'
import { Refusal } from '../errors.ts'
import type { SavedReplay } from './store.ts'

/** Deliveries that one replay may look at: more is not something to decide with one click. */
export const MOST_WANTED = 100_000
const PAGE = 500
/** Parts of the log that a preview searches. */
const MOST_PARTS = 500

/** A candidate and where it would go; no place: it is left out. */
export type Sorted = { delivery: Candidate['delivery']; place: Place | undefined }

/** Looks up each destination once. */
export function sorting(db: Db): (candidate: Candidate) => Promise<Sorted> {
  const places = new Map<string, Place | undefined>()
  return async ({ delivery, isLeftOut }) => {
    const { destinationId } = delivery
    if (isLeftOut) return { delivery, place: undefined }
    if (!places.has(destinationId)) places.set(destinationId, await findPlace(db, destinationId))
    return { delivery, place: places.get(destinationId) }
  }
}

/** All that a replay would look at, oldest first. Other work of the process comes in between. */
export async function* eachWanted(ctx: AppContext, wanted: Wanted): AsyncGenerator<Sorted> {
  const sort = sorting(ctx.db)
  let after: string | undefined
  let count = 0
  for (let part = 0; part < MOST_PARTS; part += 1) {
    const { candidates, next } = await listCandidates(ctx.db, wanted, { after, limit: PAGE })
    count += candidates.length
    if (count > MOST_WANTED) break
    for (const candidate of candidates) yield await sort(candidate)
    if (next === undefined) return
    after = next
    await setImmediate()
  }
  throw new Refusal(
    'invalid',
    `which: That is more than ${MOST_WANTED.toLocaleString('en')} deliveries, or too wide a search.`,
    {
      field: 'which',
      fix: 'Narrow the filter, for example to a span of time.',
    },
  )
}

/** What a stored replay is about. */
export function wantedOf({ filter, options, createdAt }: SavedReplay): Wanted {
  const { skipSuperseded } = optionsOf(options)
  return { which: ReplayWhich.parse(JSON.parse(filter)), asOf: Number(createdAt), skipSuperseded }
}

export const optionsOf = (stored: string): ReplayOptions => ReplayOptions.parse(JSON.parse(stored))

/** As it came in, so that reading it back goes through the same schema. */
export function whichToStore(which: ReplayWhich): string {
  if ('ids' in which) return JSON.stringify(which)
  const { state, ...filter } = which.filter
  return JSON.stringify({ filter: { ...filter, ...(state && { state: state.join(',') }) } })
}
