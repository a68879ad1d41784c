import { setTimeout } from 'node:timers/promises'
import {
  type AliasedRawBuilder,
  type Kysely,
  PostgresAdapter,
  type RawBuilder,
  type SelectQueryBuilder,
  sql,
} from 'kysely'

/** All that differs between the engines stands in this file. */
export type Engine = 'sqlite' | 'postgres'

// biome-ignore lint/suspicious/noExplicitAny: a database of any schema will do, only its adapter is looked at
type AnyDb = Kysely<any>

export function engineOf(db: AnyDb): Engine {
  return db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite'
}

/** Makes a claim pass over rows another worker is claiming; SQLite has one writer, so there is nothing to pass over. */
export function skippingLocked(db: AnyDb) {
  const locks = engineOf(db) === 'postgres'
  return <Schema, Table extends keyof Schema, Row>(query: SelectQueryBuilder<Schema, Table, Row>) =>
    locks ? query.forUpdate().skipLocked() : query
}

/** Holds everyone else off until the transaction ends. SQLite's single writer does so by itself. */
export async function lockForTransaction(trx: AnyDb, name: string): Promise<void> {
  if (engineOf(trx) === 'postgres') await sql`select pg_advisory_xact_lock(hashtext(${name}))`.execute(trx)
}

/**
 * Waits until every transaction that has read this table is over, while new ones wait to read it. Costs readers nothing.
 * In a transaction of its own: with anything else locked, those that wait here and there would wait in a circle. False:
 * somebody reads for long, a dump of the database for one, and nobody else may stand still for that; ask again later.
 * SQLite has one writer, and none beside it has read anything.
 */
export async function awaitReaders(db: AnyDb, table: string): Promise<boolean> {
  if (engineOf(db) !== 'postgres') return true
  for (let tries = 0; tries < READERS_AWAITED; tries += 1) {
    if (tries > 0) await setTimeout(BETWEEN_TRIES_MS)
    if (await lockedOnce(db, table)) return true
  }
  return false
}

async function lockedOnce(db: AnyDb, table: string): Promise<boolean> {
  try {
    await db.transaction().execute(async (trx) => {
      await sql`set local lock_timeout = ${sql.lit(LOCK_MS)}`.execute(trx)
      await sql`lock table ${sql.table(table)} in access exclusive mode`.execute(trx)
    })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE) return false
    throw error
  }
}

const READERS_AWAITED = 2
/** Those who came meanwhile have their turn. */
const BETWEEN_TRIES_MS = 100
/** Whoever takes something in stands still for so long at most; what it does itself takes some hundredths of that. */
const LOCK_MS = 1_000
const LOCK_NOT_AVAILABLE = '55P03'

/** Where a text stands in another, upper and lower case alike: an expression for `where`. */
export function containsText(db: AnyDb, column: string, text: string) {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return engineOf(db) === 'postgres'
    ? sql<boolean>`${sql.ref(column)} ilike ${pattern} escape '\\'`
    : sql<boolean>`${sql.ref(column)} like ${pattern} escape '\\'`
}

/**
 * Rows as one JSON parameter, to select from: a statement about many rows then is one text that stays compiled, however
 * many they are. Columns are named as in the row types.
 */
export function rowsOf<Row extends Record<string, string | number | null>>(
  db: AnyDb,
  columns: { readonly [Name in keyof Row]: 'text' | 'bigint' | 'integer' | 'double precision' },
  rows: readonly Row[],
): RawBuilder<Row> {
  const names = Object.keys(columns)
  const json = JSON.stringify(rows.map((row) => names.map((name) => row[name] ?? null)))
  if (engineOf(db) === 'sqlite') {
    const picked = names.map((name, place) => sql`value ->> ${sql.lit(`$[${place}]`)} as ${sql.ref(name)}`)
    return sql<Row>`(select ${sql.join(picked)} from json_each(${json}))`
  }
  const picked = names.map(
    (name, place) =>
      sql`(value ->> ${sql.lit(place)})::${sql.raw((columns as Record<string, string>)[name] ?? 'text')} as ${sql.ref(name)}`,
  )
  // As json, each row would be parsed again for each of its columns.
  return sql<Row>`(select ${sql.join(picked)} from jsonb_array_elements(${json}::jsonb) as value)`
}

