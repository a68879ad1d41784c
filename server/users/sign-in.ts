import type { z } from 'zod'
import type { SignInBody } from '../../shared/users.ts'
import { Role } from '../../shared/users.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { lockForTransaction } from '../db/engine.ts'
import { Refusal } from '../errors.ts'
import { ADDRESS_HEADER } from './address.ts'
import { type Attempt, trySignIn } from './attempts.ts'
import { authOf } from './auth.ts'
import { deleteEndedSessions, deleteSession, findPasswordHash, findPasswordHashByEmail } from './store.ts'

export type SessionUser = { id: string; name: string; email: string; role?: string | null | undefined }
export type SignedIn = { user: SessionUser; cookies: string[] }

/** Begins a session. An unknown e-mail, a wrong password and the time both take can't be told apart. */
export async function signIn(ctx: AppContext, body: z.infer<typeof SignInBody>, from: From): Promise<SignedIn> {
  const email = body.email.toLowerCase()
  return trySignIn(ctx, email, from.address, (attempt) => checkPassword(ctx, { ...body, email }, from, attempt))
}

type From = { address: string; userAgent: string | undefined }

async function checkPassword(
  ctx: AppContext,
  { email, ...rest }: z.infer<typeof SignInBody>,
  from: From,
  attempt: Attempt,
): Promise<SignedIn> {
  const auth = await authOf(ctx)
  // Nothing of the request's own headers reaches better-auth but what is written here.
  const headers = new Headers({ [ADDRESS_HEADER]: from.address, 'user-agent': (from.userAgent ?? '').slice(0, 300) })
  const passwordBefore = await findPasswordHashByEmail(ctx.db, email)
  const asked = await auth.api.signInEmail({ body: { email, ...rest }, headers, asResponse: true })
  if (asked.status === 401) {
    ctx.log.warn('sign_in.refused', { address: from.address })
    throw wrongPassword()
  }
  // A disabled account is told so only to whoever knows its password.
  if (asked.status === 403) {
    await attempt.succeeded()
    throw new Refusal('forbidden', 'This account is disabled.', { fix: 'Ask an admin to enable it under People.' })
  }
  if (!asked.ok) throw new Error(`better-auth answered ${asked.status} to a sign-in`)
  const { user, token } = (await asked.json()) as { user: SessionUser; token: string }
  const isCurrent = await ctx.db.transaction().execute(async (trx) => {
    // A new password ends the sessions that there are; one that the old password was about to begin is not among them.
    await lockForTransaction(trx, 'users')
    if ((await findPasswordHash(trx, user.id)) !== passwordBefore) {
      await deleteSession(trx, token)
      return false
    }
    const actor = { kind: 'user', id: user.id, name: user.name, role: Role.parse(user.role) } as const
    const subject = { kind: 'user', id: user.id, name: user.name }
    await deleteEndedSessions(trx, user.id, ctx.now())
    await recordAudit(ctx, trx, actor, { action: 'user.signed_in', subject, detail: { address: from.address } })
    return true
  })
  if (!isCurrent) throw wrongPassword()
  await attempt.succeeded()
  return { user, cookies: asked.headers.getSetCookie() }
}

const wrongPassword = () =>
  new Refusal('unauthenticated', 'E-mail and password do not belong together.', {
    fix: 'Check both. An admin can set a new password under People.',
  })
