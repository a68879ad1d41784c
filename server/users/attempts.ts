import { createHash } from 'node:crypto'
import type { AppContext } from '../context.ts'
import { lockForTransaction } from '../db/engine.ts'
import { Refusal } from '../errors.ts'
import { limitedAddress, networkOf } from './address.ts'
import {
  ACCOUNT_EVERYWHERE_LIMIT,
  ACCOUNT_LIMIT,
  ADDRESS_LIMIT,
  type AttemptLimit,
  afterFailure,
  waitMs,
} from './attempt-limits.ts'
import { deleteFailures, deleteFailuresBefore, findFailures, putFailures, takeBackFailure } from './attempts-store.ts'
import { oneOfMany } from './attempts-under-way.ts'
import { hasSessionFrom } from './store.ts'

/** A try at a secret. It counts as failed from the start, so that a thousand tries at once are a thousand counted. */
export type Attempt = {
  /** The secret was right: the account's count ends, the address gets this one try back. */
  succeeded: () => Promise<void>
}
type Try<Result> = (attempt: Attempt) => Promise<Result>

/** Tries an account's password. Refuses with the seconds to wait; a refused try counts for nothing. */
export async function trySignIn<Result>(
  ctx: AppContext,
  email: string,
  address: string,
  run: Try<Result>,
): Promise<Result> {
  const account = hashed(email.trim().toLowerCase())
  const ofAccount = [
    { subject: `account:${account}@${networkOf(address)}`, limit: ACCOUNT_LIMIT },
    // Someone signed in from this network before, so the crowd outside does not concern them.
    ...((await hasSessionFrom(ctx.db, email.trim().toLowerCase(), networkOf(address), ctx.now()))
      ? []
      : [{ subject: `account:${account}`, limit: ACCOUNT_EVERYWHERE_LIMIT }]),
  ]
  return tryCounted(ctx, ofAccount, `address:${limitedAddress(address)}`, run)
}

/** Tries the setup token. */
export function trySetup<Result>(ctx: AppContext, address: string, run: Try<Result>): Promise<Result> {
  return tryCounted(ctx, [], `setup:${limitedAddress(address)}`, run)
}

/** Tries one's own password, by whoever holds a session. */
export function tryPasswordChange<Result>(
  ctx: AppContext,
  userId: string,
  address: string,
  run: Try<Result>,
): Promise<Result> {
  const ofAccount = [{ subject: `password:${userId}`, limit: ACCOUNT_LIMIT }]
  return tryCounted(ctx, ofAccount, `address:${limitedAddress(address)}`, run)
}

type Counted = { subject: string; limit: AttemptLimit }

const KEPT_MS = 24 * 60 * 60 * 1000

async function tryCounted<Result>(
  ctx: AppContext,
  ofAccount: Counted[],
  addressSubject: string,
  run: Try<Result>,
): Promise<Result> {
  const subjects = [...ofAccount.map(({ subject }) => subject), addressSubject]
  return oneOfMany(ctx.db, subjects, () => begin(ctx, ofAccount, addressSubject), run)
}

async function begin(ctx: AppContext, ofAccount: Counted[], addressSubject: string): Promise<Attempt> {
  const all = [...ofAccount, { subject: addressSubject, limit: ADDRESS_LIMIT }]
  const now = ctx.now()
  const waits = await ctx.db.transaction().execute(async (trx) => {
    await lockForTransaction(trx, 'sign_in_failures')
    await deleteFailuresBefore(trx, now - KEPT_MS)
    const failed = await findFailures(
      trx,
      all.map(({ subject }) => subject),
    )
    const wait = Math.max(...all.map(({ subject, limit }) => waitMs(limit, failed.get(subject), now)))
    if (wait > 0) return wait
    for (const { subject, limit } of all) {
      await putFailures(trx, subject, afterFailure(limit, failed.get(subject), now))
    }
    return 0
  })
  if (waits > 0) {
    ctx.log.warn('sign_in.held_off', { address: addressSubject, waitMs: waits })
    const retryAfterSeconds = Math.ceil(waits / 1000)
    throw new Refusal('too_many', `Too many wrong attempts. Try again in ${inWords(retryAfterSeconds)}.`, {
      retryAfterSeconds,
      fix: 'Wait, then try with the right one. An admin can set a new password under People.',
    })
  }
  return {
    succeeded: async () => {
      await ctx.db.transaction().execute(async (trx) => {
        await lockForTransaction(trx, 'sign_in_failures')
        if (ofAccount.length > 0) {
          await deleteFailures(
            trx,
            ofAccount.map(({ subject }) => subject),
          )
        }
        await takeBackFailure(trx, addressSubject)
      })
    },
  }
}

/** An address someone typed is no business of the database's reader. */
const hashed = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)

const inWords = (seconds: number) => (seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`)
