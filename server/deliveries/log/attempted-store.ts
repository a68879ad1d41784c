import type { DeliveryState } from '../../../shared/deliveries.ts'
import { oneOf } from '../../db/engine.ts'
import type { Db } from '../../db/schema.ts'
import { matching, remaining, type Sought } from './filter-store.ts'
import { LISTED, type ListedDelivery, type StateCount } from './walk-store.ts'

/** Requests to Slack that one page looks at. */
const MOST_ATTEMPTS = 5_000

/**
 * Deliveries that had such a request in the window, newest first within each stretch of requests: where there are more
 * requests than one page may look at, the latest of them come first. A delivery stands in the stretch of its latest.
 */
export async function pageOfAttempted(
  db: Db,
  sought: Sought,
  { endsAt, after, limit }: { endsAt: number | undefined; after: string | undefined; limit: number },
): Promise<{ rows: ListedDelivery[]; stretch: Stretch }> {
  const stretch = await stretchOf(db, sought, endsAt)
  const rows = await within(db, sought, stretch, await listAttempted(db, sought, stretch))
    .select(LISTED)
    .$if(after !== undefined, (query) => query.where('id', '<', after ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return { rows, stretch }
}

/** How many of the first stretch fit, by state. */
export async function countAttempted(db: Db, sought: Sought): Promise<StateCount[]> {
  const stretch = await stretchOf(db, sought, undefined)
  const rows = await within(db, sought, stretch, await listAttempted(db, sought, stretch))
    .select((row) => ['state', row.fn.countAll().as('count'), row.fn.min('createdAt').as('oldestAt')])
    .groupBy('state')
    .execute()
  return rows.map(({ state, count, oldestAt }) => ({
    state: state as DeliveryState,
    count: Number(count),
    oldestAt: Number(oldestAt),
    ...(stretch.goesOn && { atLeast: true as const }),
  }))
}

/** Requests that ended from one instant up to another; `goesOn`: earlier ones follow. */
export type Stretch = { from: number; before: number; goesOn: boolean }

async function stretchOf(db: Db, { filter }: Sought, endsAt: number | undefined): Promise<Stretch> {
  const from = filter.from ? Date.parse(filter.from) : 0
  const before = endsAt ?? (filter.to ? Date.parse(filter.to) : Number.MAX_SAFE_INTEGER)
  const last = await db
    .selectFrom('attempts')
    .select('endedAt')
    .where('endedAt', '>=', from)
    .where('endedAt', '<', before)
    .orderBy('endedAt', 'desc')
    .offset(MOST_ATTEMPTS - 1)
    .limit(1)
    .executeTakeFirst()
  return { from: last ? Number(last.endedAt) : from, before, goesOn: last !== undefined && Number(last.endedAt) > from }
}

/**
 * The deliveries of a stretch, looked up by their ids afterwards: joined, PostgreSQL went through everything younger than
 * the window for one page.
 */
async function listAttempted(db: Db, { filter }: Sought, { from, before }: Stretch): Promise<string[]> {
  const { method, code } = filter
  const rows = await db
    .selectFrom('attempts')
    .select('deliveryId')
    .distinct()
    .where('endedAt', '>=', from)
    .where('endedAt', '<', before)
    .$if(Boolean(method), (narrowed) => narrowed.where('method', '=', method ?? ''))
    .$if(Boolean(code), (narrowed) => narrowed.where('code', '=', code ?? ''))
    .execute()
  return rows.map(({ deliveryId }) => deliveryId)
}

function within(db: Db, sought: Sought, { before }: Stretch, ids: readonly string[]) {
  const { to, code, method } = sought.filter
  const windowEnd = to ? Date.parse(to) : Number.MAX_SAFE_INTEGER
  const rest = remaining(db, { ...sought, filter: { ...sought.filter, by: 'created', method: undefined } }, [])
  const query = db
    .selectFrom('deliveries')
    .where('id', 'in', oneOf(db, ids))
    .$if(before < windowEnd, (narrowed) =>
      narrowed.where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('attempts as later')
              .select('later.id')
              .whereRef('later.deliveryId', '=', 'deliveries.id')
              .where('later.endedAt', '>=', before)
              .where('later.endedAt', '<', windowEnd)
              .$if(Boolean(method), (narrower) => narrower.where('later.method', '=', method ?? ''))
              .$if(Boolean(code), (narrower) => narrower.where('later.code', '=', code ?? '')),
          ),
        ),
      ),
    )
  return matching(query, rest)
}
