import type { CompiledQuery } from 'kysely'
import type { CommandInfo, ListInvocations } from '../../shared/commands.ts'
import { engineOf } from '../db/engine.ts'
import type { Db, InteractionsTable, InvocationsTable, RefusedRequestsTable } from '../db/schema.ts'
import { firstIdAt } from '../lib/ids.ts'

export type SavedInvocation = InvocationsTable
export type NewInvocation = Pick<InvocationsTable, (typeof INVOCATION_COLUMNS)[number]>
export type SavedInteraction = InteractionsTable
export type SavedRefusal = RefusedRequestsTable

/** Keeps these uses in one commit. Answers which are new, in their order: one that was kept before is a replay. */
export async function insertInvocations(db: Db, rows: NewInvocation[]): Promise<boolean[]> {
  const parameters = rows.flatMap((row) => INVOCATION_COLUMNS.map((column) => row[column]))
  const inserted = await db.executeQuery<{ id: string }>({ ...insertOf(db, rows), parameters })
  return whichAreNew(rows, inserted.rows)
}

/** Putting the statement together takes as long as running it, and for the same number of rows it is the same one. */
function insertOf(db: Db, rows: NewInvocation[]): CompiledQuery<{ id: string }> {
  const key = `${engineOf(db)} ${rows.length}`
  const insert =
    insertsBySize.get(key) ??
    db
      .insertInto('invocations')
      .values(rows.map(inColumnOrder))
      .onConflict((conflict) => conflict.columns(['integrationId', 'signature']).doNothing())
      .returning('id')
      .compile()
  insertsBySize.set(key, insert)
  return insert
}

const insertsBySize = new Map<string, CompiledQuery<{ id: string }>>()

/** Kysely puts the columns in the order of a row's fields; here that order must not depend on who made the row. */
const inColumnOrder = (row: NewInvocation): NewInvocation =>
  Object.fromEntries(INVOCATION_COLUMNS.map((column) => [column, row[column]])) as NewInvocation

const INVOCATION_COLUMNS = [
  'id',
  'integrationId',
  'command',
  'text',
  'userId',
  'userName',
  'channelId',
  'channelName',
  'teamId',
  'signature',
  'receivedAt',
  'ackMs',
  'outcome',
  'code',
] as const satisfies (keyof InvocationsTable)[]

/** The same for clicks and modals. */
export async function insertInteractions(db: Db, rows: SavedInteraction[]): Promise<boolean[]> {
  const inserted = await db
    .insertInto('interactions')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['integrationId', 'signature']).doNothing())
    .returning('id')
    .execute()
  return whichAreNew(rows, inserted)
}

/** Adds counts of refused requests to those of the same minute. */
export async function addRefusals(db: Db, rows: SavedRefusal[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insertInto('refusedRequests')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['integrationId', 'surface', 'reason', 'minuteAt']).doUpdateSet((row) => ({
        count: row('refusedRequests.count', '+', row.ref('excluded.count')),
        lastAt: row.ref('excluded.lastAt'),
        lastSkewMs: row.ref('excluded.lastSkewMs'),
      })),
    )
    .execute()
}

/** Refused requests of a span of time, by integration, address and reason, the latest first. */
export async function listRefusals(
  db: Db,
  filter: { integrationId?: string | undefined; from: number; to: number },
): Promise<
  { integrationId: string; surface: SavedRefusal['surface']; reason: string; count: number; lastAt: number }[]
> {
  const rows = await db
    .selectFrom('refusedRequests')
    .select((row) => [
      'integrationId',
      'surface',
      'reason',
      row.fn.sum('count').as('count'),
      row.fn.max('lastAt').as('lastAt'),
    ])
    .where('minuteAt', '>=', filter.from)
    .where('minuteAt', '<', filter.to)
    .$if(filter.integrationId !== undefined, (query) => query.where('integrationId', '=', filter.integrationId ?? ''))
    .groupBy(['integrationId', 'surface', 'reason'])
    .execute()
  return rows
    .map((row) => ({ ...row, count: Number(row.count), lastAt: Number(row.lastAt) }))
    .sort((a, b) => b.lastAt - a.lastAt)
}

/** One page of uses, newest first, and one row more when there is a next page. */
export async function listInvocationRows(db: Db, filter: ListInvocations): Promise<SavedInvocation[]> {
  const { cursor, integrationId, command, outcome, from, to } = filter
  return (
    db
      .selectFrom('invocations')
      .selectAll()
      .$if(cursor !== undefined, (query) => query.where('id', '<', cursor ?? ''))
      .$if(integrationId !== undefined, (query) => query.where('integrationId', '=', integrationId ?? ''))
      .$if(command !== undefined, (query) => query.where('command', '=', command ?? ''))
      .$if(outcome !== undefined, (query) => query.where('outcome', '=', outcome ?? 'answered'))
      // By the instant that the charts count it at.
      .$if(from !== undefined, (query) =>
        query
          .where(({ fn }) => fn.coalesce('endedAt', 'receivedAt'), '>=', Date.parse(from ?? ''))
          // Ids are given out after the request came, so this loses none, and ends the walk back through the ids.
          .where('id', '>=', firstIdAt('inv', Date.parse(from ?? '') - LONGEST_ANSWER_MS)),
      )
      .$if(to !== undefined, (query) =>
        query.where(({ fn }) => fn.coalesce('endedAt', 'receivedAt'), '<', Date.parse(to ?? '')),
      )
      .orderBy('id', 'desc')
      .limit(filter.limit + 1)
      .execute()
  )
}

/** An answer that has not come by then is given up. */
const LONGEST_ANSWER_MS = 60 * 60_000

/** How often each command was used since, by how many people, and when last. */
export async function countUses(
  db: Db,
  since: number,
): Promise<{ command: CommandInfo['command']; total: number; failed: number; people: number; lastUsedAt: number }[]> {
  const rows = await db
    .selectFrom('invocations')
    .select((row) => [
      'command',
      row.fn.countAll().as('total'),
      row.fn.countAll().filterWhere('outcome', '=', 'failed').as('failed'),
      row.fn.count('userId').distinct().as('people'),
      row.fn.max('receivedAt').as('lastUsedAt'),
    ])
    .where('receivedAt', '>=', since)
    .groupBy('command')
    .execute()
  return rows.map((row) => ({
    command: row.command,
    total: Number(row.total),
    failed: Number(row.failed),
    people: Number(row.people),
    lastUsedAt: Number(row.lastUsedAt),
  }))
}

function whichAreNew(rows: { id: string }[], inserted: { id: string }[]): boolean[] {
  if (inserted.length === rows.length) return rows.map(() => true)
  const ids = new Set(inserted.map(({ id }) => id))
  return rows.map(({ id }) => ids.has(id))
}
