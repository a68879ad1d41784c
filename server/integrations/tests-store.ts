import type { TestStep } from '../../shared/connection-tests.ts'
import type { ConnectionTestsTable, Db } from '../db/schema.ts'
import type { Facts } from './changes.ts'

/** One kept run of the connection test. */
export type KeptTest = Omit<ConnectionTestsTable, 'steps' | 'changes' | 'facts'> & {
  steps: TestStep[]
  changes: string[]
  facts: Facts
}

/** Begins a run under the integration's next number. Undefined: another one is running. */
export async function insertTest(
  trx: Db,
  test: { id: string; integrationId: string; startedAt: number; byName: string },
): Promise<number | undefined> {
  const last = await trx
    .selectFrom('connectionTests')
    .select(({ fn }) => fn.max('number').as('number'))
    .where('integrationId', '=', test.integrationId)
    .executeTakeFirst()
  const number = Number(last?.number ?? 0) + 1
  const inserted = await trx
    .insertInto('connectionTests')
    .values({
      ...test,
      number,
      state: 'running',
      endedAt: null,
      steps: '[]',
      changes: '[]',
      facts: '{}',
      awaitsCallSince: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n ? number : undefined
}

export type Ending = Pick<KeptTest, 'state' | 'steps' | 'changes' | 'facts' | 'awaitsCallSince'> & { endedAt: number }

/** Writes how a run ended. False: it was closed meanwhile. */
export async function endTest(db: Db, id: string, ending: Ending): Promise<boolean> {
  const { steps, changes, facts, ...rest } = ending
  const updated = await db
    .updateTable('connectionTests')
    .set({ ...rest, steps: JSON.stringify(steps), changes: JSON.stringify(changes), facts: JSON.stringify(facts) })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

/** Closes runs that began before an instant and never ended. */
export async function cancelTestsFrom(db: Db, before: number, now: number, integrationId?: string): Promise<number> {
  const updated = await db
    .updateTable('connectionTests')
    .set({ state: 'cancelled', endedAt: now })
    .where('state', '=', 'running')
    .where('startedAt', '<', before)
    .$if(integrationId !== undefined, (query) => query.where('integrationId', '=', integrationId ?? ''))
    .executeTakeFirst()
  return Number(updated.numUpdatedRows)
}

export async function findTest(db: Db, integrationId: string, id: string): Promise<KeptTest | undefined> {
  const row = await db
    .selectFrom('connectionTests')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && toKept(row)
}

export async function findRunningTest(db: Db, integrationId: string): Promise<KeptTest | undefined> {
  const row = await db
    .selectFrom('connectionTests')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return row && toKept(row)
}

/** The last run in which nothing failed: what later ones are compared with. */
export async function findLastPassingTest(db: Db, integrationId: string): Promise<KeptTest | undefined> {
  const row = await db
    .selectFrom('connectionTests')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('state', 'in', ['ok', 'warning', 'waiting'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && toKept(row)
}

/** Newest first, one row more than asked when there is a next page. */
export async function listTestRows(
  db: Db,
  integrationId: string,
  page: { cursor?: string | undefined; limit: number },
): Promise<KeptTest[]> {
  const rows = await db
    .selectFrom('connectionTests')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .$if(page.cursor !== undefined, (query) => query.where('id', '<', page.cursor ?? ''))
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
  return rows.map(toKept)
}

/** The newest run of each integration. */
export async function listLastTests(db: Db, integrationIds: string[]): Promise<KeptTest[]> {
  if (integrationIds.length === 0) return []
  const rows = await db
    .selectFrom('connectionTests as test')
    .selectAll('test')
    .where('test.integrationId', 'in', integrationIds)
    .where('test.number', '=', (query) =>
      query
        .selectFrom('connectionTests as other')
        .select(({ fn }) => fn.max('other.number').as('number'))
        .whereRef('other.integrationId', '=', 'test.integrationId'),
    )
    .execute()
  return rows.map(toKept)
}

/** Runs whose last step waits for a signed call. */
export async function listAwaitingTests(db: Db, integrationId: string): Promise<KeptTest[]> {
  const rows = await db
    .selectFrom('connectionTests')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('awaitsCallSince', 'is not', null)
    .orderBy('number', 'desc')
    .limit(MOST_AWAITING)
    .execute()
  return rows.map(toKept)
}

/** Writes what became of a waiting step. False: the wait is over already. */
export async function updateAwaitingTest(
  db: Db,
  id: string,
  change: Pick<KeptTest, 'state' | 'steps' | 'awaitsCallSince'>,
): Promise<boolean> {
  const updated = await db
    .updateTable('connectionTests')
    .set({ ...change, steps: JSON.stringify(change.steps) })
    .where('id', '=', id)
    .where('awaitsCallSince', 'is not', null)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

export async function countTests(db: Db, integrationId: string): Promise<number> {
  const row = await db
    .selectFrom('connectionTests')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('integrationId', '=', integrationId)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** More waiting runs than these are history that nobody watches. */
const MOST_AWAITING = 10

// Written by this file only, from values of these types.
const toKept = (row: ConnectionTestsTable): KeptTest => ({
  ...row,
  number: Number(row.number),
  steps: JSON.parse(row.steps) as TestStep[],
  changes: JSON.parse(row.changes) as string[],
  facts: JSON.parse(row.facts) as Facts,
})
