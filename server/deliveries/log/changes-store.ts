import { sql } from 'kysely'
import { goingAlong, oneOf } from '../../db/engine.ts'
import type { Db, DeliveriesTable } from '../../db/schema.ts'
import { firstIdAt } from '../../lib/ids.ts'
import { type Deliveries, matching, remaining, type Sought, withinWindow } from './filter-store.ts'
import { LISTED, type ListedDelivery } from './walk-store.ts'

/**
 * What is new or changed its state since an instant, in no order. Each of the four looks goes along an index that holds
 * little more than the answer. Not `isAll`: more changed, and the latest of it is given.
 */
export async function listChanged(
  db: Db,
  since: number,
  most: number,
): Promise<{ rows: ListedDelivery[]; isAll: boolean }> {
  const from = (index: string): Deliveries =>
    db.selectFrom(goingAlong<DeliveriesTable, 'deliveries'>(db, 'deliveries', index))
  const looks = [
    from('sqlite_autoindex_deliveries_1').where('id', '>=', firstIdAt('dlv', since)).orderBy('id', 'desc'),
    from('deliveries_ended').where('endedAt', '>=', since).where('endedAt', 'is not', null).orderBy('endedAt', 'desc'),
    from('deliveries_unsettled')
      .where(sql<boolean>`state in ('pending', 'retrying', 'unconfirmed', 'held') and state_at > created_at`)
      .where('stateAt', '>=', since)
      .orderBy('stateAt', 'desc'),
    from('deliveries_one_in_flight').where('state', '=', sql.lit('sending')).where('stateAt', '>=', since),
  ]
  const rows = new Map<string, ListedDelivery>()
  let isAll = true
  for (const look of looks) {
    const found = await look
      .select(LISTED)
      .limit(most + 1)
      .execute()
    isAll &&= found.length <= most
    for (const row of found.slice(0, most)) rows.set(row.id, row)
  }
  return { rows: [...rows.values()], isAll }
}

/** Which of these fit a filter. */
export async function fittingIds(db: Db, sought: Sought, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const query = db
    .selectFrom(goingAlong<DeliveriesTable, 'deliveries'>(db, 'deliveries', 'sqlite_autoindex_deliveries_1'))
    .select('id')
    .where('id', 'in', oneOf(db, ids))
  const rows = await matching(query, [...remaining(db, sought, []), ...withinWindow(sought)]).execute()
  return new Set(rows.map(({ id }) => id))
}
