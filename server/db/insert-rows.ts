import { type CompiledQuery, type Kysely, sql } from 'kysely'
import { engineOf, orRollBack, rowsOf } from './engine.ts'

type Columns = Record<string, 'text' | 'bigint' | 'integer' | 'double precision'>
type Row = Record<string, string | number | null>
/** For rows that may be there already, because it was not known whether an earlier commit of them came through. */
type Ending = '' | 'on conflict (id) do nothing'

/**
 * Inserts many rows through few statements whose texts never change, so that they stay compiled. SQLite reads bound
 * values twice as fast as values out of JSON; PostgreSQL takes the rows as one JSON value and so in one round trip.
 */
export async function insertRows(
  // biome-ignore lint/suspicious/noExplicitAny: any schema will do, the table is named
  db: Kysely<any>,
  table: string,
  columns: Columns,
  rows: readonly Row[],
  ending: Ending = '',
): Promise<void> {
  if (rows.length === 0) return
  const names = Object.keys(columns)
  if (engineOf(db) === 'postgres') {
    const json = JSON.stringify(rows.map((row) => names.map((name) => row[name] ?? null)))
    await db.executeQuery({ ...insertOfJson(db, table, columns, ending), parameters: [json] })
    return
  }
  // Most columns of most tables are empty in most rows, and each value that is bound takes its time.
  const used = names.filter((name) => rows.some((row) => (row[name] ?? null) !== null))
  let from = 0
  for (const size of CHUNKS) {
    for (; rows.length - from >= size; from += size) {
      const parameters: unknown[] = []
      for (let place = from; place < from + size; place += 1) {
        for (const name of used) parameters.push(rows[place]?.[name] ?? null)
      }
      await db.executeQuery({ ...insertOfValues(db, table, used, { size, ending }), parameters })
    }
  }
}

/** How many rows one statement takes: far below the number of values that SQLite allows. */
const CHUNKS = [64, 32, 16, 8, 4, 2, 1]

const MOST_COMPILED = 500
const compiled = new Map<string, CompiledQuery>()

function insertOfValues(
  // biome-ignore lint/suspicious/noExplicitAny: as above
  db: Kysely<any>,
  table: string,
  names: string[],
  { size, ending }: { size: number; ending: Ending },
): CompiledQuery {
  const key = `${table} ${size} ${names} ${ending}`
  const known = compiled.get(key)
  if (known) return known
  if (compiled.size >= MOST_COMPILED) compiled.clear()
  const row = sql`(${sql.join(names.map(() => sql`${null}`))})`
  const made = sql`insert ${orRollBack(db)} into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
    values ${sql.join(Array.from({ length: size }, () => row))} ${sql.raw(ending)}`.compile(db)
  compiled.set(key, made)
  return made
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function insertOfJson(db: Kysely<any>, table: string, columns: Columns, ending: Ending): CompiledQuery {
  const key = `${table} json ${ending}`
  const known = compiled.get(key)
  if (known) return known
  const names = sql.join(Object.keys(columns).map((name) => sql.ref(name)))
  const made = sql`insert into ${sql.table(table)} (${names})
    select ${names} from ${rowsOf<Row>(db, columns, [])} as new where true ${sql.raw(ending)}`.compile(db)
  compiled.set(key, made)
  return made
}
