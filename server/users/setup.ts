import { createHash, timingSafeEqual } from 'node:crypto'
import type { SetupBody, User } from '../../shared/users.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import { SERVER_ACTOR } from './actor.ts'
import { trySetup } from './attempts.ts'
import { hashPassword } from './passwords.ts'
import { getUser, insertPerson, isSetupTaken, takeSetup } from './store.ts'

/** True until the first admin exists. */
export async function isSetupNeeded(db: Db): Promise<boolean> {
  return !(await isSetupTaken(db))
}

/** Makes the first admin for whoever holds the token that the server printed. Two at once make one. */
export async function setUp(
  ctx: AppContext,
  setupToken: string | undefined,
  body: SetupBody,
  address: string,
): Promise<User> {
  if (!(await isSetupNeeded(ctx.db))) throw setupDone()
  await trySetup(ctx, address, async (attempt) => {
    if (!setupToken || !isSameSecret(body.token, setupToken)) {
      throw new Refusal('forbidden', 'This is not the setup token of this server.', {
        field: 'token',
        fix: 'Copy the whole setup link from the terminal or log of the server. Starting it again prints a new one.',
      })
    }
    await attempt.succeeded()
  })
  const id = ctx.newId('usr')
  const email = body.email.toLowerCase()
  const passwordHash = await hashPassword(body.password)
  await ctx.db.transaction().execute(async (trx) => {
    if (!(await takeSetup(trx, ctx.now()))) throw setupDone()
    await insertPerson(trx, { id, name: body.name, email, role: 'admin', passwordHash, now: ctx.now() })
    await recordAudit(ctx, trx, SERVER_ACTOR, {
      action: 'setup.done',
      subject: { kind: 'user', id, name: body.name },
      detail: { email, role: 'admin', address },
    })
  })
  return getUser(ctx.db, id)
}

const setupDone = () =>
  new Refusal('setup_done', 'This server has its first admin already.', {
    fix: 'Sign in, or ask an admin for an account.',
  })

/** Compared as hashes of one length, so that the time taken tells nothing. */
function isSameSecret(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
