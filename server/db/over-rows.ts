import { type CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely'
import { engineOf, rowsOf } from './engine.ts'

type Columns = Record<string, 'text' | 'bigint' | 'integer' | 'double precision'>
type Value = string | number | null
type Row = Record<string, Value>

// biome-ignore lint/suspicious/noExplicitAny: any schema will do, the statement names its tables
type AnyDb = Kysely<any>

export type RowsStatement<Answer> = {
  /** One of its own: by it the compiled text is kept. */
  name: string
  columns: Columns
  build: (from: RawBuilder<unknown>, beside: RawBuilder<Value>[], db: AnyDb) => RawBuilder<Answer>
}

/**
 * Runs a statement that takes many rows, named `from` in it, and a few values beside them. SQLite reads bound values
 * three times as fast as values out of JSON, so there it runs over a few round numbers of rows, each text of which is put
 * together and compiled once; PostgreSQL takes all rows as one JSON value.
 */
export async function runOverRows<Answer>(
  db: AnyDb,
  statement: RowsStatement<Answer>,
  rows: readonly Row[],
  beside: readonly Value[],
): Promise<Answer[]> {
  if (rows.length === 0) return []
  if (engineOf(db) === 'postgres') return runOnce(db, statement, rows, beside)
  const answers: Answer[] = []
  let from = 0
  for (const size of CHUNKS) {
    for (; rows.length - from >= size; from += size) {
      answers.push(...(await runOnce(db, statement, rows.slice(from, from + size), beside)))
    }
  }
  return answers
}

/** How many rows one statement takes on SQLite: far below the number of values that it allows. */
const CHUNKS = [128, 64, 32, 16, 8, 4, 2, 1]

async function runOnce<Answer>(
  db: AnyDb,
  statement: RowsStatement<Answer>,
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

function compiledFor(
  db: AnyDb,
  { name, columns, build }: RowsStatement<unknown>,
  rowCount: number,
  besideCount: number,
): Compiled {
  const isSqlite = engineOf(db) === 'sqlite'
  const key = `${name} ${isSqlite ? rowCount : 'json'}`
  const known = compiled.get(key)
  if (known) return known
  const markers = Array.from({ length: besideCount }, (_, place) => sql<Value>`${-place - 1}`)
  const from = isSqlite ? valuesOf(Object.keys(columns), rowCount) : rowsOf<Row>(db, columns, [])
  const query = build(from, markers, db).compile(db)
  const order = query.parameters.map((marker) => (typeof marker === 'number' ? marker : 'json'))
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
