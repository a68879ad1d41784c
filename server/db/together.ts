import { type DatabaseConnection, type Driver, Kysely, PostgresDialect } from 'kysely'
import { engineOf } from './engine.ts'
import type { Database, Db } from './schema.ts'

type Work = (one: Db) => Promise<unknown>
type Answers<Works extends readonly Work[]> = { -readonly [Place in keyof Works]: Awaited<ReturnType<Works[Place]>> }

/**
 * Does works of one transaction that need nothing of each other, each by the `one` it is handed. PostgreSQL gets their
 * first statements in one go, in their order; with SQLite, where nothing is waited for, one comes after the other. What
 * goes wrong is thrown when all have ended: a statement that still came once the transaction is over would be one of its
 * own, or fall into somebody else's.
 */
export async function together<const Works extends readonly Work[]>(trx: Db, works: Works): Promise<Answers<Works>> {
  const answers: unknown[] = []
  if (engineOf(trx) === 'sqlite') {
    for (const work of works) answers.push(await work(trx))
    return answers as Answers<Works>
  }
  const one = pipelined(trx, await trx.getExecutor().provideConnection(async (connection) => connection))
  const ended = await Promise.allSettled(works.map((work) => work(one)))
  const errors = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  if (errors.length > 0) throw errors.find((error) => !isFollowing(error)) ?? errors[0]
  return ended.map((each) => each.status === 'fulfilled' && each.value) as Answers<Works>
}

/**
 * The same transaction without Kysely's own queue, which hands over a statement only once the one before is answered. The
 * driver keeps their order by itself.
 */
function pipelined(trx: Db, connection: DatabaseConnection): Db {
  const executor = trx.getExecutor().withConnectionProvider({ provideConnection: (consumer) => consumer(connection) })
  return new Kysely<Database>({ executor, dialect, config: { dialect }, driver: NONE })
}

const dialect = new PostgresDialect({ pool: () => Promise.reject(new Error('A transaction opens no connections.')) })

/** Nothing begins or ends a transaction through it. */
const NONE = dialect.createDriver() satisfies Driver

/** In a transaction in which something went wrong, all that comes after it is refused: it says nothing of its own. */
const isFollowing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === IN_FAILED_TRANSACTION

const IN_FAILED_TRANSACTION = '25P02'
