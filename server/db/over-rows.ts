import { type CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely'
import { engineOf, rowsOf } from './engine.ts'

type Columns = Record<string, 'text' | 'bigint' | 'integer' | 'double precision'>
type Value = string | number | null
type Row = Record<string, Value>

/**
 * Runs a statement that takes many rows, named `from` in it, and a few values beside them. Its text is put together once
 * for each number of rows. SQLite reads bound values three times as fast as values out of JSON; PostgreSQL takes all rows
 * as one JSON value.
 */
export async function runOverRows<Answer>(
  // biome-ignore lint/suspicious/noExplicitAny: any schema will do, the statement names its tables
  db: Kysely<any>,
  statement: {
    name: string
    columns: Columns
    build: (from: RawBuilder<unknown>, beside: RawBuilder<Value>[]) => RawBuilder<Answer>
  },
  rows: readonly Row[],
  beside: readonly Value[],
): Promise<Answer[]> {
  const names = Object.keys(statement.columns)
  const cells = rows.flatMap((row) => names.map((name) => row[name] ?? null))
  const { query, order } = compiledFor(db, statement, rows.length, beside.length)
  const json = order.some((place) => place === 'json')
    ? JSON.stringify(rows.map((row) => names.map((name) => row[name] ?? null)))
    : null
  const parameters = order.map((place) =>
    place === 'json' ? json : place < 0 ? (beside[-place - 1] ?? null) : (cells[place] ?? null),
  )
  const answer = await db.executeQuery<Answer>({ ...query, parameters })
  return answer.rows
}

/** Where each parameter of the text comes from: a cell by its place, a value beside the rows by -1, -2, …, or the JSON. */
type Order = (number | 'json')[]
type Compiled = { query: CompiledQuery; order: Order }

const compiled = new Map<string, Compiled>()
const MOST_COMPILED = 1_000

function compiledFor(
  // biome-ignore lint/suspicious/noExplicitAny: as above
  db: Kysely<any>,
  { name, columns, build }: Parameters<typeof runOverRows>[1],
  rowCount: number,
  besideCount: number,
): Compiled {
  const isSqlite = engineOf(db) === 'sqlite'
  const key = `${name} ${isSqlite ? rowCount : 'json'}`
  const known = compiled.get(key)
  if (known) return known
  const markers = Array.from({ length: besideCount }, (_, place) => sql<Value>`${-place - 1}`)
  const from = isSqlite ? valuesOf(Object.keys(columns), rowCount) : rowsOf<Row>(db, columns, [])
  const query = build(from, markers).compile(db)
  const order = query.parameters.map((marker) => (typeof marker === 'number' ? marker : 'json'))
  if (compiled.size >= MOST_COMPILED) compiled.clear()
  compiled.set(key, { query, order })
  return { query, order }
}

function valuesOf(names: string[], rowCount: number): RawBuilder<unknown> {
  const picked = names.map((name, place) => sql`${sql.ref(`column${place + 1}`)} as ${sql.ref(name)}`)
  const lines = Array.from(
    { length: rowCount },
    (_, row) => sql`(${sql.join(names.map((_name, place) => sql`${row * names.length + place}`))})`,
  )
  return sql`(select ${sql.join(picked)} from (values ${sql.join(lines)}))`
}