/** The right side of `in`, as one parameter however many they are: the statement's text stays the same, and compiled. */
export function oneOf(db: AnyDb, values: readonly string[]): RawBuilder<string> {
  const json = JSON.stringify(values)
  return engineOf(db) === 'postgres'
    ? sql<string>`(select value from json_array_elements_text(${json}::json) as value)`
    : sql<string>`(select value from json_each(${json}))`
}

/**
 * A table and the index to go along. PostgreSQL finds it by its statistics; SQLite, which keeps none, would now and then
 * take another and read half the table.
 */
export function goingAlong<Row, Table extends string>(
  db: AnyDb,
  table: Table,
  index: string,
): AliasedRawBuilder<Row, Table> {
  const name = sql.table(table)
  const alias = engineOf(db) === 'sqlite' ? sql`${name} indexed by ${sql.id(index)}` : name
  return sql<Row>`${name}`.as<Table>(alias)
}

/**
 * Joins, under the name `alias`, the one row of `table` that `pick` finds for each row before it; `pick` goes on after
 * `select first.* from table as first`, and is limited to one. PostgreSQL, asked for a row by what another query gave,
 * would read the whole table; SQLite knows no other way to ask.
 */
export function joinFirst(db: AnyDb, table: string, alias: string, pick: RawBuilder<unknown>): RawBuilder<unknown> {
  const from = sql`from ${sql.table(table)} as first ${pick} limit 1`
  return engineOf(db) === 'postgres'
    ? sql`cross join lateral (select first.* ${from}) as ${sql.table(alias)}`
    : sql`join ${sql.table(table)} as ${sql.table(alias)} on ${sql.table(alias)}.id = (select first.id ${from})`
}

/** Keeps rows from being changed by others until the transaction ends, in an order that can't deadlock. */
export function locking(db: AnyDb) {
  const locks = engineOf(db) === 'postgres'
  return <Schema, Table extends keyof Schema, Row>(query: SelectQueryBuilder<Schema, Table, Row>) =>
    locks ? query.forUpdate() : query
}

/**
 * Behind `insert` or `update` of many rows, in a transaction that no failure is caught in: SQLite then keeps no copy of
 * each page that the statement changes, by which to undo that one statement and nothing else. A fifth of an insert.
 */
export const orRollBack = (db: AnyDb) => sql.raw(engineOf(db) === 'postgres' ? '' : 'or rollback')

/**
 * In an update of `table` from rows named `new`, behind these: locks what is to be changed in the order of its key, which
 * the update itself would do in any. SQLite has one writer.
 */
export function lockingInOrder(db: AnyDb, table: string, key: string, rows: RawBuilder<unknown>): RawBuilder<unknown> {
  if (engineOf(db) === 'sqlite') return sql``
  const column = sql.ref(`${table}.${key}`)
  return sql`join (
    select ${column} from ${sql.table(table)} where ${column} in (select ${sql.ref(key)} from ${rows} as wanted)
    order by ${column} for update) as held on ${sql.ref(`held.${key}`)} = ${sql.ref(`new.${key}`)}`
}

/** The smaller of two values of a row. */
export const lesser = (db: AnyDb) => sql.raw(engineOf(db) === 'postgres' ? 'least' : 'min')

/** The larger of them. */
export const larger = (db: AnyDb) => sql.raw(engineOf(db) === 'postgres' ? 'greatest' : 'max')

/** Tells every process on this database, when the transaction commits, that a loop has work. SQLite has one process. */
export async function notifyLoop(trx: AnyDb, loop: string): Promise<void> {
  if (engineOf(trx) === 'postgres') await sql`select pg_notify(${LOOP_CHANNEL}, ${loop})`.execute(trx)
}

/** What `notifyLoop` tells and listen.ts listens to. */
export const LOOP_CHANNEL = 'switchboard_loops'

/** The database's own clock, epoch milliseconds: replicas whose clocks differ agree on it. SQLite has none of its own. */
export async function databaseNow(db: AnyDb): Promise<number> {
  const { rows } = await sql<{ now: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(db)
  return Number(rows[0]?.now)
}

/** Column types that better-auth wants by engine. */
export function authColumns(db: AnyDb): { flag: 'boolean' | 'integer'; instant: 'timestamptz' | 'text' } {
  return engineOf(db) === 'postgres'
    ? { flag: 'boolean', instant: 'timestamptz' }
    : { flag: 'integer', instant: 'text' }
}

/** A yes or no as better-auth's flag columns hold it. */
export function asFlag(db: AnyDb, yes: boolean): boolean | number {
  return engineOf(db) === 'postgres' ? yes : Number(yes)
}
