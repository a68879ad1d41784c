import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import pg from 'pg'

/**
 * A pool that gives an error, not a wait without end, when the database is gone or too slow. `isPatient`: for
 * migrations, which may build an index for longer than a query may take.
 */
export function postgresDialect(url: string, { isPatient = false } = {}): PostgresDialect {
  const pool = new pg.Pool({
    ...connectionTo(url),
    max: 10,
    idleTimeoutMillis: 30_000,
    ...(!isPatient && { statement_timeout: STATEMENT_MS, query_timeout: UNANSWERED_MS }),
    // Statements that need nothing of each other go out together, and one round trip is waited for in place of several.
    pipeline: true,
    // A process that froze or was cut off inside a transaction keeps the others off its rows, and from taking events in.
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    types,
  })
  // A connection that breaks is replaced by the pool, and whoever uses it gets the error; without listeners, here for
  // idle ones and there for those between two statements, it would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return new PostgresDialect({ pool: withoutDeadConnections(pool) })
}

/** How every connection of ours reaches the database. */
export const connectionTo = (url: string) => ({
  connectionString: url,
  application_name: 'switchboard',
  connectionTimeoutMillis: 10_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
})

const STATEMENT_MS = 30_000
/** Longer than the database itself lets a statement run: whoever has not answered by then is not there. */
const UNANSWERED_MS = 35_000
/** Between two statements of a transaction nothing is awaited, so this is long. */
const IDLE_IN_TRANSACTION_MS = 5_000

// bigint columns hold epoch milliseconds and counts, both far below 2^53.
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
}

/**
 * A connection that did not answer would go back into the pool and let the next one wait as long: it is cut instead. What
 * begins a transaction is not waited for: it can fail only with the connection, which the next statement tells as well.
 */
function withoutDeadConnections(pool: pg.Pool): PostgresPool {
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect()
      let isDead = false
      let begun: Promise<unknown> | undefined
      const query = async (text: string, values: readonly unknown[]) => {
        if (text === 'begin') {
          begun = client.query(text)
          begun.catch(() => {})
          return { command: 'BEGIN', rowCount: null, rows: [] }
        }
        try {
          const [answer] = await Promise.all([client.query(text, [...values]), begun])
          return answer
        } catch (error) {
          isDead ||= error instanceof Error && error.message === 'Query read timeout'
          throw error
        }
      }
      const release = (destroy?: boolean) => client.release(destroy || isDead)
      // Nothing is streamed here, so the one form of `query` is all that Kysely calls.
      return { query, release } as unknown as PostgresPoolClient
    },
  }
}
