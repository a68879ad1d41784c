import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'

/**
 * Runs one of many tries at once. A try counts as failed until it turns out right, so many people of one office who sign
 * in together hold each other off although nobody was wrong. Whoever `begin` holds off while others of the same subjects
 * are under way here waits for these and is asked again: only tries that did fail refuse. They wait one behind the other
 * for each address, which is the last subject, and so many as `MOST_WAITING`; more are refused at once.
 */
export async function oneOfMany<Attempt, Result>(
  db: Db,
  subjects: readonly string[],
  begin: () => Promise<Attempt>,
  run: (attempt: Attempt) => Promise<Result>,
): Promise<Result> {
  const { underWay, lines } = ofDatabase(db)
  const own = { subjects, settled: Promise.withResolvers<void>() }

  const beginPatiently = async (): Promise<Attempt> => {
    for (;;) {
      const before = [...underWay].filter((other) => other.subjects.some((subject) => subjects.includes(subject)))
      try {
        const attempt = await begin()
        underWay.add(own)
        return attempt
      } catch (error) {
        if (!isHeldOff(error) || before.length === 0) throw error
        await Promise.race(before.map(({ settled }) => settled.promise))
      }
    }
  }

  try {
    return await run(await inLine(lines, subjects.at(-1) ?? '', beginPatiently))
  } finally {
    underWay.delete(own)
    own.settled.resolve()
  }
}

type UnderWay = { subjects: readonly string[]; settled: PromiseWithResolvers<void> }
type Line = { last: Promise<unknown>; waiting: number }
type OfDatabase = { underWay: Set<UnderWay>; lines: Map<string, Line> }

/** Each holds a connection open meanwhile. */
const MOST_WAITING = 100

const perDatabase = new WeakMap<Db, OfDatabase>()

function ofDatabase(db: Db): OfDatabase {
  const known = perDatabase.get(db) ?? { underWay: new Set(), lines: new Map() }
  perDatabase.set(db, known)
  return known
}

/** One begins after the other; beyond so many, without waiting for its turn and so without patience. */
async function inLine<Result>(lines: Map<string, Line>, name: string, begin: () => Promise<Result>): Promise<Result> {
  const line = lines.get(name) ?? { last: Promise.resolve(), waiting: 0 }
  if (line.waiting >= MOST_WAITING) {
    throw new Refusal('too_many', 'Too many sign in from here at once. Try again in 5 s.', {
      retryAfterSeconds: 5,
      fix: 'Wait, then try again.',
    })
  }
  lines.set(name, line)
  line.waiting += 1
  const turn = line.last.then(begin)
  line.last = turn.catch(() => {})
  try {
    return await turn
  } finally {
    line.waiting -= 1
    if (line.waiting === 0) lines.delete(name)
  }
}

const isHeldOff = (error: unknown) => error instanceof Refusal && error.code === 'too_many'
