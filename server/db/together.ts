import { engineOf } from './engine.ts'
import type { Db } from './schema.ts'

type Work = () => Promise<unknown>
type Answers<Works extends readonly Work[]> = { -readonly [Place in keyof Works]: Awaited<ReturnType<Works[Place]>> }

/**
 * Does works of one transaction that need nothing of each other. PostgreSQL gets their statements in one go; with SQLite,
 * where nothing is waited for, one comes after the other. What goes wrong is thrown when all have ended: a statement that
 * still came once the transaction is over would be one of its own, or fall into somebody else's.
 */
export async function together<const Works extends readonly Work[]>(trx: Db, works: Works): Promise<Answers<Works>> {
  const answers: unknown[] = []
  if (engineOf(trx) === 'sqlite') {
    for (const work of works) answers.push(await work())
    return answers as Answers<Works>
  }
  const ended = await Promise.allSettled(works.map((work) => work()))
  const errors = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  if (errors.length > 0) throw errors.find((error) => !isFollowing(error)) ?? errors[0]
  return ended.map((each) => each.status === 'fulfilled' && each.value) as Answers<Works>
}

/** In a transaction in which something went wrong, all that comes after it is refused: it says nothing of its own. */
const isFollowing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === IN_FAILED_TRANSACTION

const IN_FAILED_TRANSACTION = '25P02'
