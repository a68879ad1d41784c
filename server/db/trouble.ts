import { Refusal } from '../errors.ts'

/**
 * What a driver's error means when the database, not the request, is at fault: a refusal to come back later. Undefined
 * for everything else, which is a bug of ours.
 */
export function refusalOfTrouble(error: unknown): Refusal | undefined {
  const trouble = troubleOf(error)
  if (!trouble) return undefined
  const { what, fix, retryAfterSeconds } = TROUBLES[trouble]
  return new Refusal('unavailable', what, { fix, retryAfterSeconds })
}

type Trouble = 'full' | 'broken_disk' | 'busy' | 'lost' | 'closed_to_writes'

const TROUBLES: Record<Trouble, { what: string; fix: string; retryAfterSeconds: number }> = {
  full: {
    what: 'The database has no room left on its disk, so nothing was kept.',
    fix: 'Free some space on the disk of the database, then send the request again.',
    retryAfterSeconds: 60,
  },
  broken_disk: {
    what: 'The disk of the database answered with an error, so it is not certain that anything was kept.',
    fix: 'Look at the disk of the database. Sent again with the same Idempotency-Key, the request counts once.',
    retryAfterSeconds: 60,
  },
  busy: {
    what: 'The database is busy with something else.',
    fix: 'Send the request again; with the same Idempotency-Key it counts once.',
    retryAfterSeconds: 1,
  },
  lost: {
    what: 'The database can’t be reached, so it is not certain that anything was kept.',
    fix: 'Send the request again; with the same Idempotency-Key it counts once. If it lasts, look at the database.',
    retryAfterSeconds: 5,
  },
  closed_to_writes: {
    what: 'The database takes no changes at the moment.',
    fix: 'Check that its file or server may be written to, then send the request again.',
    retryAfterSeconds: 30,
  },
}

function troubleOf(error: unknown): Trouble | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? String(error.code) : ''
  const known = BY_CODE.find(([form]) => form.test(code))?.[1]
  // The pool of pg tells some of its troubles in words alone.
  return known ?? (code === '' && LOST_IN_WORDS.test(error.message) ? 'lost' : undefined)
}

/** Codes of SQLite, of the operating system (an fsync of our own), and of PostgreSQL (appendix A of its manual). */
const BY_CODE: [RegExp, Trouble][] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT|53100)$/, 'full'],
  [/^(SQLITE_IOERR.*|EIO|58030)$/, 'broken_disk'],
  [/^(SQLITE_BUSY.*|SQLITE_LOCKED.*|40001|40P01|55P03|53200|53300|57014)$/, 'busy'],
  [/^(SQLITE_READONLY.*|SQLITE_CANTOPEN.*|EROFS|25006)$/, 'closed_to_writes'],
  [/^(08...|57P0[1-5]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/, 'lost'],
]
const LOST_IN_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Query read timeout)/
