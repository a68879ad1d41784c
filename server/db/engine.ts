import { type Kysely, PostgresAdapter, type SelectQueryBuilder, sql } from 'kysely'

/** All that differs between the engines stands in this file. */
export type Engine = 'sqlite' | 'postgres'

// biome-ignore lint/suspicious/noExplicitAny: any schema will do, only the adapter is looked at
export function engineOf(db: Kysely<any>): Engine {
  return db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite'
}

/** Makes a claim pass over rows another worker is claiming; SQLite has one writer, so there is nothing to pass over. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export function skippingLocked(db: Kysely<any>) {
  const locks = engineOf(db) === 'postgres'
  return <Schema, Table extends keyof Schema, Row>(query: SelectQueryBuilder<Schema, Table, Row>) =>
    locks ? query.forUpdate().skipLocked() : query
}

/** Holds everyone else off until the transaction ends. SQLite's single writer does so by itself. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export async function lockForTransaction(trx: Kysely<any>, name: string): Promise<void> {
  if (engineOf(trx) === 'postgres') await sql`select pg_advisory_xact_lock(hashtext(${name}))`.execute(trx)
}

/** Where a text stands in another, upper and lower case alike: an expression for `where`. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export function containsText(db: Kysely<any>, column: string, text: string) {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return engineOf(db) === 'postgres'
    ? sql<boolean>`${sql.ref(column)} ilike ${pattern} escape '\\'`
    : sql<boolean>`${sql.ref(column)} like ${pattern} escape '\\'`
}

/** Column types that better-auth wants by engine. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export function authColumns(db: Kysely<any>): { flag: 'boolean' | 'integer'; instant: 'timestamptz' | 'text' } {
  return engineOf(db) === 'postgres'
    ? { flag: 'boolean', instant: 'timestamptz' }
    : { flag: 'integer', instant: 'text' }
}

/** A yes or no as better-auth's flag columns hold it. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export function asFlag(db: Kysely<any>, yes: boolean): boolean | number {
  return engineOf(db) === 'postgres' ? yes : Number(yes)
}
