import type { Db, RoutingRulesTable } from '../db/schema.ts'
import { found } from '../lib/paging.ts'

export type SavedRule = RoutingRulesTable

/** All rules in the order in which they are tried. */
export async function listAllRules(db: Db): Promise<SavedRule[]> {
  return db.selectFrom('routingRules').selectAll().orderBy('position').execute()
}

/** One page in that order, from a place of the list on, and one rule more when there is a next page. */
export async function listRules(db: Db, page: { from: number; limit: number }): Promise<SavedRule[]> {
  return db
    .selectFrom('routingRules')
    .selectAll()
    .where('position', '>=', page.from)
    .orderBy('position')
    .limit(page.limit + 1)
    .execute()
}

/** Refuses when there is none. */
export async function getRule(db: Db, id: string): Promise<SavedRule> {
  const row = await db.selectFrom('routingRules').selectAll().where('id', '=', id).executeTakeFirst()
  return found(row, 'routing rule', id)
}

export async function findRuleByName(db: Db, name: string): Promise<SavedRule | undefined> {
  return db.selectFrom('routingRules').selectAll().where('name', '=', name).executeTakeFirst()
}

export async function countRules(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('routingRules')
    .select((row) => row.fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function insertRule(db: Db, row: SavedRule): Promise<void> {
  await db.insertInto('routingRules').values(row).execute()
}

export async function updateRule(db: Db, { id, ...columns }: SavedRule): Promise<void> {
  await db.updateTable('routingRules').set(columns).where('id', '=', id).execute()
}

export async function deleteRuleRow(db: Db, id: string): Promise<void> {
  await db.deleteFrom('routingRules').where('id', '=', id).execute()
}

/** Moves the rules from one place up to another by so many places, to make room or to close a gap. */
export async function shiftRules(db: Db, between: { from: number; to: number }, by: 1 | -1): Promise<void> {
  await db
    .updateTable('routingRules')
    .set((row) => ({ position: row('position', '+', by) }))
    .where('position', '>=', between.from)
    .where('position', '<', between.to)
    .execute()
}
