import { sql } from 'kysely'
import type { DeliveryFilter, DeliveryState } from '../../shared/deliveries.ts'
import { oneOf } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import { listReplayableContinuations } from './continuations-store.ts'
import { keepLanes } from './lanes/lanes-store.ts'
import { fittingIds } from './log/changes-store.ts'
import { type Condition, type Sought, soughtBy } from './log/filter-store.ts'
import { LISTED, type ListedDelivery, walk } from './log/walk-store.ts'
import { cancellableStates, replayableStates } from './states.ts'
import { cancelling } from './waiting-store.ts'

/** What a replay is about: deliveries by their ids or by a filter, as they stood at one instant. */
export type Wanted = {
  which: { ids: string[] } | { filter: DeliveryFilter }
  asOf: number
  skipSuperseded: boolean
}
/** `isLeftOut`: it is among those asked for, but must not be sent again. */
export type Candidate = { delivery: ListedDelivery; isLeftOut: boolean }

/** The next ones, oldest first. `next`: from where to go on; it is missing once there is nothing more. */
export async function listCandidates(
  db: Db,
  wanted: Wanted,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<{ candidates: Candidate[]; next?: string }> {
  const sought = candidatesOf(wanted)
  // Whoever names the first part of a long message means all of it.
  const named =
    'ids' in wanted.which
      ? [...wanted.which.ids, ...(await listReplayableContinuations(db, wanted.which.ids))]
      : undefined
  const { rows, next } =
    named !== undefined
      ? await listOfIds(db, named, { after, limit })
      : await listOfFilter(db, sought, { after, limit })
  const ids = rows.map(({ id }) => id)
  const fitting = await fittingIds(db, sought, ids)
  // A replay that failed too stands for the same message as the one before it, which is sent.
  const asked = named && new Set(named)
  const befores = rows.flatMap(({ replayOf }) =>
    replayOf !== null && asked?.has(replayOf) !== false ? [replayOf] : [],
  )
  const before = befores.length > 0 ? await fittingIds(db, sought, befores) : new Set<string | null>()
  const superseded = wanted.skipSuperseded ? await supersededOf(db, ids) : new Set<string>()
  const candidates = rows.map((delivery) => ({
    delivery,
    isLeftOut: !fitting.has(delivery.id) || before.has(delivery.replayOf ?? '') || superseded.has(delivery.id),
  }))
  return { candidates, ...(next !== undefined && { next }) }
}

/** How the deliveries of replays stand. */
export async function countReplayed(
  db: Db,
  replayIds: readonly string[],
): Promise<{ replayId: string; state: DeliveryState; count: number }[]> {
  if (replayIds.length === 0) return []
  const rows = await db
    .selectFrom('deliveries')
    .select((row) => ['replayId', 'state', row.fn.countAll().as('count')])
    .where('replayId', 'in', replayIds)
    .groupBy(['replayId', 'state'])
    .execute()
  return rows.map(({ replayId, state, count }) => ({ replayId: replayId ?? '', state, count: Number(count) }))
}

/**
 * Takes back some of what a replay has put in line and nobody sends, the last first, so that what goes out meanwhile keeps
 * its order. `cursor` is where the next look begins; null: it was all.
 */
export async function cancelReplayed(
  trx: Db,
  replayId: string,
  { before, now, limit }: { before: string | null; now: number; limit: number },
): Promise<{ cursor: string | null; moved: number }> {
  const made = await trx
    .selectFrom('deliveries')
    .select(['id', 'destinationId'])
    .where('replayId', '=', replayId)
    .$if(before !== null, (query) => query.where('id', '<', before ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  // Before the rows, as everybody does.
  await keepLanes(trx, [...new Set(made.map(({ destinationId }) => destinationId))])
  const updated = await trx
    .updateTable('deliveries')
    .set(cancelling('cancelled_by_request', now))
    .where(
      'id',
      'in',
      oneOf(
        trx,
        made.map(({ id }) => id),
      ),
    )
    .where('state', 'in', cancellableStates)
    .where('claimedBy', 'is', null)
    .executeTakeFirst()
  const last = made.at(-1)
  return { cursor: last && made.length === limit ? last.id : null, moved: Number(updated.numUpdatedRows) }
}

/** Only what had come to its end by then: nothing that nobody has seen in the preview is sent. */
function candidatesOf({ which, asOf }: Wanted): Sought {
  const filter: DeliveryFilter = 'ids' in which ? { by: 'created' } : which.filter
  const states = filter.state?.filter((state) => replayableStates.some((each) => each === state)) ?? [...BY_DEFAULT]
  const sought = soughtBy({ ...filter, state: 'ids' in which ? [...replayableStates] : states })
  const ended: Condition = ({ or, eb }) => or([eb('stateAt', 'is', null), eb('stateAt', '<=', asOf)])
  // What a summary would have said is among the rest, each for itself.
  const own: Condition[] = 'ids' in which ? [] : [(row) => row('origin', '!=', 'summary')]
  return { ...sought, also: [(row) => row('rank', 'is', null), ended, ...own] }
}

/** What was suppressed as a repeat is sent only when it is asked for by name. */
const BY_DEFAULT = ['failed', 'unconfirmed', 'cancelled'] as const

type Part = { after: string | undefined; limit: number }
type Rows = { rows: ListedDelivery[]; next: string | undefined }

async function listOfIds(db: Db, ids: string[], { after, limit }: Part): Promise<Rows> {
  const left = [...new Set(ids)].sort().filter((id) => after === undefined || id > after)
  const part = left.slice(0, limit)
  const rows = await db
    .selectFrom('deliveries')
    .select(LISTED)
    .where('id', 'in', oneOf(db, part))
    .orderBy('id')
    .execute()
  return { rows, next: left.length > limit ? part.at(-1) : undefined }
}

async function listOfFilter(db: Db, sought: Sought, { after, limit }: Part): Promise<Rows> {
  if (sought.states?.length === 0) return { rows: [], next: undefined }
  const from = after === undefined ? undefined : { id: after, endedAt: 0 }
  const { rows, reached } = await walk(db, sought, { order: 'id', direction: 'oldest', after: from, limit })
  return { rows, next: rows.length === limit ? rows.at(-1)?.id : reached?.id }
}

/**
 * A later one of the same key was delivered, or a change said it in its stead, or somebody has sent the message again
 * already and that is not in vain: a replay of a replay says the same, and so does another replay of what this one
 * replays.
 */
async function supersededOf(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const later = (key: 'update_key' | 'dedupe_key') => sql<boolean>`exists (
    select 1 from deliveries as later
    where later.destination_id = deliveries.destination_id and later.${sql.ref(key)} = deliveries.${sql.ref(key)}
      and later.id > deliveries.id and later.state = 'delivered')`
  const isSaidByChange = sql<boolean>`deliveries.state = 'failed' and deliveries.message_ts is not null`
  const rows = await db
    .selectFrom('deliveries')
    .select('id')
    .where('id', 'in', oneOf(db, ids))
    .where(({ or }) => or([later('update_key'), later('dedupe_key'), isSaidByChange]))
    .execute()
  return new Set([...rows.map(({ id }) => id), ...(await sentAgainOf(db, ids))])
}

/**
 * Those of which a replay, or a replay of that, has arrived or is on its way; and those that are replays themselves, of
 * something that another replay has brought to the same destination.
 */
async function sentAgainOf(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive before (id, at) as (
      select id, id from deliveries where id in ${oneOf(db, ids)}
      union
      select before.id, deliveries.replay_of from before
      join deliveries on deliveries.id = before.at where deliveries.replay_of is not null
    ),
    family (id, at, is_below) as (
      select id, at, case when at = id then 1 else 0 end from before
      union
      select family.id, deliveries.id, family.is_below from family join deliveries on deliveries.replay_of = family.at
    )
    select distinct family.id from family
    join deliveries on deliveries.id = family.at
    join deliveries as own on own.id = family.id
    where deliveries.state not in ('cancelled', 'failed')
      and (family.is_below = 1 or deliveries.destination_id = own.destination_id)
      and not exists (select 1 from before where before.id = family.id and before.at = family.at)`.execute(db)
  return rows.map(({ id }) => id)
}
